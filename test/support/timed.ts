/** How many ms something takes at best: the least of a few tries, since a busy machine only ever adds to it. */
export function timed(work: () => unknown): number {
  const tries = Array.from({ length: 5 }, () => {
    const start = performance.now();
    work();
    return performance.now() - start;
  });
  return Math.min(...tries);
}
