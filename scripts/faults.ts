// `npm run faults`: runs the fault table and prints it: what the user sees, and below it what is kept. Some cells also
// show how many requests each step sends, and whether renewal continues automatically.
import { runCell } from '../test/faults/cell';
import { leftOverSince, resources } from '../test/faults/leftovers';
import { MOMENTS, type Moment } from '../test/faults/moments';
import type { Sees } from '../test/faults/outcomes';
import { FAULTS, type Row } from '../test/faults/table';
import { unverified } from '../test/faults/unverified';

/** The result of a cell. */
interface Outcome {
  readonly moment: Moment;
  readonly sees: string;
  readonly kept: string;
  /** How many requests each step sends, and whether renewal continues; empty if the cell doesn't say. */
  readonly renewal: string;
  /** Why the cell is wrong; undefined if it is right. */
  readonly wrong: string | undefined;
}

const COLUMN = 26;

/** What the user does, what happens automatically, and Development Mode: three tables, to fit on a screen. */
const TABLES = [MOMENTS.slice(0, 6), MOMENTS.slice(6, 12), MOMENTS.slice(12)];

async function main(): Promise<void> {
  const before = resources();
  const outcomes = new Map<Row, readonly Outcome[]>();
  // Faults run one after the other, each in all its cells at the same time.
  for (const row of FAULTS) {
    const cells = await unverified(row.unverified, () =>
      Promise.all(MOMENTS.map((moment) => outcomeOf(row, moment))),
    );
    outcomes.set(
      row,
      cells.filter((cell) => cell !== undefined),
    );
  }
  for (const moments of TABLES) print(moments, outcomes);

  const all = [...outcomes].flatMap(([{ fault }, cells]) =>
    cells.map(({ moment, wrong }) => wrong && `✘ ${fault}, ${moment}: ${wrong}`),
  );
  const complaints = all.filter((complaint) => complaint !== undefined);
  const leftOver = await leftOverSince(before);
  if (leftOver.length > 0) complaints.push(`✘ left over: ${leftOver.join(', ')}`);
  if (complaints.length > 0) console.log(`\n${complaints.join('\n')}`);
  console.log(`\n${all.length} cells, ${complaints.length} wrong`);
  process.exitCode = complaints.length === 0 ? 0 : 1;
}

function print(moments: readonly Moment[], outcomes: ReadonlyMap<Row, readonly Outcome[]>): void {
  const faultColumn = Math.max(...FAULTS.map(({ fault }) => fault.length)) + 2;
  const printLine = (first: string, cells: readonly string[]) => {
    const line = first.padEnd(faultColumn) + cells.map((cell) => cell.padEnd(COLUMN)).join('');
    if (line.trim() !== '') console.log(line.trimEnd());
  };
  printLine('fault', moments);
  console.log('─'.repeat(faultColumn + COLUMN * moments.length));
  for (const [{ fault }, cells] of outcomes) {
    const row = moments.map((moment) => cells.find((cell) => cell.moment === moment));
    if (row.every((cell) => cell === undefined)) continue;
    printLine(
      fault,
      row.map((cell) => (cell ? `${cell.wrong ? '✘' : '✔'} ${cell.sees}` : '–')),
    );
    for (const what of ['kept', 'renewal'] as const) {
      printLine(
        '',
        row.map((cell) => (cell?.[what] ? `  ${cell[what]}` : '')),
      );
    }
  }
  console.log();
}

async function outcomeOf(row: Row, moment: Moment): Promise<Outcome | undefined> {
  const cell = row.cells[moment];
  if (!cell) return undefined;
  const [sees, kept, asks, goesOn] = cell;
  const wrong = await runCell(row, moment).then(
    () => undefined,
    (error: unknown) => onOneLine(error),
  );
  const renewal = asks ? [`asked ${asks.join('+')}`, goesOn ?? []].flat().join(', ') : '';
  return { moment, sees: inWords(sees), kept, renewal, wrong };
}

function inWords(sees: Sees): string {
  if (sees === 'no error') return sees;
  const wanted = typeof sees === 'function' ? sees : sees[0];
  return wanted.name.replace(/(?<=.)Error$/, '');
}

function onOneLine(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.replace(/\s+/g, ' ').trim();
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
