import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { Page } from 'playwright-core';
import { OWN_CLIENT } from '../../src/looker/oauth/client';
import { StandInLooker } from '../standIn/standInLooker';
import { chooseBrowser, waitForHow } from '../support/browserPage';
import { ROOT } from '../support/buildExtension';
import { browserStorage, filesWith, secretsIn, tabTraces, type TabTraces } from '../support/leaks';
import { Machine } from '../support/machine';
import { RedirectPorts } from '../support/redirectPorts';
import { secretsOf } from '../support/secretsOf';
import { until } from '../support/until';
import { WebBrowser } from '../support/webBrowser';
import {
  answerDialog,
  answerNotification,
  dialogText,
  pressQuickInputButton,
  quickPickItems,
  reloadWindow,
  runCommand,
  screenshot,
  SCREENSHOTS,
  screenshots,
  statusBarItem,
  submit,
  waitForNotification,
  waitForQuickInput,
  waitForQuickInputMessage,
  waitForStatusBarMessage,
  waitUntilQuickInputCloses,
} from '../support/workbench';
import { grantFor } from '../unit/looker/oauth/harness';
import { story } from './story';

/** With a real browser on the pages of the stand-in Looker. */
describe('a browser login', () => {
  let looker: StandInLooker;
  let page: Page;
  let host: string;
  let machine: Machine;
  /** What VS Code has printed. */
  const printed: string[] = [];
  /** The tab in which a login has ended. */
  let tab: TabTraces;

  story(async (start) => {
    await start(RedirectPorts);
    looker = await start(StandInLooker, { oauth: { rotation: 'newAndReuseKills', isThere: true } });
    host = new URL(looker.baseUrl).host;
    machine = await start(Machine, { extensions: [ROOT] });
    page = await machine.openWindow();
    page.on('console', (message) => printed.push(message.text()));
    return page;
  });

  /** Chooses the browser. @returns the page that VS Code opens */
  const openPages = async () => {
    const { opened, address } = await chooseBrowser(page);
    await opened
      .goto(address)
      // It may end at an address that doesn't respond.
      .catch(() => undefined);
    return opened;
  };
  /** The address that VS Code waits for somebody to log in at, by its own button. */
  const pressForLink = async () => {
    await waitForQuickInputMessage(page, /Waiting for your browser/);
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await page.evaluate("navigator.clipboard.writeText('')");
    await pressQuickInputButton(page, 'Copy Link');
    let address = '';
    while (!address.startsWith(looker.baseUrl)) {
      address = await page.evaluate<string>('navigator.clipboard.readText()');
    }
    return address;
  };
  /** Logs in from the list of instances on, as whoever is on Looker's pages in another browser. */
  const logInElsewhere = async (email: string) => {
    await runCommand(page, 'Looker: Log In…');
    await submit(page, host);
    const { opened } = await chooseBrowser(page);
    await opened.close();
    await fetch(await new WebBrowser(looker.baseUrl).letIn(await pressForLink(), email));
    await waitUntilQuickInputCloses(page);
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
    await waitForHow(page);
    const items = await quickPickItems(page);
    assert.match(items[0]?.label ?? '', /^With an API Key/);
    assert.match(items[1]?.label ?? '', /^With Your Browser.*isn't set up/s);
    await screenshots(page, 'browser-login-1-not-set-up');
    await submit(page, 'browser');
    await page.locator('.monaco-list-row', { hasText: 'Copy a Message' }).waitFor();
    await screenshots(page, 'browser-login-2-what-helps');
    await submit(page, 'copy a message');
    await waitForHow(page);
    await page.keyboard.press('Escape');
    await waitUntilQuickInputCloses(page);
  });

  it('is set up by an admin, who sees the exact request', async () => {
    const { clientId, clientSecret } = looker.apiKeyOf('Ada');
    await runCommand(page, 'Looker: Log In…');
    await submit(page, host);
    await waitForHow(page);
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
    assert.match(await dialogText(page), /is registered for all users/);
    await screenshots(page, 'browser-login-set-up-2-is-set-up');
    await answerDialog(page, 'Cancel');
    await runCommand(page, 'Looker: Log Out…');
    await answerDialog(page, 'Log Out');
    await statusBarItem(page, /log in/i);
  });

  it('logs in on Looker’s pages, and returns automatically', async () => {
    await runCommand(page, 'Looker: Log In…');
    await submit(page, host);
    await waitForHow(page);
    const [first] = await quickPickItems(page);
    assert.match(first?.label ?? '', /^With an API Key/, 'as it was last');
    await screenshots(page, 'browser-login-3-how');
    const pages = await openPages();
    await waitForQuickInputMessage(page, /Waiting for your browser/);
    await screenshots(page, 'browser-login-4-waiting');
    await screenshot(pages, 'browser-login-5-looker');
    await logInThere(pages, 'katherine@example.com');
    await screenshot(pages, 'browser-login-6-consent');
    await pages.click('button[value=allow]');
    await pages.waitForSelector("text=You're logged in to Looker");
    await screenshot(pages, 'browser-login-7-done');
    assert.match(await pages.innerText('main'), /Katherine Johnson/);
    await pages.emulateMedia({ colorScheme: 'dark' });
    const color = await pages.evaluate<string>('getComputedStyle(document.body).color');
    assert.equal(color, 'rgb(255, 255, 255)', 'the page is dark if the browser is');
    await screenshot(pages, 'browser-login-7-done-dark');
    tab = await tabTraces(pages);
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
    const pages = await openPages();
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

  it('asks before someone else takes the place of who is logged in again', async () => {
    looker.endRefreshTokens();
    await runCommand(page, 'Looker: Renew Token');
    await waitForNotification(page, /This browser login .* was revoked/);
    await answerNotification(page, /This browser login .* was revoked/, 'Log In…');
    await waitForHow(page);
    const { opened } = await chooseBrowser(page);
    await opened.close();
    // Someone else is logged in to Looker in that browser.
    const browser = new WebBrowser(looker.baseUrl);
    const answered = fetch(await browser.letIn(await pressForLink(), 'grace@example.com'));
    assert.match(await dialogText(page), /as Grace Hopper, not as Katherine Johnson/);
    await screenshots(page, 'browser-login-11-someone-else');
    await answerDialog(page, 'Cancel');
    assert.match(await (await answered).text(), /Log out of Looker there/);
    await waitForHow(page);
    const [first] = await quickPickItems(page);
    assert.match(first?.label ?? '', /Couldn't log in\. Choose this to try again\.$/);
    await waitForNotification(
      page,
      /as Grace Hopper, not as Katherine Johnson\. Log out of Looker/,
    );
    await screenshots(page, 'browser-login-12-refused');
    await page.keyboard.press('Escape');
    await waitUntilQuickInputCloses(page);
    await until(() => looker.liveRefreshTokens().length === 0);
  });

  it('revokes everywhere, once the user agrees by name', async () => {
    await logInElsewhere('katherine@example.com');
    await statusBarItem(page, /Katherine/);
    // On another machine of hers.
    await grantFor(looker, 'katherine@example.com');
    assert.equal(looker.liveRefreshTokens().length, 2);
    await runCommand(page, 'Looker: Log Out…');
    await answerDialog(page, 'Revoke Everywhere…');
    assert.match(
      await dialogText(page),
      /Revoke access for Katherine Johnson \(127\.0\.0\.1:\d+\) everywhere\?/,
    );
    await screenshots(page, 'browser-login-logout-2-everywhere');
    await answerDialog(page, 'Revoke Everywhere');
    await statusBarItem(page, /log in/i);
    await until(() => looker.liveRefreshTokens().length === 0);
    assert.deepEqual(looker.liveTokens(), []);
  });

  it('ends with Esc, and stops listening', async () => {
    await runCommand(page, 'Looker: Log In…');
    await submit(page, host);
    await waitForHow(page);
    const opening = page.context().waitForEvent('page');
    await submit(page, 'browser');
    await (await opening).close();
    await waitForQuickInputMessage(page, /Waiting for your browser/);
    await pressQuickInputButton(page, 'Copy Link');
    await page.keyboard.press('Escape');
    await waitUntilQuickInputCloses(page);
    await assert.rejects(fetch(OWN_CLIENT.redirectUris[0]));
  });

  it('has left no code, verifier, state or token anywhere but where it belongs', async () => {
    const clipboard = await page.evaluate<string>('navigator.clipboard.readText()');
    // It stands in the link that was copied last.
    const given = new URL(clipboard).searchParams.get('state') ?? assert.fail();
    const secrets = [...new Set([...secretsOf(looker), given])];
    assert.ok(secrets.length > 30, String(secrets.length));
    assert.deepEqual(await filesWith(machine.home.folder, secrets), []);
    assert.deepEqual(await filesWith(SCREENSHOTS, secrets), []);
    assert.deepEqual(secretsIn([clipboard], secrets), [given]);
    // A browser keeps the addresses of its pages: those of a login have its code and its state, and no more.
    const ended = new URL(tab.addresses.split('\n').at(-1) ?? '').searchParams;
    const inAddresses = ['code', 'state'].map((name) => ended.get(name) ?? assert.fail());
    assert.deepEqual([...secretsIn([tab.addresses], secrets)].sort(), inAddresses.sort());
    assert.match(tab.content, /logged in to Looker/);
    const { addresses, content } = await tabTraces(page);
    const stored = await browserStorage(page);
    const texts = [tab.content, addresses, content, stored, machine.log, ...printed];
    assert.deepEqual(secretsIn(texts, secrets), []);
    // The search finds what is there: names are no secret.
    assert.notDeepEqual(
      await filesWith(machine.home.folder, ['Logged in as Katherine Johnson']),
      [],
    );
    assert.notDeepEqual(await filesWith(SCREENSHOTS, ['Katherine Johnson']), []);
  });
});
