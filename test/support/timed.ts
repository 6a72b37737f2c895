const MOST_TRIES = 6;

/**
 * The shortest duration of several attempts, in ms. Each is measured in elapsed time or CPU time, whichever is shorter: a
 * busy machine adds only to the first, and other threads, such as garbage collection, only to the second.
 * @param enoughMs no further attempt is made after one that takes less
 */
export function timed(work: () => unknown, enoughMs: number): number {
  let shortest = Infinity;
  for (let tries = 0; tries < MOST_TRIES && shortest >= enoughMs; tries++) {
    const [start, used] = [performance.now(), process.cpuUsage()];
    work();
    const { user, system } = process.cpuUsage(used);
    shortest = Math.min(shortest, performance.now() - start, (user + system) / 1000);
  }
  return shortest;
}
