// How long the extension takes to start, compared with VS Code's own GitHub provider in the same window.
import path from 'node:path';
import type { Page } from 'playwright-core';
import type { Machine } from '../test/support/machine';
import { runCommand, statusBarItem, waitForWorkbench, type Text } from '../test/support/workbench';
import { fill } from './host/fill';
import { onMachine } from './host/onMachine';
import type { Bench } from './row';
import { median, rounded, summary, times } from './statistics';

const OURS = 'looker-auth.looker-auth';
const GITHUBS = 'vscode.github-authentication';
const ASKER = path.join(__dirname, 'host', 'githubAsker');
const RUNS = 15;
const STORED = 10;

/**
 * Milliseconds, as VS Code measures them: to load the code, to call `activate`, and until it has finished. The first
 * comes from VS Code's marks right before and after loading. "Load code" in its report also includes the code of
 * extensions that start at the same moment and load first.
 */
export type Activation = readonly [load: number, call: number, finish: number];

/** Both extensions in the same window. */
export interface Start {
  readonly ours: Activation;
  readonly githubs: Activation;
}

/** Measures starts without an account, and then with stored accounts. */
async function measureActivation(): Promise<{
  readonly loggedOut: readonly Start[];
  readonly stored: readonly Start[];
}> {
  return onMachine(
    async (machine, copy) => {
      await copy.becomeProduct();
      const loggedOut = await startOften(machine, /Looker: log in/);
      await fill(machine, copy, 1, STORED);
      await copy.becomeProduct();
      return { loggedOut, stored: await startOften(machine, /Person 1/) };
    },
    [ASKER],
  );
}

function sumOf(activation: Activation): number {
  return activation.reduce((sum, ms) => sum + ms, 0);
}

export const activation: Bench = async () => {
  const { loggedOut, stored } = await measureActivation();
  const row = (what: string, starts: readonly Start[]) => {
    const ours = starts.map((start) => start.ours);
    const githubs = starts.map((start) => start.githubs);
    const ratio = median(ours.map(sumOf)) / median(githubs.map(sumOf));
    const byWindow = starts.map((start) => sumOf(start.ours) / sumOf(start.githubs));
    const spread = [Math.min(...byWindow), Math.max(...byWindow)].map(rounded).join(' to ');
    return {
      what: `Activation, ${what}: load code + call activate + finish`,
      ours: `${parts(ours)}, ${times(ratio)} (${spread} by window)`,
      against: `${GITHUBS} in the same window: ${parts(githubs)}`,
      goal: 'at most a fifth of it',
      met: ratio <= 1 / 5,
    };
  };
  return [row('logged out', loggedOut), row(`${STORED} accounts stored`, stored)];
};

async function startOften(machine: Machine, shown: Text): Promise<Start[]> {
  const starts: Start[] = [];
  while (starts.length < RUNS) {
    starts.push(await startUp(machine, shown));
  }
  return starts;
}

/** Opens a window, and reads VS Code's own startup report and its marks. */
async function startUp(machine: Machine, shown: Text): Promise<Start> {
  const page = await machine.openWindow();
  await waitForWorkbench(page);
  await statusBarItem(page, shown);
  await runCommand(page, 'Asker: Ask for a GitHub Session');
  const { text } = await statusBarItem(page, /^Marks/);
  const marks = marksIn(text);
  // The page contains the whole report only if it doesn't scroll.
  await page.setViewportSize({ width: 1600, height: 8000 });
  await runCommand(page, 'Developer: Startup Performance');
  const report = await readReport(page);
  await page.close();
  return {
    ours: activationIn(report, marks, OURS),
    githubs: activationIn(report, marks, GITHUBS),
  };
}

/** Times in ms, by the names of the marks. */
function marksIn(text: string): ReadonlyMap<string, number> {
  const marks = JSON.parse(text.slice(text.indexOf('['), text.lastIndexOf(']') + 1)) as readonly {
    readonly name: string;
    readonly startTime: number;
  }[];
  return new Map(marks.map(({ name, startTime }) => [name, startTime]));
}

async function readReport(page: Page): Promise<string> {
  const row = page.locator('.view-line').filter({ hasText: GITHUBS });
  await row.first().waitFor();
  const lines = await page.locator('.view-line').allInnerTexts();
  return lines.join('\n').replaceAll('\u00a0', ' ');
}

/** The extension's row in the report: extension, eager, load code, call activate, finish activate, … */
function activationIn(
  report: string,
  marks: ReadonlyMap<string, number>,
  extension: string,
): Activation {
  const mark = (what: string) => marks.get(`code/extHost/${what}LoadExtensionCode/${extension}`);
  const load = (mark('did') ?? NaN) - (mark('will') ?? NaN);
  const row = report.split('\n').find((line) => line.startsWith(`| ${extension}`));
  const [call, finish] = (row ?? '').split('|').slice(4, 6).map(Number);
  if (Number.isNaN(load) || call === undefined || finish === undefined) {
    throw new Error(`VS Code doesn't say how long ${extension} took to start:\n${report}`);
  }
  return [load, call, finish];
}

/** Medians of the parts, and of their sum with its spread. */
function parts(activations: readonly Activation[]): string {
  const [load, call, finish] = [0, 1, 2].map((part) =>
    median(activations.map((times) => times[part] ?? NaN)),
  );
  return `${load} + ${call} + ${finish}, in all ${summary(activations.map(sumOf), 'ms')}`;
}
