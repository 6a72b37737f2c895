/**
 * Starts measuring. @returns a function for the ms since then that this process waited or computed, without the time
 * that other processes used
 */
export function stopwatch(): () => number {
  const used = process.cpuUsage();
  const loop = performance.eventLoopUtilization();
  return () => {
    const { user, system } = process.cpuUsage(used);
    return performance.eventLoopUtilization(loop).idle + (user + system) / 1000;
  };
}
