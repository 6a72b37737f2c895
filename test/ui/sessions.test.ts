import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { StandInLooker } from '../standIn/standInLooker';
import { buildExample, EXAMPLE } from '../support/buildExample';
import { ROOT } from '../support/buildExtension';
import { Machine } from '../support/machine';
import { until } from '../support/until';
import {
  answerDialog,
  answerNotification,
  clickStatusBarItem,
  pickItem,
  pressEscape,
  pressQuickInputButton,
  quickPickItems,
  reloadWindow,
  runCommand,
  screenshot,
  statusBarItem,
  submit,
  submitSteps,
  waitForNotification,
  waitForQuickInput,
  waitUntilQuickInputCloses,
} from '../support/workbench';
import { story } from './story';

/** Tokens that are valid for a few seconds, so that a day of renewals can be watched. */
const TOKEN_LIFE_S = 9;

describe('a lasting login', () => {
  let looker: StandInLooker;
  let page: Page;

  story(async (start) => {
    looker = await start(StandInLooker, { tokenLife: TOKEN_LIFE_S });
    await buildExample();
    const machine = await start(Machine, { extensions: [ROOT, EXAMPLE] });
    page = await machine.openWindow();
    return page;
  });

  const logins = () =>
    looker.requests.filter(({ path, status }) => path.endsWith('/login') && status === 200).length;
  const nextLogin = (count = logins()) => until(() => logins() > count);
  /** Waits until the status bar has this text for screen readers. */
  const heard = async (label: RegExp) => {
    for (;;) {
      const item = await statusBarItem(page, /Ada Lovelace/);
      if (label.test(item.label)) return item;
      await page.waitForTimeout(100);
    }
  };

  it('can go without saving the API key, and warns before it ends', async () => {
    const { clientId, clientSecret } = looker.apiKeyOf('Ada');
    await clickStatusBarItem(page, /Looker: log in/);
    await submitSteps(page, 'Log In to Looker', [looker.baseUrl, clientId]);
    await waitForQuickInput(page, /3\/3/);
    await pressQuickInputButton(page, "Don't Save the API Key, Only the Token Until It Expires");
    await page.getByText(/It won't be saved; you'll log in again/).waitFor();
    await screenshot(page, '30-only-the-token');
    await submit(page, clientSecret);
    await waitForNotification(page, /The token for Ada Lovelace .* the API key wasn't saved/);
    await screenshot(page, '31-about-to-expire');
    const { background } = await heard(/token expired, log in again/);
    assert.equal(background, 'error');
    await screenshot(page, '32-expired');
    assert.equal(logins(), 1);
  });

  it('asks from the status bar for the key of that account, on its instance', async () => {
    await clickStatusBarItem(page, /Ada Lovelace/);
    await waitForQuickInput(page, `Log In to ${new URL(looker.baseUrl).host} (2/3)`);
    await page.getByText(/: client ID of Ada Lovelace's API key/).waitFor();
    await screenshot(page, '32a-login-again');
    await pressEscape(page);
    await waitUntilQuickInputCloses(page);
  });

  it('asks for the key again, and nothing else', async () => {
    const { clientId, clientSecret } = looker.apiKeyOf('Ada');
    await answerNotification(page, /the API key wasn't saved/, 'Log In Again');
    await submitSteps(page, 'Log In to Looker', [clientId, clientSecret], 2);
    await heard(/token valid for less than a minute$/);
  });

  it('renews the token automatically, again and again', async () => {
    for (let renewal = 0; renewal < 2; renewal++) {
      await nextLogin();
      const { background } = await heard(/token valid for less than a minute$/);
      assert.equal(background, 'none');
    }
  });

  it('continues after a reload during a renewal', async () => {
    looker.fault({ path: '/login', times: 1, kind: { is: 'slow', ms: 2000 } });
    await heard(/renewing/);
    await screenshot(page, '33-renewing');
    await reloadWindow(page);
    await heard(/token valid for less than a minute$/);
    await nextLogin();
  });

  it("isn't lost while Looker doesn't respond, and shows it", async () => {
    looker.fault({ kind: { is: 'reset' } });
    await heard(/offline, token valid/);
    await screenshot(page, '34-offline');
    await heard(/token expired/);
    await screenshot(page, '35-expired-offline');
    looker.clearFaults();
    // For a few seconds after a failure, requests get the same error.
    await page.waitForTimeout(5000);
    await runCommand(page, 'Example: Who Am I in Looker?');
    await answerDialog(page, 'Allow');
    await pickItem(page, /^Ada Lovelace/);
    await waitForNotification(page, "You're Ada Lovelace (user ID 1)");
    await heard(/token valid for less than a minute$/);
  });

  it('shows once that Looker refuses the key, with the next step', async () => {
    looker.revokeApiKey(looker.apiKeyOf('Ada').clientId);
    await waitForNotification(page, /rejected this API key/);
    await heard(/token expired, log in again/);
    await screenshot(page, '36-refused');
    const refused = looker.requests.filter(({ status }) => status === 404).length;
    await page.waitForTimeout(3000);
    assert.equal(looker.requests.filter(({ status }) => status === 404).length, refused);
    await answerNotification(page, /rejected this API key/, 'Log In…');
    await waitForQuickInput(page, /Log In to 127\.0\.0\.1:\d+ \(1\/2\)/);
  });

  it('shows that the secret storage has lost the login, and whose key it was', async () => {
    await page.evaluate("localStorage.removeItem('secrets.provider')");
    await reloadWindow(page);
    const lost = /VS Code's secret storage no longer has the login of Ada Lovelace/;
    await waitForNotification(page, lost);
    await screenshot(page, '37-lost');
    await answerNotification(page, lost, 'Log In Again');
    await waitForQuickInput(page, /Log In to 127\.0\.0\.1:\d+ \(1\/2\)/);
    await page.getByText(/: client ID of Ada Lovelace's API key/).waitFor();
    await screenshot(page, '38-key-of-a-lost-login');
    await pressEscape(page);
    await runCommand(page, 'Looker: Log In…');
    await waitForQuickInput(page, /Log In to Looker \(1\/3\)/);
    const [{ label, description } = { label: '', description: '' }] = await quickPickItems(page);
    assert.equal(label, new URL(looker.baseUrl).host);
    assert.equal(description, 'Ada Lovelace, less than an hour ago');
    await screenshot(page, '39-known-instances');
  });
});
