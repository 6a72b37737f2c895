/** Numbers of tests that passed, failed, and were skipped. */
export interface Tally {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

export const NOTHING: Tally = { passed: 0, failed: 0, skipped: 0 };

/** A layer, or a part of one, that ended without a count. */
export const DIED: Tally = { ...NOTHING, failed: 1 };

export function add(a: Tally, b: Tally): Tally {
  return {
    passed: a.passed + b.passed,
    failed: a.failed + b.failed,
    skipped: a.skipped + b.skipped,
  };
}

export function subtract(a: Tally, b: Tally): Tally {
  return {
    passed: a.passed - b.passed,
    failed: a.failed - b.failed,
    skipped: a.skipped - b.skipped,
  };
}

/** The plain line at the end of every layer's output, and of the total. */
export function toLine({ passed, failed, skipped }: Tally): string {
  return `${passed} passed, ${failed} failed, ${skipped} skipped`;
}

/** The last such line in a layer's output; undefined if it ended without one. */
export function parseTally(output: string): Tally | undefined {
  const last = [...output.matchAll(/^(\d+) passed, (\d+) failed, (\d+) skipped$/gm)].at(-1);
  if (!last) return undefined;
  const [passed = 0, failed = 0, skipped = 0] = last.slice(1).map(Number);
  return { passed, failed, skipped };
}

/** A line about one file in which tests failed: `test/ui/login.test.ts: N passed, N failed, N skipped`. */
export function toFileLine(file: string, tally: Tally): string {
  return `${file}: ${toLine(tally)}`;
}

/** All such lines in a layer's output: the tallies by the files' paths. */
export function parseFailedFiles(output: string): ReadonlyMap<string, Tally> {
  const lines = output.matchAll(/^(\S+): (\d+ passed, \d+ failed, \d+ skipped)$/gm);
  return new Map([...lines].map(([, file = '', line = '']) => [file, parseTally(line) ?? NOTHING]));
}

/** What a layer's output says about tests that failed: Mocha's lists of them, with the errors. */
export function parseFailures(output: string): readonly string[] {
  const lists = output.matchAll(
    /^ +\d+ fail(?:ing|ed at first)\n.*?(?=^(?:\S+: )?\d+ passed, |(?![^]))/gms,
  );
  return [...lists].map(([list]) => list.trimEnd());
}
