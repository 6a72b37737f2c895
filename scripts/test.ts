// `npm test`: all the test layers, or only those named (`tsx scripts/test.ts unit ui`), and their sum as the last line.
import { spawn } from 'node:child_process';
import { BUILT } from '../test/support/buildExtension';
import { buildForTests } from '../test/support/buildForTests';
import {
  add,
  DIED,
  NOTHING,
  parseFailedFiles,
  parseFailures,
  parseTally,
  subtract,
  type Tally,
  toLine,
} from '../test/support/tally';
import { namedParts } from './commandLine';

const MOCHA = require.resolve('mocha/bin/mocha.js');
const TSX = require.resolve('tsx/cli');

/** How much runs at the same time. Two cores are busy with that, and tests don't run out of time. */
const SLOTS = 4;

interface Layer {
  /** A Node program, and its arguments. It ends with the line `N passed, N failed, N skipped`. */
  readonly program: readonly string[];
  /** The files for that program; it runs those with failed tests again, once. */
  readonly stories?: string;
  /** How many of the slots it takes: as many as it runs busy files at a time, and all if it must not be disturbed. */
  readonly slots: number;
  /** Whether it uses what is built for all such layers, once. Others build for themselves. */
  readonly isBuilt?: boolean;
}

/** Two files at a time. */
const TWO = ['--parallel', '--jobs', '2'];
const STORY = [MOCHA, '--timeout', '60000'];

/** In the order they start: first what is quick, then the host tests, which play one story and take longest. */
const LAYERS: Readonly<Record<string, Layer>> = {
  unit: { program: [MOCHA, ...TWO, 'test/unit/**/*.test.ts'], slots: 2 },
  // One of its two files mostly waits.
  faults: { program: [MOCHA, ...TWO, 'test/faults/**/*.test.ts'], slots: 1 },
  model: { program: [MOCHA, '--timeout', '120000', 'test/model/**/*.test.ts'], slots: 1 },
  host: { program: [TSX, 'test/host/run.ts'], slots: 1, isBuilt: true },
  attacks: {
    program: [...STORY, ...TWO],
    stories: 'test/attacks/**/*.test.ts',
    slots: 2,
    isBuilt: true,
  },
  ui: { program: [...STORY, ...TWO], stories: 'test/ui/**/*.test.ts', slots: 2, isBuilt: true },
  // It builds the extension as users get it, in place of the other.
  package: { program: STORY, stories: 'test/package/**/*.test.ts', slots: SLOTS },
  budgets: {
    program: [MOCHA, '--timeout', '60000', 'test/budgets/**/*.test.ts'],
    slots: SLOTS,
  },
};

interface Outcome {
  readonly tally: Tally;
  readonly output: string;
}

async function main(): Promise<void> {
  const layers = namedParts('layer', LAYERS);
  if (layers.some(([, { isBuilt }]) => isBuilt)) await buildForTests();
  let sum = NOTHING;
  const failures: string[] = [];
  const running = new Map<string, { readonly slots: number; readonly ended: Promise<void> }>();
  const inUse = () => [...running.values()].reduce((total, { slots }) => total + slots, 0);
  for (const [name, layer] of layers) {
    while (inUse() + layer.slots > SLOTS) {
      await Promise.race([...running.values()].map(({ ended }) => ended));
    }
    const isAlone = layers.length === 1 || layer.slots === SLOTS;
    const ended = runLayer(name, layer, isAlone).then(({ tally, output }) => {
      sum = add(sum, tally);
      const found = parseFailures(output);
      if (found.length > 0) {
        const end = tally.failed > 0 ? 'failed' : 'failed at first, and passed when run again';
        failures.push(`── ${name} tests ${end}\n${found.join('\n')}`);
      }
      running.delete(name);
    });
    running.set(name, { slots: layer.slots, ended });
  }
  await Promise.all([...running.values()].map(({ ended }) => ended));
  // Once more, since the rest of the output is long.
  for (const failure of failures) console.log(`\n${failure}`);
  console.log(`\n${toLine(sum)}`);
  process.exitCode = sum.failed === 0 ? 0 : 1;
}

/**
 * Stories with a failed step are run again: at times VS Code loses a click on what it is just drawing. A fault of ours
 * fails twice.
 */
async function runLayer(name: string, layer: Layer, isAlone: boolean): Promise<Outcome> {
  const { stories } = layer;
  const first = await runOnce(name, layer, stories === undefined ? [] : [stories], isAlone);
  const failedFiles = parseFailedFiles(first.output);
  if (stories === undefined || failedFiles.size === 0) return first;
  const second = await runOnce(`${name} (again)`, layer, [...failedFiles.keys()], isAlone);
  const others = [...failedFiles.values()].reduce(subtract, first.tally);
  return { tally: add(others, second.tally), output: first.output + second.output };
}

/**
 * Shows what the layer prints: while it runs where nothing else does, else once it is over. One that dies counts as one
 * failure, whatever it counted before.
 */
async function runOnce(
  name: string,
  { program, isBuilt }: Layer,
  files: readonly string[],
  isAlone: boolean,
): Promise<Outcome> {
  const startedAt = Date.now();
  const color = process.stdout.isTTY ? { FORCE_COLOR: '1' } : {};
  const child = spawn(process.execPath, [...program, ...files], {
    env: { ...process.env, ...color, ...(isBuilt && { [BUILT]: 'yes' }) },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  if (isAlone) console.log(`\n── ${name} tests`);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      output += chunk.toString();
      if (isAlone) process.stdout.write(chunk);
    });
  }
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  if (!isAlone) console.log(`\n── ${name} tests\n${output}`);
  console.log(`── ${name} tests took ${Math.round((Date.now() - startedAt) / 1000)} s`);

  const tally = parseTally(output);
  if (tally && (code === 0 || tally.failed > 0)) return { tally, output };
  console.error(`The ${name} tests died with code ${code ?? 'none'}: counted as one failure.`);
  return { tally: add(tally ?? NOTHING, DIED), output };
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
