import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { StandInLooker } from '../standIn/standInLooker';
import { buildExample, EXAMPLE } from '../support/buildExample';
import { ROOT } from '../support/buildExtension';
import { buildSnippets, SNIPPETS } from '../support/buildSnippets';
import { browserStorage, filesWith } from '../support/leaks';
import { Machine } from '../support/machine';
import { until } from '../support/until';
import {
  answerDialog,
  answerNotification,
  clickStatusBarItem,
  dialogText,
  openAccountsMenu,
  pickItem,
  pickMenuItem,
  pressEscape,
  pressQuickInputButton,
  quickPickItems,
  reloadWindow,
  runCommand,
  screenshot,
  SCREENSHOTS,
  statusBarItem,
  statusBarTooltip,
  submit,
  submitSteps,
  searchFor,
  typeInto,
  validationMessage,
  waitForNotification,
  waitForQuickInput,
  waitForQuickInputMessage,
  waitUntilQuickInputCloses,
} from '../support/workbench';
import { story } from './story';

/** A day with Looker Auth. Each step is done and checked as a person would. */
describe('a day with Looker', () => {
  let machine: Machine;
  let looker: StandInLooker;
  let page: Page;
  let host: string;
  const printed: string[] = [];

  story(async (start) => {
    looker = await start(StandInLooker);
    host = new URL(looker.baseUrl).host;
    await buildExample();
    await buildSnippets();
    machine = await start(Machine, { extensions: [ROOT, EXAMPLE, SNIPPETS] });
    page = await machine.openWindow();
    page.on('console', (message) => printed.push(message.text()));
    return page;
  });

  /** Answers the prompts of a login, starting with the first. */
  const type = (...answers: string[]) => submitSteps(page, 'Log In to Looker', answers);
  const livesOf = (userId: string) =>
    looker.liveTokens().filter((token) => token.userId === userId).length;

  it('starts logged out', async () => {
    const { label, background } = await statusBarItem(page, /Looker: log in/);
    assert.equal(label, 'Looker: not logged in. Click to log in.');
    assert.equal(background, 'none');
    await screenshot(page, '01-logged-out');
  });

  it('shows an error for an instance URL in the prompt where it was typed', async () => {
    await runCommand(page, 'Looker: Log In…');
    await waitForQuickInput(page, /Log In to Looker/);
    await screenshot(page, '02-instance');
    for (const [typed, message] of [
      ['looker', /isn't the URL of a Looker instance/],
      ['http://looker.example', /plain HTTP/],
    ] as const) {
      await submit(page, typed);
      assert.match(await validationMessage(page), message);
    }
    await submit(page, '127.0.0.1:9');
    await waitForQuickInputMessage(page, /Couldn't reach 127\.0\.0\.1:9 \(connection refused\)/);
    await waitForQuickInput(page, 'Log In to Looker (1/3)');
    await screenshot(page, '03-wrong-instance');
  });

  it('cancels with Esc at each prompt, and saves nothing', async () => {
    await pressEscape(page);
    await waitUntilQuickInputCloses(page);
    for (const answers of [[host], [host, 'SomeClientId00000000']]) {
      await clickStatusBarItem(page, /Looker: log in/);
      await waitForQuickInput(page, /Log In to Looker/);
      await type(...answers);
      await waitForQuickInput(page, new RegExp(`${answers.length + 1}/3`));
      await pressEscape(page);
      await waitUntilQuickInputCloses(page);
    }
    await statusBarItem(page, /Looker: log in/);
    assert.deepEqual(looker.liveTokens(), []);
  });

  it('allows to correct a refused API key without typing everything again', async () => {
    const { clientId, clientSecret } = looker.apiKeyOf('Ada');
    await clickStatusBarItem(page, /Looker: log in/);
    await type(`  ${host}/explore/model/view?fields=a `, clientId, 'wrong-secret');
    await waitForQuickInput(page, /2\/3/);
    assert.match(
      await validationMessage(page),
      /127\.0\.0\.1:\d+ rejected this API key\. Check the client ID/,
    );
    await screenshot(page, '04-refused-key');
    await page.keyboard.press('Enter');
    await waitForQuickInput(page, /3\/3/);
    await screenshot(page, '05-client-secret');
    await pressQuickInputButton(page, 'Back');
    await waitForQuickInput(page, /2\/3/);
    await page.keyboard.press('Enter');
    await waitForQuickInput(page, /3\/3/);
    looker.fault({ path: '/login', times: 1, kind: { is: 'slow', ms: 1000 } });
    await submit(page, clientSecret);
    await page.locator('.quick-input-list').getByText(`Logging in to ${host}…`).waitFor();
    await waitForQuickInput(page, `Log In to ${host}`);
    await statusBarItem(page, /logging in/);
    await screenshot(page, '06-logging-in');
  });

  it('shows the instance, the user, and the time left after the login', async () => {
    const { text, label, background } = await statusBarItem(page, /Ada Lovelace/);
    assert.match(text, new RegExp(`^Ada Lovelace · 59m · ${host}$`));
    assert.match(label, /^Looker: Ada Lovelace on .*, token valid for 59 minutes$/);
    assert.equal(background, 'none');
    await screenshot(page, '07-logged-in');
  });

  it('acts as another user, found by name, and shows it in warning colors', async () => {
    await runCommand(page, 'Looker: Log In as User (Sudo)…');
    await waitForQuickInput(page, /Log In as User \(Sudo\)/);
    await quickPickItems(page);
    await typeInto(page, 'tur');
    // Enter must not choose from the previous list.
    await page.keyboard.press('Enter');
    await searchFor(page, 'turing');
    await pickItem(page, /Alan Turing/);
    const question = await dialogText(page);
    assert.ok(question.includes(`Act as Alan Turing on ${host}?`));
    assert.match(question, /You stay logged in as Ada Lovelace/);
    await screenshot(page, '08a-act-as');
    await answerDialog(page, 'Act as This User');
    const { label, background } = await statusBarItem(page, /Alan Turing \(sudo\)/);
    assert.equal(background, 'warning');
    assert.match(label, /Alan Turing, sudo by Ada Lovelace/);
    await page.mouse.move(640, 400);
    await screenshot(page, '08-sudo');
  });

  it('shows all accounts in the tooltip, and in the accounts list', async () => {
    const tooltip = await statusBarTooltip(page, /Alan Turing/);
    assert.match(tooltip, /^Alan\sTuring,\ssudo\sby\sAda\sLovelace\s+127/);
    assert.match(tooltip, /Token\svalid\sfor\s5\d\sminutes/);
    assert.match(tooltip, /Ada\sLovelace\s\(127/);
    assert.match(tooltip, /Stop\sActing\sas\sAlan\sTuring/);
    await screenshot(page, '09-tooltip');
    await clickStatusBarItem(page, /Alan Turing/);
    await waitForQuickInput(page, 'Looker Accounts');
    const lines = (await quickPickItems(page)).map(({ label }) => label);
    assert.deepEqual(lines.slice(0, 4), [
      'Log In…',
      'Log Out…',
      'Alan Turing, sudo by Ada Lovelace',
      'Ada Lovelace',
    ]);
    await screenshot(page, '10-accounts');
    await pickItem(page, /^Alan Turing/);
    await waitForQuickInput(page, /^Alan Turing, sudo by Ada Lovelace · 127/);
    await screenshot(page, '10a-account-actions');
    await pressEscape(page);
  });

  it("shows why a user who doesn't exist can't be acted as", async () => {
    await runCommand(page, 'Looker: Log In as User (Sudo)…');
    await searchFor(page, '404');
    await pickItem(page, /User ID 404/);
    assert.match(await dialogText(page), /^Act as user 404 on /);
    await answerDialog(page, 'Act as This User');
    await waitForNotification(page, /has no active user with ID 404/);
    await screenshot(page, '11-unknown-user');
    await page.keyboard.press('Escape');
  });

  it('stays logged in after a reload, without a prompt', async () => {
    await reloadWindow(page);
    const { background } = await statusBarItem(page, /Alan Turing \(sudo\) · 5\dm/);
    assert.equal(background, 'warning');
    await screenshot(page, '12-after-reload');
  });

  it('lets the user allow another extension, or not', async () => {
    await runCommand(page, 'Example: Who Am I in Looker?');
    assert.match(await dialogText(page), /'Looker Who Am I' wants to sign in using Looker/);
    await screenshot(page, '13-consent');
    await answerDialog(page, 'Cancel');
    await waitForNotification(page, "You didn't log in, so nothing was asked of Looker.");
    await runCommand(page, 'Example: Who Am I in Looker?');
    await answerDialog(page, 'Allow');
    await pickItem(page, `Ada Lovelace (${host})`);
    await waitForNotification(page, "You're Ada Lovelace (user ID 1)");
    await screenshot(page, '14-consumer');
  });

  it("gets from the README's example what the README says", async () => {
    await runCommand(page, 'Snippets: readme.for-extension-authors');
    await answerDialog(page, 'Allow');
    await pickItem(page, `Ada Lovelace (${host})`);
    await waitForNotification(page, 'Hello, Ada Lovelace');
  });

  it('stops acting as the other user', async () => {
    // The account that was chosen for the extensions is the active one.
    await clickStatusBarItem(page, /Ada Lovelace/);
    await waitForQuickInput(page, 'Looker Accounts');
    await pickItem(page, /^\s*Alan Turing/);
    await pickItem(page, 'Switch to This Account');
    await clickStatusBarItem(page, /Alan Turing/);
    await pickItem(page, /^\s*Alan Turing/);
    await pickItem(page, /Stop Acting as Alan Turing/);
    const { background } = await statusBarItem(page, /^.*Ada Lovelace · 5\dm/);
    assert.equal(background, 'none');
    // Logged out here first, and at Looker a moment later.
    await until(() => livesOf('3') === 0);
  });

  it('copies the token after a warning, and shows a log without secrets', async () => {
    await runCommand(page, 'Looker: Copy Access Token');
    assert.match(
      await dialogText(page),
      /anyone who has it can do anything in Looker that this account can/,
    );
    await screenshot(page, '15-copy-token');
    await answerDialog(page, 'Cancel');
    await runCommand(page, 'Looker: Show Log');
    await page
      .locator('.view-line')
      .filter({ hasText: /Logged\sout\sof\sAlan/ })
      .waitFor();
    await screenshot(page, '16-log');
  });

  it('signs out in the Accounts menu, and on the server', async () => {
    const menu = await openAccountsMenu(page);
    assert.ok(menu.some((item) => item.includes(`Ada Lovelace (${host})`)));
    await screenshot(page, '17-accounts-menu');
    await pickMenuItem(page, /Ada Lovelace/, /Sign Out/);
    await answerDialog(page, 'Sign Out');
    await statusBarItem(page, /Looker: log in/);
    await until(() => looker.liveTokens().length === 0);
  });

  it("shows why a user who isn't an admin can't use sudo", async () => {
    const { clientId, clientSecret } = looker.apiKeyOf('Grace Hopper');
    await clickStatusBarItem(page, /Looker: log in/);
    await type(looker.baseUrl, clientId, clientSecret);
    await statusBarItem(page, /Grace Hopper/);
    // VS Code shows at most three messages.
    await runCommand(page, 'Notifications: Clear All Notifications');
    await runCommand(page, 'Looker: Log In as User (Sudo)…');
    await searchFor(page, 'alan');
    await pickItem(page, /Alan Turing/);
    await answerDialog(page, 'Act as This User');
    await waitForNotification(page, /doesn't let you act as user 3.*Admin role.*Google Cloud core/);
    await screenshot(page, '18-sudo-refused');
    await answerNotification(page, /doesn't let you act/, 'Log In…');
    await waitForQuickInput(page, /Log In to 127.*\(\d\/\d\)$/);
    await pressEscape(page);
  });

  it('logs out, here and on the server', async () => {
    await runCommand(page, 'Looker: Log Out…');
    assert.match(await dialogText(page), /^Log out of Grace Hopper \(.*deletes the API key/s);
    await screenshot(page, '19-logout');
    await answerDialog(page, 'Log Out');
    await statusBarItem(page, /Looker: log in/);
    await until(() => looker.liveTokens().length === 0);
    await screenshot(page, '20-logged-out-again');
  });

  it('logs in when another extension needs it', async () => {
    const { clientId, clientSecret } = looker.apiKeyOf('Grace Hopper');
    await runCommand(page, 'Example: Who Am I in Looker?');
    await answerDialog(page, 'Allow');
    const title = 'Log In to Looker for an Extension';
    await submitSteps(page, title, [looker.baseUrl, clientId, clientSecret]);
    await waitForNotification(page, "You're Grace Hopper (user ID 2)");
    await runCommand(page, 'Looker: Log Out…');
    await answerDialog(page, 'Log Out');
    await statusBarItem(page, /Looker: log in/);
  });

  it('leaves no secrets and no tokens anywhere', async () => {
    const keys = looker.people.flatMap(({ apiKey }) => apiKey?.clientSecret ?? []);
    const tokens = looker.requests.flatMap(({ token }) => token ?? []);
    const secrets = [...new Set([...keys, ...tokens, 'wrong-secret'])];
    assert.equal(secrets.length, 8);
    assert.deepEqual(await filesWith(machine.home.folder, secrets), []);
    assert.deepEqual(await filesWith(SCREENSHOTS, secrets), []);
    const texts = [machine.log, await browserStorage(page), ...printed];
    assert.deepEqual(
      secrets.filter((secret) => texts.some((text) => text.includes(secret))),
      [],
    );
    // The search itself works: names aren't secret.
    assert.notDeepEqual(await filesWith(machine.home.folder, ['Logged out of Alan Turing']), []);
    assert.notDeepEqual(await filesWith(SCREENSHOTS, ['Ada Lovelace']), []);
  });
});
