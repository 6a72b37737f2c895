// The host layer: the tests of ./suite inside the extension host of a real VS Code, against the stand-in Looker.
import path from 'node:path';
import { format } from 'node:util';

import { StandInLooker } from '../standIn/standInLooker';
import { ROOT } from '../support/buildExtension';
import { RESTRICTED_MODE } from '../support/home';
import { Machine } from '../support/machine';
import { ProxiedNetwork } from '../support/proxiedNetwork';
import { RedirectPorts } from '../support/redirectPorts';
import { add, DIED, NOTHING, parseTally, type Tally, toLine } from '../support/tally';
import {
  BROWSER_LOGIN,
  buildSuite,
  CONSUMERS,
  EXTENSIONS,
  lookerEnvironment,
  PHASES,
  PROVIDER_TAKER,
  PROXIED_PHASES,
  RESTRICTED_PHASES,
  TAKEN_PHASES,
} from './hostSuite';
import { toSourcePositions } from './sourcePositions';
import { MARK } from './suite/mark';

/** The port on which the extension host waits for a debugger, if at all. */
const DEBUG_PORT = process.env['LOOKER_TEST_DEBUG_PORT'];

/** How long the tests may print nothing: longer than any test may take, and than a developer looks at a breakpoint. */
const SILENCE_MS = DEBUG_PORT ? 8 * 60 * 60 * 1000 : 60_000;

/** The folders of ./suite to run, as on the command line (`tsx test/host/run.ts whichSession`); all if there are none. */
const NAMED = process.argv.slice(2);

async function main(): Promise<void> {
  await buildSuite();
  const looker = await StandInLooker.start();
  let sum = NOTHING;
  try {
    sum = add(sum, await runPhases(looker, PHASES));
    sum = add(sum, await runPhases(looker, RESTRICTED_PHASES, RESTRICTED_MODE));
    sum = add(sum, await runBehindProxies(looker));
    sum = add(sum, await runPhases(looker, TAKEN_PHASES, {}, {}, [ROOT, PROVIDER_TAKER]));
  } finally {
    await looker.stop();
  }
  console.log(toLine(sum));
  process.exitCode = sum.failed === 0 ? 0 : 1;
}

/** Runs the tests with a proxy in VS Code's settings, and another proxy to switch to. */
async function runBehindProxies(looker: StandInLooker): Promise<Tally> {
  const network = await ProxiedNetwork.start();
  try {
    const settings = { 'http.proxy': network.httpProxy };
    return await runPhases(looker, PROXIED_PHASES, settings, network.environment);
  } finally {
    await network.stop();
  }
}

/** Runs them on a new machine with these user settings. */
async function runPhases(
  looker: StandInLooker,
  phases: readonly string[],
  settings: Readonly<Record<string, unknown>> = {},
  env: NodeJS.ProcessEnv = {},
  extensions: readonly string[] = EXTENSIONS,
): Promise<Tally> {
  const wanted = phases.filter((module) => NAMED.length === 0 || NAMED.includes(folderOf(module)));
  if (wanted.length === 0) return NOTHING;
  const machine = await Machine.start({
    extensions,
    settings,
    trusted: CONSUMERS,
    env: (home) => ({
      ...lookerEnvironment(looker, home),
      ...env,
      LOOKER_TEST_CONSUMER_TRUSTED: 'yes',
      LOOKER_TEST_RESTRICTED_MODE: settings === RESTRICTED_MODE ? 'yes' : 'no',
    }),
  });
  let sum = NOTHING;
  try {
    for (const module of wanted) {
      const ports = module === BROWSER_LOGIN ? await RedirectPorts.start() : undefined;
      sum = add(sum, await runPhase(machine, module));
      await ports?.stop();
    }
  } finally {
    await machine.stop();
  }
  return sum;
}

function folderOf(module: string): string {
  return path.basename(path.dirname(module));
}

/** Opens a window that runs these tests, prints their output, and counts them. */
async function runPhase(machine: Machine, module: string): Promise<Tally> {
  let report = '';
  let log = '';
  let exit: (code: number) => void;
  const exited = new Promise<number>((resolve) => (exit = resolve));
  const silence = setTimeout(() => {
    exit(1);
  }, SILENCE_MS);
  const page = await machine.openTestWindow({
    module,
    debugPort: DEBUG_PORT,
    onLog: (...args) => {
      const text = format(...args);
      log += `${text}\n`;
      if (!text.startsWith(MARK)) return;
      silence.refresh();
      const line = toSourcePositions(text.slice(MARK.length));
      report += `${line}\n`;
      console.log(line);
    },
    onExit: (code) => {
      exit(code);
    },
  });
  const code = await exited;
  clearTimeout(silence);
  await page.close();

  const tally = parseTally(report);
  if (tally && (code === 0 || tally.failed > 0)) return tally;
  console.error(`${log}${machine.log}\nThe tests ended with code ${code} and no count: see above.`);
  return DIED;
}

void main();
