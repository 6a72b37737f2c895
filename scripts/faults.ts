// `npm run faults`: runs the fault table and prints it: what the user sees, and below it what is kept.
import { runCell } from '../test/faults/cell';
import { MOMENTS, type Moment } from '../test/faults/moments';
import { FAULTS, type Row, type Sees } from '../test/faults/table';

/** A cell as it came out; undefined where the table has none. */
interface Outcome {
  readonly sees: string;
  readonly kept: string;
  /** Why it is wrong. */
  readonly wrong: string | undefined;
}

const COLUMN = 24;

async function main(): Promise<void> {
  const faultColumn = Math.max(...FAULTS.map(({ fault }) => fault.length)) + 2;
  const print = (first: string, cells: readonly string[]) => {
    const line = first.padEnd(faultColumn) + cells.map((cell) => cell.padEnd(COLUMN)).join('');
    console.log(line.trimEnd());
  };

  print('fault', MOMENTS);
  console.log('─'.repeat(faultColumn + COLUMN * MOMENTS.length));
  const complaints: string[] = [];
  let count = 0;
  for (const row of FAULTS) {
    const outcomes = await Promise.all(MOMENTS.map((moment) => outcomeOf(row, moment)));
    print(
      row.fault,
      outcomes.map((cell) => (cell ? `${cell.wrong ? '✘' : '✔'} ${cell.sees}` : '–')),
    );
    print(
      '',
      outcomes.map((cell) => (cell ? `  ${cell.kept}` : '')),
    );
    count += outcomes.filter(Boolean).length;
    for (const [column, cell] of outcomes.entries()) {
      if (cell?.wrong) complaints.push(`✘ ${row.fault}, ${MOMENTS[column] ?? ''}: ${cell.wrong}`);
    }
  }
  if (complaints.length > 0) console.log(`\n${complaints.join('\n')}`);
  console.log(`\n${count} cells, ${complaints.length} wrong`);
  process.exitCode = complaints.length === 0 ? 0 : 1;
}

async function outcomeOf(row: Row, moment: Moment): Promise<Outcome | undefined> {
  const cell = row.cells[moment];
  if (!cell) return undefined;
  const [sees, kept] = cell;
  const wrong = await runCell(row, moment).then(
    () => undefined,
    (error: unknown) => onOneLine(error),
  );
  return { sees: inWords(sees), kept, wrong };
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
