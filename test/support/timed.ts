const TRIES = 6;

/**
 * How many ms something takes at best: the least of a few tries, each by the clock or by the processor, whichever is
 * less. A busy machine only adds to the one, and threads beside it, such as those that collect garbage, to the other.
 */
export function timed(work: () => unknown): number {
  const tries = Array.from({ length: TRIES }, () => {
    const [start, used] = [performance.now(), process.cpuUsage()];
    work();
    const { user, system } = process.cpuUsage(used);
    return Math.min(performance.now() - start, (user + system) / 1000);
  });
  return Math.min(...tries);
}
