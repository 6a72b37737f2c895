/** One line of the table: what was measured, beside what, and whether that is good enough. */
export interface Row {
  readonly what: string;
  readonly ours: string;
  readonly against: string;
  readonly goal: string;
  readonly met: boolean;
}

/** Measures something, and says so in lines of the table. */
export type Bench = () => Promise<readonly Row[]>;

/** The rows as a table in Markdown. */
export function toTable(rows: readonly Row[]): string {
  const lines = rows.map(({ what, ours, against, goal, met }) =>
    [what, ours, against, goal, met ? 'yes' : '**no**'].join(' | '),
  );
  return ['What | Ours | Against | Goal | Met', '--- | --- | --- | --- | ---', ...lines]
    .map((line) => `| ${line} |`)
    .join('\n');
}
