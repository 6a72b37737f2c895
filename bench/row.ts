/** One row of the table: the measurement, what it is compared with, and whether it meets the goal. */
export interface Row {
  readonly what: string;
  readonly ours: string;
  readonly against: string;
  readonly goal: string;
  readonly met: boolean;
}

/** Measures something, and returns rows of the table. */
export type Bench = () => Promise<readonly Row[]>;

/** The rows as a Markdown table. */
export function toTable(rows: readonly Row[]): string {
  const lines = rows.map(({ what, ours, against, goal, met }) =>
    [what, ours, against, goal, met ? 'yes' : '**no**'].join(' | '),
  );
  return ['What | Ours | Against | Goal | Met', '--- | --- | --- | --- | ---', ...lines]
    .map((line) => `| ${line} |`)
    .join('\n');
}
