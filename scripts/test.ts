// `npm test`: runs all test layers, or only those named (`tsx scripts/test.ts unit ui`), and prints the total last.
import { spawn } from 'node:child_process';
import { BUILT } from '../test/support/buildExtension';
import { buildForTests } from '../test/support/buildForTests';
import { installChromium } from '../test/support/chromium';
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
import { installVsCode } from '../test/support/vscodeInstall';
import { namedParts } from './commandLine';

const MOCHA = require.resolve('mocha/bin/mocha.js');
const TSX = require.resolve('tsx/cli');

/** How much may run at the same time: enough to keep two cores busy, without making tests time out. */
const SLOTS = 4;

interface Layer {
  /** A Node program, and its arguments. It ends with the line `N passed, N failed, N skipped`. */
  readonly program: readonly string[];
  /** The files for that program. Those with failed tests run once more. */
  readonly stories?: string;
  /** How many slots it uses: one for each busy file at a time, or all if nothing else may run. */
  readonly slots: number;
  /** Whether it uses the shared build. Other layers make their own. */
  readonly isBuilt?: boolean;
}

/** Two files at a time. */
const TWO = ['--parallel', '--jobs', '2'];
const STORY = [MOCHA, '--timeout', '60000'];

/** In the order they start: first the quick ones, then the host tests, which run in sequence and take longest. */
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
  // Replaces the shared build with the extension as users get it.
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
  const inVsCode = layers.some(([, { isBuilt }]) => isBuilt);
  if (inVsCode) await buildForTests();
  // Once for all: processes that install the same thing at the same time get in each other's way.
  const installed = inVsCode ? Promise.all([installVsCode(), installChromium()]) : undefined;
  let sum = NOTHING;
  const failures: string[] = [];
  const running = new Map<string, { readonly slots: number; readonly ended: Promise<void> }>();
  const inUse = () => [...running.values()].reduce((total, { slots }) => total + slots, 0);
  for (const [name, layer] of layers) {
    if (layer.isBuilt) await installed;
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
  // Repeated here, since the rest of the output is long.
  for (const failure of failures) console.log(`\n${failure}`);
  console.log(`\n${toLine(sum)}`);
  process.exitCode = sum.failed === 0 ? 0 : 1;
}

/**
 * Runs files with a failed test once more, since VS Code sometimes loses a click on something that it is just drawing. A
 * real defect fails twice.
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
 * Runs a layer, and shows its output: live if nothing else runs, otherwise at the end. If it crashes, that counts as one
 * additional failure.
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
