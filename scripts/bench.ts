// `npm run bench [runs]`: what the extension costs, beside VS Code's own GitHub provider in the same window.
import { execFileSync } from 'node:child_process';
import { stat } from 'node:fs/promises';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { ROOT } from '../test/support/buildExtension';
import { Machine } from '../test/support/machine';
import { runCommand, statusBarItem, waitForWorkbench } from '../test/support/workbench';

const OURS = 'looker-auth.looker-auth';
const GITHUBS = 'vscode.github-authentication';

/** Milliseconds, as VS Code counts them: to load the code, to call `activate`, and until that has finished. */
type Activation = readonly [load: number, call: number, finish: number];

async function main(): Promise<void> {
  const runs = Number(process.argv[2] ?? 5);
  execFileSync(process.execPath, [path.join(ROOT, 'esbuild.js'), '--production']);
  const { size } = await stat(path.join(ROOT, 'dist', 'extension.mjs'));
  const ours: Activation[] = [];
  const githubs: Activation[] = [];
  for (let run = 0; run < runs; run++) {
    const report = await startUp();
    ours.push(activationIn(report, OURS));
    githubs.push(activationIn(report, GITHUBS));
  }
  console.log(`Bundle, minified: ${(size / 1000).toFixed(1)} kB`);
  console.log(
    `Activation in ms, median of ${runs} (least to most): load code, call activate, finish`,
  );
  console.log(`  ${OURS.padEnd(30)} ${summary(ours)}`);
  console.log(`  ${GITHUBS.padEnd(30)} ${summary(githubs)}`);
}

/** Opens a window of a new VS Code, and reads its own report on the start. */
async function startUp(): Promise<string> {
  const asker = path.join(ROOT, 'test', 'bench', 'githubAsker');
  const machine = await Machine.start({ extensions: [ROOT, asker] });
  try {
    const page = await machine.openWindow();
    await waitForWorkbench(page);
    await statusBarItem(page, /Looker: log in/);
    await runCommand(page, 'Asker: Ask for a GitHub Session');
    // All of the report is in the page only when it needs no scrolling.
    await page.setViewportSize({ width: 1600, height: 8000 });
    await runCommand(page, 'Developer: Startup Performance');
    return await readReport(page);
  } finally {
    await machine.stop();
  }
}

async function readReport(page: Page): Promise<string> {
  const row = page.locator('.view-line').filter({ hasText: GITHUBS });
  await row.first().waitFor();
  const lines = await page.locator('.view-line').allInnerTexts();
  return lines.join('\n').replaceAll('\u00a0', ' ');
}

/** Its row in the report: extension, eager, load code, call activate, finish activate, … */
function activationIn(report: string, extension: string): Activation {
  const row = report.split('\n').find((line) => line.startsWith(`| ${extension}`));
  const [load, call, finish] = (row ?? '').split('|').slice(3, 6).map(Number);
  if (load === undefined || call === undefined || finish === undefined) {
    throw new Error(`VS Code does not say how long ${extension} took to start:\n${report}`);
  }
  return [load, call, finish];
}

function summary(activations: readonly Activation[]): string {
  const sums = activations.map(([load, call, finish]) => load + call + finish);
  const parts = [0, 1, 2].map((part) => median(activations.map((times) => times[part] ?? NaN)));
  return `${parts.join(' + ')} = ${median(sums)} (${Math.min(...sums)} to ${Math.max(...sums)})`;
}

function median(numbers: readonly number[]): number {
  return [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? NaN;
}

void main();
