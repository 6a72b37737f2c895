// `npm test`: all the test layers, or only those named (`tsx scripts/test.ts unit ui`), and their sum as the last line.
import { spawn } from 'node:child_process';

import { add, DIED, NOTHING, parseTally, type Tally, toLine } from '../test/support/tally';
import { namedParts } from './commandLine';

const MOCHA = require.resolve('mocha/bin/mocha.js');
const TSX = require.resolve('tsx/cli');

/** In the order they run: what is quick first. Each is a Node program that ends with the line `N passed, N failed, N skipped`. */
const LAYERS: Readonly<Record<string, readonly string[]>> = {
  unit: [MOCHA, 'test/unit/**/*.test.ts'],
  faults: [MOCHA, 'test/faults/**/*.test.ts'],
  model: [MOCHA, '--timeout', '120000', 'test/model/**/*.test.ts'],
  host: [TSX, 'test/host/run.ts'],
  ui: [MOCHA, '--timeout', '60000', 'test/ui/**/*.test.ts'],
  attacks: [MOCHA, '--timeout', '60000', 'test/attacks/**/*.test.ts'],
  package: [MOCHA, '--timeout', '60000', 'test/package/**/*.test.ts'],
  budgets: [MOCHA, '--timeout', '60000', 'test/budgets/**/*.test.ts'],
};

async function main(): Promise<void> {
  let sum = NOTHING;
  for (const [name, program] of namedParts('layer', LAYERS)) {
    sum = add(sum, await runLayer(name, program));
  }
  console.log(`\n${toLine(sum)}`);
  process.exitCode = sum.failed === 0 ? 0 : 1;
}

/** Shows what the layer prints while it runs. One that dies counts as one failure, whatever it counted before. */
async function runLayer(name: string, program: readonly string[]): Promise<Tally> {
  console.log(`\n── ${name} tests`);
  const color = process.stdout.isTTY ? { FORCE_COLOR: '1' } : {};
  const child = spawn(process.execPath, program, {
    env: { ...process.env, ...color },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString();
    process.stdout.write(chunk);
  });
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));

  const tally = parseTally(output);
  if (tally && (code === 0 || tally.failed > 0)) return tally;
  console.error(`The ${name} tests died with code ${code ?? 'none'}: counted as one failure.`);
  return add(tally ?? NOTHING, DIED);
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
