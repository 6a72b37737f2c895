/** The one in the middle; of an even number, the higher of the two. */
export function median(numbers: readonly number[]): number {
  return [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? NaN;
}

/** The median with the spread, such as `12.3 ms (11.9 to 14)`. */
export function summary(numbers: readonly number[], unit = ''): string {
  const [least, most] = [Math.min(...numbers), Math.max(...numbers)].map(rounded);
  const middle = rounded(median(numbers));
  return `${middle}${unit && ` ${unit}`} (${least} to ${most})`;
}

/** How often one goes into the other, such as `1.02 ×`. */
export function times(ratio: number): string {
  return `${rounded(ratio)} ×`;
}

/** To three digits that say something. */
export function rounded(number: number): string {
  return String(Number(number.toPrecision(3)));
}

/** How many ms something takes. */
export async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}
