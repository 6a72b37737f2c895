import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { Page } from 'playwright-core';
import { OWN_CLIENT } from '../../src/looker/oauth/client';
import { StandInLooker } from '../standIn/standInLooker';
import { ROOT } from '../support/buildExtension';
import { Machine } from '../support/machine';
import { until } from '../support/until';
import {
  answerDialog,
  dialogText,
  pressQuickInputButton,
  quickPickItems,
  reloadWindow,
  runCommand,
  screenshot,
  screenshots,
  statusBarItem,
  submit,
  waitForQuickInput,
  waitForQuickInputMessage,
  waitForStatusBarMessage,
  waitUntilQuickInputCloses,
} from '../support/workbench';
import { story } from './story';

/** With a real browser on the pages of the stand-in Looker. */
describe('a browser login', () => {
  let looker: StandInLooker;
  let page: Page;
  let host: string;

  story(async (start) => {
    looker = await start(StandInLooker, { oauth: { rotation: 'newAndReuseKills', isThere: true } });
    host = new URL(looker.baseUrl).host;
    const machine = await start(Machine, { extensions: [ROOT] });
    page = await machine.openWindow();
    return page;
  });

  /** Waits for the question how to log in: the previous prompt has the same title. */
  const waitForHow = async () => {
    await page
      .locator('.quick-input-list .monaco-list-row', { hasText: 'With Your Browser' })
      .waitFor();
  };
  /** Chooses the browser. @returns the page that VS Code opens */
  const chooseBrowser = async () => {
    await waitForHow();
    const opening = page.context().waitForEvent('page');
    await submit(page, 'browser');
    const pages = await opening;
    await pages.waitForLoadState();
    // VS Code redirects local addresses through its own server here, like code-server.
    await pages
      .goto(pages.url().replace(/^.*\/proxy\/(\d+)/, 'http://127.0.0.1:$1'))
      // It may end at an address that doesn't respond.
      .catch(() => undefined);
    return pages;
  };
  /** Logs in on Looker's pages, for the first time. */
  const logInThere = async (pages: Page, email: string) => {
    await pages.fill('input[name=email]', email);
    await pages.fill('input[name=password]', 'secret');
    await pages.click('button');
    await pages.waitForSelector('button[value=allow]');
  };

  it("says if it isn't set up, and what helps", async () => {
    await runCommand(page, 'Looker: Log In…');
    await waitForQuickInput(page, 'Log In to Looker (1/3)');
    await submit(page, host);
    await waitForHow();
    const items = await quickPickItems(page);
    assert.match(items[0]?.label ?? '', /^With an API Key/);
    assert.match(items[1]?.label ?? '', /^With Your Browser.*isn't set up on 127/s);
    await screenshots(page, 'browser-login-1-not-set-up');
    await submit(page, 'browser');
    await page.locator('.monaco-list-row', { hasText: 'Copy a Message' }).waitFor();
    await screenshots(page, 'browser-login-2-what-helps');
    await submit(page, 'copy a message');
    await waitForHow();
    await page.keyboard.press('Escape');
    await waitUntilQuickInputCloses(page);
  });

  it('is set up by an admin, who sees the exact request', async () => {
    const { clientId, clientSecret } = looker.apiKeyOf('Ada');
    await runCommand(page, 'Looker: Log In…');
    await submit(page, host);
    await waitForHow();
    await submit(page, 'API key');
    await waitForQuickInput(page, /\(2\/3\)/);
    await submit(page, clientId);
    await waitForQuickInput(page, /\(3\/3\)/);
    await submit(page, clientSecret);
    await statusBarItem(page, /Ada Lovelace/);
    await runCommand(page, 'Looker: Set Up Browser Login…');
    const shown = await dialogText(page);
    assert.ok(
      shown.includes(`POST ${looker.baseUrl}/api/4.0/oauth_client_apps/looker-auth-vscode`),
    );
    assert.ok(shown.includes('"redirect_uri": "http://127.0.0.1:17653/looker-auth"'));
    await screenshots(page, 'browser-login-set-up-1-question');
    assert.equal(looker.clients.size, 0);
    await answerDialog(page, 'Set Up');
    await waitForStatusBarMessage(page, /Browser login is set up on 127/);
    assert.equal(looker.clients.size, 1);
    await runCommand(page, 'Looker: Set Up Browser Login…');
    await screenshots(page, 'browser-login-set-up-2-is-set-up');
    assert.match(await dialogText(page), /is registered for all users/);
    await answerDialog(page, 'Cancel');
    await runCommand(page, 'Looker: Log Out…');
    await answerDialog(page, 'Log Out');
    await statusBarItem(page, /log in/i);
  });

  it('logs in on Looker’s pages, and returns automatically', async () => {
    await runCommand(page, 'Looker: Log In…');
    await submit(page, host);
    await waitForHow();
    const [first] = await quickPickItems(page);
    assert.match(first?.label ?? '', /^With an API Key/, 'as it was last');
    await screenshots(page, 'browser-login-3-how');
    const pages = await chooseBrowser();
    await waitForQuickInputMessage(page, /Waiting for your browser/);
    await screenshots(page, 'browser-login-4-waiting');
    await screenshot(pages, 'browser-login-5-looker');
    await logInThere(pages, 'katherine@example.com');
    await screenshot(pages, 'browser-login-6-consent');
    await pages.click('button[value=allow]');
    await pages.waitForSelector("text=You're logged in to Looker");
    await screenshot(pages, 'browser-login-7-done');
    assert.match(await pages.innerText('main'), /Katherine Johnson/);
    await pages.close();
    await waitUntilQuickInputCloses(page);
    assert.match((await statusBarItem(page, /Katherine/)).text, /Katherine Johnson/);
    await screenshots(page, 'browser-login-8-logged-in');
  });

  it('is still there after a reload, and renews', async () => {
    await reloadWindow(page);
    await statusBarItem(page, /Katherine/);
    const before = looker.liveTokens().length;
    await runCommand(page, 'Looker: Renew Token');
    await until(() => looker.liveTokens().length !== before);
    assert.equal(looker.liveRefreshTokens().length, 1);
  });

  it('is logged out, and Looker has revoked both tokens', async () => {
    await runCommand(page, 'Looker: Log Out…');
    assert.match(await dialogText(page), /revokes this login.*Revoke Everywhere…/s);
    await screenshots(page, 'browser-login-logout-1-question');
    await answerDialog(page, 'Log Out');
    await statusBarItem(page, /log in/i);
    await until(() => looker.liveRefreshTokens().length === 0);
    assert.deepEqual(looker.liveTokens(), []);
  });

  it("takes a pasted address if the browser can't reach this machine", async () => {
    await runCommand(page, 'Looker: Log In…');
    await submit(page, host);
    // Another program has the port and doesn't know the page, so the browser shows an error.
    const port = Number(new URL(OWN_CLIENT.redirectUris[0]).port);
    const other = createServer((socket) => socket.destroy()).listen(port, '127.0.0.1');
    await once(other, 'listening');
    let ended = '';
    page.context().on('request', (request) => {
      if (request.url().startsWith(`${OWN_CLIENT.redirectUris[0]}?`)) ended = request.url();
    });
    const pages = await chooseBrowser();
    while (ended === '') await page.waitForTimeout(20);
    await pages.close();
    other.close();
    await waitForQuickInputMessage(page, /When your browser stops on a page/);
    await screenshots(page, 'browser-login-9-port-taken');
    await submit(page, ended.replace('state=', 'state=x'));
    await waitForQuickInputMessage(page, /belongs to another login/);
    await screenshots(page, 'browser-login-10-foreign');
    await submit(page, ended);
    await waitUntilQuickInputCloses(page);
    assert.match((await statusBarItem(page, /Katherine/)).text, /Katherine Johnson/);
  });

  it('ends with Esc, and stops listening', async () => {
    await runCommand(page, 'Looker: Log In…');
    await submit(page, host);
    await waitForHow();
    const opening = page.context().waitForEvent('page');
    await submit(page, 'browser');
    await (await opening).close();
    await waitForQuickInputMessage(page, /Waiting for your browser/);
    await pressQuickInputButton(page, 'Copy Link');
    await page.keyboard.press('Escape');
    await waitUntilQuickInputCloses(page);
    await assert.rejects(fetch(OWN_CLIENT.redirectUris[0]));
  });
});
