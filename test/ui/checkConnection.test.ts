import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { StandInLooker } from '../standIn/standInLooker';
import { buildExtension, ROOT } from '../support/buildExtension';
import { Machine } from '../support/machine';
import {
  answerNotification,
  pickItem,
  pressEscape,
  pressQuickInputButton,
  quickPickItems,
  runCommand,
  screenshot,
  statusBarItem,
  submit,
  waitForNotification,
  waitForQuickInput,
  waitForWorkbench,
  waitUntilQuickInputCloses,
} from '../support/workbench';

/** Looker does not work, and somebody wants to know why. */
describe('a connection that is checked', function () {
  this.bail(true); // each step starts where the one before ended
  let machine: Machine;
  let looker: StandInLooker;
  let page: Page;

  before(async function () {
    this.timeout(600_000); // the first time, VS Code is downloaded
    await buildExtension();
    looker = await StandInLooker.start();
    machine = await Machine.start({ extensions: [ROOT] });
    page = await machine.openWindow();
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await waitForWorkbench(page);
  });
  after(async () => {
    await machine.stop();
    await looker.stop();
  });
  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await screenshot(page, 'failed');
  });

  const verdict = async (text: RegExp) => {
    await page.locator('.quick-input-list').getByText(text).first().waitFor();
  };
  const shoot = async (name: string) => {
    await screenshot(page, name);
    await page.setViewportSize({ width: 800, height: 800 });
    await screenshot(page, `${name}-800`);
    await page.setViewportSize({ width: 1280, height: 800 });
  };
  const outcomes = async () =>
    (await quickPickItems(page)).slice(1).map(({ description }) => /^\w+/.exec(description)?.[0]);

  it('is asked for by its URL before anybody has logged in', async () => {
    await runCommand(page, 'Looker: Check Connection…');
    await waitForQuickInput(page, 'Check Connection');
    await shoot('check-1-which');
    await submit(page, 'looker.invalid');
    await verdict(/The name looker\.invalid does not resolve here: VPN or DNS\./);
    await shoot('check-2-no-name');
    await pressEscape(page);
    await waitUntilQuickInputCloses(page);
  });

  it('is shown step by step while it runs, and stops with Esc', async () => {
    await runCommand(page, 'Looker: Log In…');
    const { clientId, clientSecret } = looker.apiKeyOf('Ada');
    for (const [index, answer] of [looker.baseUrl, clientId, clientSecret].entries()) {
      await waitForQuickInput(page, `Log In to Looker (${index + 1}/3)`);
      await submit(page, answer);
    }
    await statusBarItem(page, /Ada Lovelace/);
    looker.fault({ path: '/login', kind: { is: 'slow', ms: 3000 } });
    await runCommand(page, 'Looker: Check Connection…');
    await pickItem(page, new URL(looker.baseUrl).host);
    await verdict(/Checking http/);
    await page.locator('.quick-input-list').getByText('running').waitFor();
    await page.locator('.quick-input-list').getByText('Looker 26.12.3 with the API').waitFor();
    await shoot('check-3-running');
    await pressEscape(page);
    await waitUntilQuickInputCloses(page);
    looker.clearFaults();
  });

  it('ends with a verdict, and each step with how it went and how long it took', async () => {
    await runCommand(page, 'Looker: Check Connection…');
    await pickItem(page, new URL(looker.baseUrl).host);
    await verdict(/All well: 7 steps in \d+ ms\./);
    assert.deepEqual(await outcomes(), [
      'passed',
      'passed',
      'passed',
      'passed',
      'skipped',
      'passed',
      'passed',
      'passed',
    ]);
    await shoot('check-4-all-well');
  });

  it('gives a report without secrets, by button and by Enter', async () => {
    const copied = () => page.evaluate<string>('navigator.clipboard.readText()');
    await pressQuickInputButton(page, 'Copy Report');
    await statusBarItem(page, /Copied the report/);
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

  it('is run again on the spot', async () => {
    looker.revokeApiKey(looker.apiKeyOf('Ada').clientId);
    await pressQuickInputButton(page, 'Run Again');
    await verdict(/Looker refuses the API key/);
    await shoot('check-5-refused');
    await pressEscape(page);
    await waitUntilQuickInputCloses(page);
  });

  it('is what a message offers where the network is the trouble', async () => {
    await looker.stop();
    await runCommand(page, 'Looker: Renew Token');
    await waitForNotification(page, /Could not reach 127\.0\.0\.1/);
    await shoot('check-6-offered');
    await answerNotification(page, /Could not reach 127\.0\.0\.1/, 'Check Connection');
    await verdict(/Port \d+ of 127\.0\.0\.1 is closed\./);
    await shoot('check-7-closed');
    await pressEscape(page);
  });
});
