// `npm run pictures`: takes all pictures in the README, the docs and the walkthrough again, from the real user interface:
// a VS Code in a browser, with stand-ins for a company's Looker instances. It looks for names of people and hosts, so it
// keeps working when other texts change.
import { writeFile } from 'node:fs/promises';
import path from 'node:path';

import type { Locator } from 'playwright-core';
import sharp from 'sharp';

import { buildExtension, ROOT } from '../test/support/buildExtension';
import {
  pressEscape,
  runCommand,
  screenshot,
  statusBarItem,
  waitUntilQuickInputCloses,
} from '../test/support/workbench';
import { OWN_CLIENT } from '../src/looker/oauth/client';
import {
  inOurFont,
  PRIVATE,
  PRODUCTION,
  Stage,
  STAGING,
  type Theme,
  THEMES,
} from './pictures/stage';
import { still } from './pictures/still';
import { filmStory } from './pictures/story';
import { DASHBOARDS, title, User } from './pictures/user';

const MEDIA = path.join(ROOT, 'media');

/** Sizes of the window, for the film and for the other pictures, which show parts of it. */
const FILM = { width: 960, height: 600 };
const STILLS = { width: 960, height: 1000 };

const PALETTE = { palette: true, colors: 64, effort: 10, compressionLevel: 9, dither: 0 };
const LOSSLESS = { lossless: true, effort: 6 };

async function main(): Promise<void> {
  await buildExtension();
  const stage = await Stage.start();
  try {
    await takeAll(new User(stage));
  } catch (error) {
    await screenshot(stage.page, 'failed-pictures');
    throw error;
  } finally {
    await stage.stop();
  }
}

/** The order matters: each picture starts where the previous one ended. */
async function takeAll(user: User): Promise<void> {
  await user.stage.resize(STILLS);
  await statusBarItem(user.page, /Looker/);
  await howToLogIn(user);
  await user.stage.resize(FILM);
  await filmStory(user, path.join(MEDIA, 'looker-auth.gif'));
  await user.stage.resize(STILLS);
  await actAsUser(user);
  await consent(user);
  await accounts(user);
  await checkConnection(user);
  await certificate(user);
  await browserPage(user);
  await setUpBrowserLogin(user);
}

async function howToLogIn(user: User): Promise<void> {
  const { page } = user;
  await user.toggleSideBar();
  await user.startLogIn(PRODUCTION);
  await user.titled(new RegExp(PRODUCTION));
  await user.row(/browser/i).waitFor();
  await take(user, 'login', user.quickInput(), { inWalkthrough: true });
  await pressEscape(page);
  await waitUntilQuickInputCloses(page);
  await user.toggleSideBar();
}

async function actAsUser(user: User): Promise<void> {
  const { page } = user;
  await user.toggleSideBar();
  await runCommand(page, 'View: Close All Editors');
  await runCommand(page, title('loginAsUser'));
  await user.row(/Katherine/).waitFor();
  await take(user, 'act-as-user', user.quickInput(), { inWalkthrough: true });
  await pressEscape(page);
}

/** Uses an account that no extension has consent for yet. */
async function consent(user: User): Promise<void> {
  const { page } = user;
  await user.logIn(STAGING);
  await runCommand(page, DASHBOARDS);
  await user.dialog().waitFor();
  await take(user, 'consent', user.dialog(), { inWalkthrough: true });
  await pressEscape(page);
}

/** What the browser shows at the end of a login. */
async function browserPage(user: User): Promise<void> {
  await user.chooseBrowser(PRODUCTION);
  const page = await user.logInAgainAtLooker();
  await inOurFont(page);
  await page.setViewportSize({ width: 640, height: 240 });
  const seen = await page.screenshot({ animations: 'disabled' });
  await writeFile(
    path.join(MEDIA, 'browser-login-page.png'),
    await sharp(seen).png(PALETTE).toBuffer(),
  );
  await page.close();
  await user.page.bringToFront();
}

/** Uses an instance without the OAuth client. */
async function setUpBrowserLogin(user: User): Promise<void> {
  const { page, stage } = user;
  stage.production.removeClient(OWN_CLIENT.clientId);
  await runCommand(page, title('setUpBrowserLogin'));
  // The active account comes first.
  await user.row(new RegExp(PRODUCTION)).waitFor();
  await user.pressEnterForDialog();
  await take(user, 'set-up-browser-login', user.dialog());
  await pressEscape(page);
}

async function accounts(user: User): Promise<void> {
  const { page } = user;
  await user.stage.set({
    'lookerAuth.instances': [
      { url: `https://${PRODUCTION}`, name: 'Production' },
      { url: `https://${STAGING}`, name: 'Staging' },
    ],
  });
  await statusBarItem(page, /Staging/);
  await runCommand(page, title('showAccounts'));
  await user.row(/Alan Turing/).waitFor();
  await take(user, 'accounts', user.quickInput(), { inWalkthrough: true });
  await pressEscape(page);
}

async function checkConnection(user: User): Promise<void> {
  const { page } = user;
  await runCommand(page, title('checkConnection'));
  await user.row(new RegExp(`Production|${PRODUCTION}`)).click();
  await page.locator('.quick-input-list .monaco-list-row').nth(8).waitFor();
  await page.locator('.quick-input-list .codicon-loading').first().waitFor({ state: 'detached' });
  await take(user, 'check-connection', user.quickInput());
  await pressEscape(page);
}

async function certificate(user: User): Promise<void> {
  await user.startLogIn(PRIVATE);
  await user.dialog().waitFor();
  await take(user, 'certificate', user.dialog());
  await pressEscape(user.page);
}

/** Writes media/NAME.png in the dark theme, and the walkthrough's pictures in each theme. */
async function take(
  user: User,
  name: string,
  target: Locator,
  { inWalkthrough = false } = {},
): Promise<void> {
  await user.quiet();
  const picture = async () => {
    const seen = await still(user.page, target);
    return await sharp(seen).png(PALETTE).toBuffer();
  };
  await writeFile(path.join(MEDIA, `${name}.png`), await picture());
  if (!inWalkthrough) return;
  for (const theme of Object.keys(THEMES) as Theme[]) {
    await user.stage.setTheme(theme);
    const file = path.join(MEDIA, 'walkthrough', `${name}-${theme}.webp`);
    await sharp(await picture())
      .webp(LOSSLESS)
      .toFile(file);
  }
  await user.stage.setTheme('dark');
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
