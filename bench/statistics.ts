/** The middle number; the higher of the two if their count is even. */
export function median(numbers: readonly number[]): number {
  return [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? NaN;
}

/** The median with the spread, such as `12.3 ms (11.9 to 14)`. */
export function summary(numbers: readonly number[], unit = ''): string {
  const [least, most] = [Math.min(...numbers), Math.max(...numbers)].map(rounded);
  const middle = rounded(median(numbers));
  return `${middle}${unit && ` ${unit}`} (${least} to ${most})`;
}

/** A ratio as text, such as `1.02 ×`. */
export function times(ratio: number): string {
  return `${rounded(ratio)} ×`;
}

/** Rounds to three significant digits. */
export function rounded(number: number): string {
  return String(Number(number.toPrecision(3)));
}

/** How long something takes, in ms. */
export async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}
