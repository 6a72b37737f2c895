import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { StandInLooker } from '../standIn/standInLooker';
import { buildExample, EXAMPLE } from '../support/buildExample';
import { ROOT } from '../support/buildExtension';
import { buildSnippets, SNIPPETS } from '../support/buildSnippets';
import { Machine } from '../support/machine';
import {
  answerDialog,
  answerNotification,
  dialogText,
  pickItem,
  pressEscape,
  reloadWindow,
  runCommand,
  screenshot,
  statusBarItem,
  submit,
  waitForNotification,
  waitForQuickInput,
  waitUntilQuickInputCloses,
} from '../support/workbench';
import { story } from './story';

const WHO_AM_I = 'Example: Who Am I in Looker?';
const NOT_ASKED = "You didn't log in, so nothing was asked of Looker.";

/** An author's extension, from the user's first try on. */
describe('the example for authors', () => {
  let looker: StandInLooker;
  let page: Page;

  story(async (start) => {
    await Promise.all([buildExample(), buildSnippets()]);
    looker = await start(StandInLooker);
    const machine = await start(Machine, { extensions: [ROOT, EXAMPLE, SNIPPETS] });
    page = await machine.openWindow();
    return page;
  });
  afterEach(async function () {
    if (this.currentTest?.state === 'failed') return;
    await runCommand(page, 'Notifications: Clear All Notifications');
  });

  /** Waits long enough for an unexpected prompt. */
  const seesNoPrompt = async () => {
    await page.waitForTimeout(2000);
    assert.equal(await page.locator('.monaco-dialog-box').count(), 0);
    await waitUntilQuickInputCloses(page);
  };
  const asked = () =>
    looker.requests.map(({ method, path, status }) => `${method} ${path} ${status}`);

  it('accepts a no, and no longer prompts on its own', async () => {
    await runCommand(page, WHO_AM_I);
    assert.match(await dialogText(page), /'Looker Who Am I' wants to sign in using Looker/);
    await answerDialog(page, 'Cancel');
    await waitForNotification(page, NOT_ASKED);
    await screenshot(page, '40-example-declined');
    await seesNoPrompt();
    assert.deepEqual(asked(), []);
  });

  it('accepts Esc during the login as a no, too', async () => {
    await runCommand(page, WHO_AM_I);
    await answerDialog(page, 'Allow');
    await waitForQuickInput(page, /Log In to Looker/);
    await pressEscape(page);
    await waitForNotification(page, NOT_ASKED);
    await seesNoPrompt();
  });

  it('prompts for a login on first use, and shows the user', async () => {
    const { clientId, clientSecret } = looker.apiKeyOf('Ada');
    await runCommand(page, WHO_AM_I);
    await answerDialog(page, 'Allow');
    for (const [step, text] of [looker.baseUrl, clientId, clientSecret].entries()) {
      await waitForQuickInput(page, new RegExp(`Log In to .* \\(${step + 1}/3\\)`));
      await submit(page, text);
    }
    await waitForNotification(page, "You're Ada Lovelace (user ID 1)");
    await screenshot(page, '41-example');
  });

  it("doesn't prompt from then on, even after a reload", async () => {
    await reloadWindow(page);
    await statusBarItem(page, /Ada Lovelace/);
    await runCommand(page, WHO_AM_I);
    await waitForNotification(page, "You're Ada Lovelace (user ID 1)");
  });

  it('continues without the user after a token was revoked early', async () => {
    looker.revokeTokens();
    const before = asked().length;
    await runCommand(page, WHO_AM_I);
    await waitForNotification(page, "You're Ada Lovelace (user ID 1)");
    const requests = asked().slice(before);
    assert.equal(requests.filter((request) => request === 'POST /api/4.0/login 200').length, 1);
    assert.equal(requests.at(0), 'GET /api/4.0/user 401');
    assert.equal(requests.at(-1), 'GET /api/4.0/user 200');
  });

  it('is one of several extensions: another one needs its own consent', async () => {
    await runCommand(page, 'Snippets: guide.quick-start');
    assert.match(await dialogText(page), /'snippets' wants to sign in using Looker/);
    await answerDialog(page, 'Allow');
    await pickItem(page, /^Ada Lovelace/);
    await waitForNotification(page, 'Hello, Ada Lovelace');
  });

  it("shows why a request failed if Looker doesn't respond", async () => {
    looker.fault({ kind: { is: 'reset' } });
    await runCommand(page, WHO_AM_I);
    await waitForNotification(page, /^Could not reach .* Check your network and VPN\.$/);
    looker.clearFaults();
  });

  it('shows why there is no new token, and prompts for a login on its next use', async () => {
    looker.revokeTokens();
    looker.revokeApiKey(looker.apiKeyOf('Ada').clientId);
    await runCommand(page, WHO_AM_I);
    // Shown by the example, for the request, and by Looker Auth, with the next step.
    await seesNoPrompt();
    await screenshot(page, '42-example-refused');
    await answerNotification(page, /rejected this API key/, 'Log In…');
    await waitForQuickInput(page, /Log In to 127.*\(\d\/\d\)$/);
    await pressEscape(page);
    await waitUntilQuickInputCloses(page);
    await runCommand(page, WHO_AM_I);
    await answerDialog(page, 'Allow');
    await waitForQuickInput(page, /Log In to 127.*\(\d\/\d\)$/);
    await pressEscape(page);
    await waitForNotification(page, NOT_ASKED);
  });
});
