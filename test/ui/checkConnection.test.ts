import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { StandInLooker } from '../standIn/standInLooker';
import { ROOT } from '../support/buildExtension';
import { logIn } from '../support/logIn';
import { Machine } from '../support/machine';
import {
  answerNotification,
  pickItem,
  pressEscape,
  pressQuickInputButton,
  quickPickItems,
  runCommand,
  screenshots,
  statusBarItem,
  waitForStatusBarMessage,
  submit,
  waitForNotification,
  waitForQuickInput,
  waitUntilQuickInputCloses,
} from '../support/workbench';
import { story } from './story';

/** A user wants to know why Looker doesn't work. */
describe('a connection check', () => {
  let looker: StandInLooker;
  let page: Page;

  story(async (start) => {
    looker = await start(StandInLooker);
    const machine = await start(Machine, { extensions: [ROOT] });
    page = await machine.openWindow();
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    return page;
  });

  const verdict = async (text: RegExp) => {
    await page.locator('.quick-input-list').getByText(text).first().waitFor();
  };
  const outcomes = async () =>
    (await quickPickItems(page)).slice(1).map(({ description }) => /^\w+/.exec(description)?.[0]);

  it('asks for the URL before anyone has logged in', async () => {
    await runCommand(page, 'Looker: Check Connection…');
    await waitForQuickInput(page, 'Check Connection');
    await screenshots(page, 'check-1-which');
    await submit(page, 'looker.invalid');
    await verdict(/This machine can't resolve the name looker\.invalid\./);
    await screenshots(page, 'check-2-no-name');
    await pressEscape(page);
    await waitUntilQuickInputCloses(page);
  });

  it('shows each step while it runs, and stops on Esc', async () => {
    await logIn(page, looker, 'Ada');
    await statusBarItem(page, /Ada Lovelace/);
    looker.fault({ path: '/login', kind: { is: 'slow', ms: 3000 } });
    await runCommand(page, 'Looker: Check Connection…');
    await pickItem(page, new URL(looker.baseUrl).host);
    await verdict(/Checking http/);
    await page.locator('.quick-input-list').getByText('running').waitFor();
    await page.locator('.quick-input-list').getByText('Looker 26.12.3 with API').waitFor();
    await screenshots(page, 'check-3-running');
    await pressEscape(page);
    await waitUntilQuickInputCloses(page);
    looker.clearFaults();
  });

  it('ends with a verdict, and shows the outcome and duration of each step', async () => {
    await runCommand(page, 'Looker: Check Connection…');
    await pickItem(page, new URL(looker.baseUrl).host);
    await verdict(/No problems found \([\d,]+ ms\)\./);
    assert.deepEqual(await outcomes(), [
      'passed',
      'passed',
      'passed',
      'passed',
      'Skipped',
      'passed',
      'passed',
      'passed',
    ]);
    await screenshots(page, 'check-4-all-well');
  });

  it('copies a report without secrets, by button and by Enter', async () => {
    const copied = () => page.evaluate<string>('navigator.clipboard.readText()');
    await pressQuickInputButton(page, 'Copy Report');
    await waitForStatusBarMessage(page, /Copied the report/);
    const report = await copied();
    assert.match(report, /^# Looker Auth: connection check/);
    assert.match(report, /VS Code 1\.\d+/);
    const { clientId, clientSecret } = looker.apiKeyOf('Ada');
    for (const text of [clientId, clientSecret, 'Ada', 'Lovelace', 'ada@']) {
      assert.ok(!report.includes(text), text);
    }
    await page.evaluate("navigator.clipboard.writeText('')");
    await page.keyboard.press('Enter');
    for (let text = ''; !text.startsWith('# Looker Auth: connection check');) text = await copied();
  });

  it('can be run again in place', async () => {
    looker.revokeApiKey(looker.apiKeyOf('Ada').clientId);
    await pressQuickInputButton(page, 'Run Again');
    await verdict(/Looker rejected the API key/);
    await screenshots(page, 'check-5-refused');
    await pressEscape(page);
    await waitUntilQuickInputCloses(page);
  });

  it('is offered by the message about a network failure', async () => {
    await looker.stop();
    await runCommand(page, 'Looker: Renew Token');
    await waitForNotification(page, /Couldn't reach 127\.0\.0\.1/);
    await screenshots(page, 'check-6-offered');
    await answerNotification(page, /Couldn't reach 127\.0\.0\.1/, 'Check Connection');
    await verdict(/Port \d+ on 127\.0\.0\.1 is closed\./);
    await screenshots(page, 'check-7-closed');
    await pressEscape(page);
  });
});
