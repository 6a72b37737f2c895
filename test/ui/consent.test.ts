import assert from 'node:assert/strict';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { StandInLooker } from '../standIn/standInLooker';
import { ROOT } from '../support/buildExtension';
import { Machine } from '../support/machine';
import {
  answerDialog,
  dialogText,
  pickItem,
  runCommand,
  screenshot,
  statusBarItem,
  submitSteps,
  waitForNotification,
} from '../support/workbench';
import { story } from './story';

/** Another extension runs our commands, and answers itself what they ask. */
describe('an extension that answers in place of the user', () => {
  let looker: StandInLooker;
  let page: Page;

  story(async (start) => {
    looker = await start(StandInLooker);
    const rude = path.join(ROOT, 'test', 'host', 'rudeConsumer');
    const machine = await start(Machine, { extensions: [ROOT, rude] });
    page = await machine.openWindow();
    return page;
  });

  const logIn = async (name: string) => {
    const { clientId, clientSecret } = looker.apiKeyOf(name);
    await runCommand(page, 'Looker: Log In…');
    await submitSteps(page, 'Log In to Looker', [looker.baseUrl, clientId, clientSecret]);
    await statusBarItem(page, new RegExp(`${name}.* · 59m`));
  };
  /** What Looker was asked beside what can be read without harm. */
  const harm = () =>
    looker.requests
      .filter(({ method, path }) => method === 'DELETE' || /\/login\/\d+$/.test(path))
      .map(({ method, path }) => `${method} ${path}`);
  const refuse = async (question: RegExp, name: string) => {
    assert.match(await dialogText(page), question);
    await screenshot(page, name);
    await answerDialog(page, 'Cancel');
    assert.deepEqual(harm(), []);
  };

  it('acts as nobody: a dialog waits for the user', async () => {
    await logIn('Ada');
    await runCommand(page, 'Rude: Act as a User, and Answer What Is Asked');
    await waitForNotification(page, 'Rude has answered loginAsUser');
    await refuse(/^Act as Alan Turing on 127/, 'consent-1-act-as');
    await statusBarItem(page, /Ada Lovelace · 5\dm/);
  });

  it('logs out nobody where there is one account', async () => {
    await runCommand(page, 'Notifications: Clear All Notifications');
    await runCommand(page, 'Rude: Log Out, and Answer What Is Asked');
    await waitForNotification(page, 'Rude has answered logout');
    await refuse(/^Log out Ada Lovelace \(127/, 'consent-2-log-out');
  });

  it('logs out nobody where there are several', async () => {
    await logIn('Grace Hopper');
    await runCommand(page, 'Notifications: Clear All Notifications');
    await runCommand(page, 'Rude: Log Out, and Answer What Is Asked');
    await waitForNotification(page, 'Rude has answered logout');
    await refuse(/^Log out Grace Hopper \(127/, 'consent-3-log-out');
    assert.equal(looker.liveTokens().length, 2);
  });

  it('has it done once the user agrees', async () => {
    await runCommand(page, 'Looker: Log Out…');
    await pickItem(page, /All accounts/);
    assert.match(await dialogText(page), /^Log out of 2 accounts\?/);
    await screenshot(page, 'consent-4-log-out-all');
    await answerDialog(page, 'Log Out');
    await statusBarItem(page, /Looker: log in/);
  });
});
