/**
 * Starts measuring. @returns the ms since then that this process has waited or computed: other processes on a busy
 * machine don't add to them
 */
export function stopwatch(): () => number {
  const used = process.cpuUsage();
  const loop = performance.eventLoopUtilization();
  return () => {
    const { user, system } = process.cpuUsage(used);
    return performance.eventLoopUtilization(loop).idle + (user + system) / 1000;
  };
}
