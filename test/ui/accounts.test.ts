import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { StandInLooker } from '../standIn/standInLooker';
import { ROOT } from '../support/buildExtension';
import { Machine } from '../support/machine';
import { until } from '../support/until';
import {
  dialogText,
  focusedRow,
  openPalette,
  reloadWindow,
  screenshot,
  screenshots,
  statusBarItem,
  submit,
  submitSteps,
  searchFor,
  typeInto,
  validationMessage,
  waitForNotification,
  waitForQuickInput,
  waitForQuickInputMessage,
  waitForStatusBarMessage,
  waitUntilQuickInputCloses,
} from '../support/workbench';
import { story } from './story';

/** In addition to the light theme of all other screenshots. */
const THEMES = {
  contrast: 'Default High Contrast',
  'light-contrast': 'Default High Contrast Light',
  dark: 'Default Dark Modern',
};

/** Several accounts on two instances, without a mouse. */
describe('the accounts list, by keyboard only', () => {
  let machine: Machine;
  let production: StandInLooker;
  let staging: StandInLooker;
  let page: Page;

  story(async (start) => {
    production = await start(StandInLooker);
    staging = await start(StandInLooker);
    for (let i = 1; i <= 60; i++) {
      production.addPerson({
        firstName: 'Zora',
        lastName: `Nr ${String(i).padStart(2, '0')}`,
        email: `zora${i}@example.com`,
      });
    }
    machine = await start(Machine, {
      extensions: [ROOT],
      settings: {
        'lookerAuth.instances': [
          { url: production.baseUrl, name: 'Production' },
          { url: staging.baseUrl, name: 'Staging' },
        ],
      },
    });
    page = await machine.openWindow();
    return page;
  });

  /** Waits until the line in focus has this text. */
  const focuses = async (line: RegExp) => {
    while (!line.test(await focusedRow(page))) await page.waitForTimeout(30);
  };
  const press = async (...keys: string[]) => {
    for (const key of keys) await page.keyboard.press(key);
  };
  /** Runs a command from the palette. */
  const command = async (title: string) => {
    await statusBarItem(page, /Looker|Production|Staging/);
    await openPalette(page);
    await typeInto(page, `>${title}`);
    await page.locator(`.quick-input-list [aria-label^="${title}"]`).waitFor();
    await goTo({ test: (line) => line.startsWith(title) });
    await press('Enter');
  };
  const showAccounts = async () => {
    await command('Looker: Accounts…');
    await waitForQuickInput(page, 'Looker Accounts');
  };
  /** Moves the focus down to the line with this text for screen readers. */
  const goTo = async (line: { test: (line: string) => boolean }) => {
    for (let i = 0; i < 80; i++) {
      if (line.test(await focusedRow(page))) return;
      await press('ArrowDown');
      await page.waitForTimeout(30);
    }
    assert.fail('There is no such line.');
  };
  const logIn = async (looker: StandInLooker, name: string) => {
    const { clientId, clientSecret } = looker.apiKeyOf(name);
    await command('Looker: Log In…');
    await submitSteps(page, 'Log In to Looker', [looker.baseUrl, clientId, clientSecret]);
    await waitUntilQuickInputCloses(page);
  };

  it('offers to log in if nobody is logged in', async () => {
    await showAccounts();
    await screenshot(page, '50-accounts-logged-out');
    assert.match(await focusedRow(page), /^Log In…/);
    await press('Escape');
    await waitUntilQuickInputCloses(page);
  });

  it('shows users and instances, with the names from the settings', async () => {
    await logIn(staging, 'Grace Hopper');
    await statusBarItem(page, /Grace Hopper · 59m · Staging/);
    await logIn(production, 'Ada');
    const { text, label } = await statusBarItem(page, /Ada Lovelace/);
    assert.equal(text, 'Ada Lovelace · 59m · Production');
    assert.equal(label, 'Looker: Ada Lovelace on Production, token valid for 59 minutes');
  });

  it('searches page by page', async () => {
    await command('Looker: Log In as User (Sudo)…');
    await focuses(/^Alan Turing/);
    await searchFor(page, 'zora');
    await focuses(/Zora/);
    await screenshot(page, '51-users');
    await goTo(/^Show More/);
    await screenshot(page, '52-users-more');
    await press('Enter');
    await focuses(/Zora Nr 51/);
    await screenshot(page, '53-users-next-page');
  });

  it('finds a user by name, and acts as that user', async () => {
    await searchFor(page, 'alan');
    await focuses(/^Alan Turing/);
    await press('Enter');
    assert.match(await dialogText(page), /^Act as Alan Turing on 127/);
    await press('Enter');
    const { text, label, background } = await statusBarItem(page, /Alan Turing/);
    assert.equal(text, 'Alan Turing (sudo) · 59m · Production');
    assert.match(
      label,
      /^Looker: Alan Turing, sudo by Ada Lovelace on Production, token valid for/,
    );
    assert.equal(background, 'warning');
  });

  it('reads out each account and its instance, and its state only if something is wrong', async () => {
    await showAccounts();
    await focuses(/^Alan Turing, sudo by Ada Lovelace, active/);
    for (const line of [
      '^Log In…$',
      '^Log Out…$',
      '^Alan Turing, sudo by Ada Lovelace, active · Production \\(127\\.0\\.0\\.1:\\d+\\)$',
      '^Ada Lovelace, Production \\(127.*\\)$',
      '^Grace Hopper, Staging \\(127.*\\)$',
      '^Import from looker\\.ini…$',
    ]) {
      await goTo(new RegExp(line));
    }
    await screenshots(page, '54-accounts');
  });

  it('opens the actions of an account, and returns to it', async () => {
    await goTo(/^Grace Hopper/);
    await press('Enter');
    await waitForQuickInput(page, /^Grace Hopper · Staging \(127/);
    await focuses(/^Switch to This Account, token valid for 5\d minutes$/);
    for (const line of [
      'Log In as User',
      'Renew Token',
      'Copy Access Token',
      'Open Terminal',
      'Open in Browser',
      'Rename Instance',
      'Log Out',
    ]) {
      await goTo(new RegExp(`^${line}`));
    }
    await screenshots(page, '55-account-actions');
    await press('Control+Alt+Minus');
    await waitForQuickInput(page, 'Looker Accounts');
    await focuses(/^Grace Hopper, Staging/);
  });

  const logins = () => staging.requests.filter(({ path }) => path.endsWith('/login')).length;

  it('renews another account, and shows it', async () => {
    const before = logins();
    // Short enough that the token is renewed again during the next step.
    staging.setTokenLife(12);
    await press('Enter');
    await goTo(/^Renew Token/);
    await press('Enter');
    await waitForStatusBarMessage(page, /token.*Grace Hopper/i);
    assert.equal(logins(), before + 1);
  });

  it('keeps the focus and the text while an account changes', async () => {
    const grace = (state: string) =>
      page.locator(`.quick-input-list [aria-label^="Grace Hopper, "]${state}`);
    await showAccounts();
    await typeInto(page, '127.0.0.1');
    await grace('').waitFor();
    await press('ArrowDown');
    const line = await focusedRow(page);
    assert.match(line, /127/);
    const count = logins();
    staging.fault({ path: '/login', times: 1, kind: { is: 'slow', ms: 1500 } });
    await grace('[aria-label*="renewing the token"]').waitFor();
    staging.setTokenLife(3600);
    await grace(':not([aria-label*="renewing"])').waitFor();
    assert.ok(logins() > count);
    assert.equal(await focusedRow(page), line);
    assert.equal(await page.locator('.quick-input-box input').inputValue(), '127.0.0.1');
    await press('Escape');
    await waitUntilQuickInputCloses(page);
  });

  it('switches to an account by Enter, twice', async () => {
    await showAccounts();
    await goTo(/^Grace Hopper/);
    await press('Enter');
    await focuses(/^Switch to This Account/);
    await press('Enter');
    await waitUntilQuickInputCloses(page);
    await statusBarItem(page, /Grace Hopper · 59m · Staging/);
  });

  it('renames an instance without JSON, and rejects an invalid name', async () => {
    const rename = async (name: RegExp) => {
      await command('Looker: Rename Instance…');
      await focuses(name);
      await press('Enter');
      // The previous list has the same title.
      await waitForQuickInputMessage(page, /Leave it empty to show the host/);
    };
    await rename(/^Staging/);
    await submit(page, 'looker.acme.dev');
    assert.match(await validationMessage(page), /can't contain the host of another instance/);
    await screenshots(page, '56-rename-refused');
    await submit(page, 'Staging EU');
    await statusBarItem(page, /Grace Hopper · 59m · Staging EU$/);
    await rename(/^Staging EU/);
    await submit(page, 'Staging');
    await statusBarItem(page, /Grace Hopper · 59m · Staging$/);
  });

  it('stops acting as the other user, and no longer offers it', async () => {
    await command('Looker: Stop Acting as User');
    await until(() => production.liveTokens().every(({ userId }) => userId !== '3'));
    await waitForStatusBarMessage(page, /Logged out of Alan Turing/);
    await openPalette(page);
    await typeInto(page, '>Looker: Stop Acting as User');
    await page.waitForTimeout(500);
    assert.doesNotMatch(await focusedRow(page), /Stop Acting/);
    await press('Escape');
  });

  it('lists the user from before among the recent ones', async () => {
    await command('Looker: Log In as User (Sudo)…');
    await waitForQuickInput(page, 'Log In as User (Sudo)');
    // The active account is on the other instance.
    await focuses(/^Grace Hopper isn't an admin on Staging, Looker only lets admins/);
    await press('Control+Alt+Minus');
    await goTo(/^Ada Lovelace, Production/);
    await press('Enter');
    await focuses(/^Alan Turing, alan@example\.com · ID 3, Recent/);
    await screenshot(page, '57-users-recent');
    await searchFor(page, 'edsger');
    await focuses(/^Edsger Dijkstra, disabled · edsger@example\.com · ID 5/);
    await press('Enter');
    await waitForNotification(page, /Edsger Dijkstra is disabled on .* you can't act as them/);
    await screenshot(page, '58-users-disabled');
    assert.ok(!production.requests.some(({ path }) => path.endsWith('/login/5')));
    await press('Escape');
  });

  for (const [name, theme] of Object.entries(THEMES)) {
    it(`is readable in the theme ${theme}`, async () => {
      await changeSettings({ 'workbench.colorTheme': theme });
      await reloadWindow(page);
      await statusBarItem(page, /Grace Hopper/);
      await showAccounts();
      await goTo(/^Grace Hopper, active · Staging/);
      await screenshot(page, `59-accounts-${name}`);
      await press('Escape');
    });
  }

  const changeSettings = async (change: object) => {
    const file = path.join(machine.home.data, 'User', 'settings.json');
    const settings = JSON.parse(await readFile(file, 'utf8')) as object;
    await writeFile(file, JSON.stringify({ ...settings, ...change }));
  };
});
