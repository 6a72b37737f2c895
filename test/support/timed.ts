/**
 * How many ms of the processor something takes at best: the least of a few tries. What else a busy machine does, or makes
 * it wait for, does not count.
 */
export function timed(work: () => unknown): number {
  const tries = Array.from({ length: 3 }, () => {
    const start = process.cpuUsage();
    work();
    const { user, system } = process.cpuUsage(start);
    return (user + system) / 1000;
  });
  return Math.min(...tries);
}
