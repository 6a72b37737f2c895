import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { StandInLooker } from '../standIn/standInLooker';
import { buildExample, EXAMPLE } from '../support/buildExample';
import { ROOT } from '../support/buildExtension';
import { Machine } from '../support/machine';
import { RUDE_CONSUMER } from '../support/rudeConsumer';
import {
  answerDialog,
  dialogText,
  pickItem,
  quickPickItems,
  runCommand,
  screenshot,
  statusBarItem,
  statusBarTooltip,
  submitSteps,
  waitForNotification,
  waitForQuickInput,
  waitForStatusBarMessage,
  waitUntilQuickInputCloses,
} from '../support/workbench';
import { story } from './story';

const WHO_AM_I = 'Example: Who Am I in Looker?';
const RUDE = 'Rude: Say Whose Looker Session It Gets';
const ACTING = /Extensions\syou\sallow\snow\sact\sas\sAlan\sTuring\stoo/;

/** One user, then another, with two extensions: a careful one, and one that uses VS Code's API directly. */
describe('extensions that follow the status bar', () => {
  let looker: StandInLooker;
  let page: Page;

  story(async (start) => {
    looker = await start(StandInLooker);
    await buildExample();
    const machine = await start(Machine, { extensions: [ROOT, EXAMPLE, RUDE_CONSUMER] });
    page = await machine.openWindow();
    return page;
  });
  afterEach(async function () {
    if (this.currentTest?.state === 'failed') return;
    await runCommand(page, 'Notifications: Clear All Notifications');
  });

  const logIn = async (name: string) => {
    const { clientId, clientSecret } = looker.apiKeyOf(name);
    await runCommand(page, 'Looker: Log In…');
    await submitSteps(page, 'Log In to Looker', [looker.baseUrl, clientId, clientSecret]);
    await waitUntilQuickInputCloses(page);
  };
  /** Agrees, and chooses the account that VS Code lists first. @returns the listed accounts */
  const allow = async () => {
    await answerDialog(page, 'Allow');
    // Otherwise, these may be the lines of an earlier list.
    await waitForQuickInput(page, /wants to access a Looker account/);
    const lines = (await quickPickItems(page)).map(({ label }) => label);
    await page.keyboard.press('Enter');
    return lines;
  };
  const isNotAsked = async () => {
    assert.equal(await page.locator('.monaco-dialog-box').count(), 0);
    await waitUntilQuickInputCloses(page);
  };
  const isSaid = async (command: string, answer: string | RegExp, picture: string) => {
    await runCommand(page, command);
    await waitForNotification(page, answer);
    await isNotAsked();
    await screenshot(page, picture);
  };
  const asksOnce = async (
    command: string,
    first: RegExp,
    answer: string | RegExp,
    picture: string,
  ) => {
    await runCommand(page, command);
    assert.match(await dialogText(page), /wants to sign in using Looker/);
    const lines = await allow();
    assert.match(lines[0] ?? '', first);
    await waitForNotification(page, answer);
    await screenshot(page, picture);
  };

  it('need consent once for the first user', async () => {
    await logIn('Grace Hopper');
    await statusBarItem(page, /Grace Hopper/);
    await asksOnce(
      WHO_AM_I,
      /^Grace Hopper/,
      "You're Grace Hopper (user ID 2)",
      'identity-60-first',
    );
    await isSaid(WHO_AM_I, "You're Grace Hopper (user ID 2)", 'identity-61-first-again');
  });

  it('need consent once for the admin who logs in, and then get that account', async () => {
    await logIn('Ada');
    await statusBarItem(page, /Ada Lovelace/);
    await asksOnce(
      WHO_AM_I,
      /^Ada Lovelace/,
      "You're Ada Lovelace (user ID 1)",
      'identity-62-admin',
    );
    await isSaid(WHO_AM_I, "You're Ada Lovelace (user ID 1)", 'identity-63-admin-again');
  });

  it('need consent once for a user whom the admin acts as, which is shown briefly', async () => {
    await runCommand(page, 'Looker: Log In as User (Sudo)…');
    await waitForQuickInput(page, /Log In as User \(Sudo\)/);
    await pickItem(page, /^Alan Turing/);
    await answerDialog(page, 'Act as This User');
    await waitForStatusBarMessage(page, ACTING);
    await screenshot(page, 'identity-64-acting');
    assert.match(await statusBarTooltip(page, /Alan Turing/), ACTING);
    await asksOnce(
      WHO_AM_I,
      /^Alan Turing, sudo by Ada/,
      "You're Alan Turing (user ID 3)",
      'identity-65-as-user',
    );
    await isSaid(WHO_AM_I, "You're Alan Turing (user ID 3)", 'identity-66-as-user-again');
  });

  it('get the admin again, without a prompt, when acting stops', async () => {
    await runCommand(page, 'Looker: Stop Acting as User');
    await statusBarItem(page, /Ada Lovelace/);
    await isSaid(WHO_AM_I, "You're Ada Lovelace (user ID 1)", 'identity-67-stopped');
    assert.doesNotMatch(await statusBarTooltip(page, /Ada Lovelace/), /Extensions\syou\sallow/);
  });

  const switchTo = async (name: string) => {
    await runCommand(page, 'Looker: Accounts…');
    await waitForQuickInput(page, 'Looker Accounts');
    await pickItem(page, new RegExp(`^${name}`));
    await pickItem(page, 'Switch to This Account');
    await statusBarItem(page, new RegExp(name));
  };

  it('get the first user again, without a prompt, after a switch back', async () => {
    await switchTo('Grace Hopper');
    await isSaid(WHO_AM_I, "You're Grace Hopper (user ID 2)", 'identity-68-switched');
  });

  it('need consent after each switch if they only use createIfNone', async () => {
    await asksOnce(RUDE, /^Grace Hopper/, /^Rude is Grace Hopper/, 'identity-69-rude');
    await isSaid(RUDE, /^Rude is Grace Hopper/, 'identity-70-rude-again');
    await switchTo('Ada Lovelace');
    await asksOnce(RUDE, /^Ada Lovelace/, /^Rude is Ada Lovelace/, 'identity-71-rude-switched');
    await switchTo('Grace Hopper');
    await asksOnce(RUDE, /^Grace Hopper/, /^Rude is Grace Hopper/, 'identity-72-rude-back');
  });

  it('get the account chosen in VS Code’s list, which becomes the active one', async () => {
    await switchTo('Ada Lovelace');
    await runCommand(page, RUDE);
    await answerDialog(page, 'Allow');
    await pickItem(page, /^Grace Hopper/);
    await waitForNotification(page, /^Rude is Grace Hopper/);
    await statusBarItem(page, /Grace Hopper/);
    await screenshot(page, 'identity-73-picked');
  });
});
