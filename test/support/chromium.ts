import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';

import { type Browser, chromium } from 'playwright-core';

import { run, withProgress } from './command';

const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  // A window's first seconds are most of its life in a test: optimizing code and collecting garbage often doesn't pay.
  '--js-flags=--no-opt,--no-maglev,--min-semi-space-size=64,--max-semi-space-size=128',
];

/** Where Chromium may be installed. The headless shell is first: it needs a tenth less CPU time. */
const PLACES = [
  '/usr/bin/chromium-headless-shell',
  '/usr/bin/chromium',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
];

const HOW_TO =
  'Install it with `npx playwright-core install chromium`, or name one in CHROMIUM_PATH.';

/**
 * Starts Chromium: the one that CHROMIUM_PATH names, Playwright's or the system's; it is installed if there is none.
 */
export async function launchChromium(): Promise<Browser> {
  return await chromium.launch({ executablePath: await installChromium(), args: FLAGS });
}

/** @returns the absolute path of the program, which is installed if there is none */
export async function installChromium(): Promise<string> {
  return findChromium() ?? (await installNewest());
}

function findChromium(): string | undefined {
  const named = process.env['CHROMIUM_PATH'];
  if (named) return named;
  return [chromium.executablePath(), ...PLACES].find((place) => existsSync(place));
}

async function installNewest(): Promise<string> {
  try {
    await withProgress('Installing Chromium, once', async () => {
      if (process.getuid?.() === 0 && (await isDebian())) await installWithApt();
      else await installWithPlaywright();
    });
  } catch (error) {
    throw new Error(`Chromium is missing and could not be installed. ${HOW_TO}`, { cause: error });
  }
  const found = findChromium();
  if (!found) throw new Error(`Chromium is missing. ${HOW_TO}`);
  return found;
}

async function installWithApt(): Promise<void> {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const install = (name: string) =>
    run('apt-get', ['install', '--yes', '--no-install-recommends', name], { env });
  await run('apt-get', ['update'], { env });
  // Older releases of Debian don't have the first one.
  await install('chromium-headless-shell').catch(() => install('chromium'));
}

async function installWithPlaywright(): Promise<void> {
  const cli = path.join(path.dirname(require.resolve('playwright-core/package.json')), 'cli.js');
  await run(process.execPath, [cli, 'install', 'chromium']);
}

/** Only on Debian: elsewhere, apt's `chromium` is a snap or missing. */
async function isDebian(): Promise<boolean> {
  const release = await readFile('/etc/os-release', 'utf8').catch(() => '');
  return /^ID=debian$/m.test(release);
}
