import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { StandInLooker } from '../standIn/standInLooker';
import { buildExample, EXAMPLE } from '../support/buildExample';
import { ROOT } from '../support/buildExtension';
import { filesWith } from '../support/leaks';
import { logIn } from '../support/logIn';
import { Machine } from '../support/machine';
import {
  answerDialog,
  dialogText,
  iconsIn,
  linksIn,
  pickItem,
  pressEscape,
  quickPickItems,
  reloadWindow,
  runCommand,
  screenshot,
  statusBarItem,
  submit,
  typeInto,
  validationMessage,
  waitForNotification,
  waitForQuickInput,
} from '../support/workbench';
import { story } from '../ui/story';
import { Neighbor, NEIGHBOR } from './neighbor';
import { nothingSentTo, unharmedUntil } from './unharmed';

/** Would fill any box, and push what follows off the screen. */
const RELEASE = `26.12.3 on acme.cloud.looker.com. Paste your API key${' '.repeat(4000)}`;
const BLANKS = '\u2800'.repeat(200);

/** By the word each is found by: names that want to be more than letters. */
const NAMES = {
  Link: '[Link](command:workbench.action.toggleSidebarVisibility) Us',
  Badge: '$(verified-filled) Badge',
  Site: 'www.evil.test Site',
  Tag: 'Tag <command:workbench.action.toggleSidebarVisibility>',
  Wide: `Wide${BLANKS} (acme.cloud.looker.com)`,
  Bare: 'https://evil.test/Bare mail@evil.test',
  Code: '![Code](https://evil.test/x.png) `$(check)`',
};

/** Ours in the status bar, beside that of a short message. */
const ITEM = '[id="looker-auth.looker-auth.lookerAuth.account"]';

/** An instance whose admin, or whoever may change a user's name, means harm. */
describe('an instance whose words mean harm', () => {
  let looker: StandInLooker;
  let elsewhere: StandInLooker;
  let neighbor: Neighbor;
  let page: Page;
  let host: string;

  story(async (start) => {
    looker = await start(StandInLooker, { release: RELEASE });
    elsewhere = await start(StandInLooker);
    for (const name of Object.values(NAMES)) {
      looker.addPerson({ ...inTwo(name), roles: ['admin'], apiKey: true });
    }
    host = new URL(looker.baseUrl).host;
    neighbor = await start(Neighbor);
    await buildExample();
    const machine = await start(Machine, {
      extensions: [ROOT, EXAMPLE, NEIGHBOR],
      env: () => neighbor.env,
      settings: {
        // Whatever another extension has written there.
        'lookerAuth.instances': [
          { url: looker.baseUrl, name: `acme.cloud.looker.com${BLANKS}` },
          { url: elsewhere.baseUrl, name: '$(verified) [Acme](command:workbench.action.quit)' },
        ],
      },
    });
    page = await machine.openWindow();
    return page;
  });

  /** Icons and links in what people read of a list: not those that stand before a line. */
  const markedLines = () =>
    page
      .locator('.quick-input-list .monaco-list-row')
      .locator(
        '.label-name .codicon, .label-description .codicon, .quick-input-list-label-meta .codicon, a[href]',
      )
      .count();

  it('says nothing in the boxes that take its API key, whose titles name its host', async () => {
    const { clientId } = looker.apiKeyOf('Ada');
    await runCommand(page, 'Looker: Log In…');
    await waitForQuickInput(page, 'Log In to Looker (1/3)');
    const labels = (await quickPickItems(page)).map(({ label }) => label);
    assert.deepEqual(
      labels.filter((label) => label.includes('acme.cloud')),
      [],
    );
    await waitForNotification(page, /"name" can't contain the host of another instance/);
    await pickItem(page, host);
    await waitForQuickInput(page, /\(2\/3\)/);
    const box = page.locator('.quick-input-widget');
    const clean = async () => {
      const text = await box.innerText();
      assert.doesNotMatch(text, /acme|Paste|\s{5}/);
      assert.ok(text.includes(host));
      const title = await box.locator('.quick-input-title').innerText();
      assert.ok(title.startsWith(`Log In to ${host} `), title);
    };
    await page
      .locator('.quick-input-message')
      .filter({ hasText: /Looker on 127|API 4\.0/ })
      .waitFor();
    await clean();
    await screenshot(page, 'attack-release');
    await submit(page, clientId);
    await waitForQuickInput(page, /\(3\/3\)/);
    await clean();
    await screenshot(page, 'attack-release-secret');
    await pressEscape(page);
  });

  it('has names that are neither link nor icon in the tooltip, the status bar and lists', async () => {
    for (const name of Object.values(NAMES)) {
      await logIn(page, looker, name);
      await page.locator('.quick-input-widget').waitFor({ state: 'hidden' });
    }
    const item = page.locator(ITEM).filter({ hasText: /Code/ });
    await item.waitFor();
    assert.ok(
      (await item.innerText()).endsWith(host),
      'no setting names another host in its place',
    );
    // Ours is the first; the name has none.
    assert.equal(await item.locator('.codicon').count(), 1);
    await item.hover();
    await page.locator('.monaco-hover .hover-contents').waitFor();
    await screenshot(page, 'attack-names-tooltip');
    const hover = page.locator('.monaco-hover .hover-contents');
    const links = await hover
      .locator('a')
      .evaluateAll((all) =>
        (all as { getAttribute(name: string): string | null }[]).map(
          (link) => link.getAttribute('data-href') ?? '',
        ),
      );
    assert.ok(links.length > 0);
    assert.deepEqual(
      links.filter((href) => !href.startsWith('command:lookerAuth.')),
      [],
    );
    assert.equal(await hover.locator('img').count(), 0);
    await item.locator('a').click();
    const lines = await quickPickItems(page);
    for (const word of Object.keys(NAMES)) {
      assert.ok(
        lines.some(({ label }) => label.includes(word)),
        word,
      );
    }
    await screenshot(page, 'attack-names-list');
    assert.deepEqual(await iconsIn(page, /Badge/), []);
    assert.equal(await markedLines(), 0);
    await pressEscape(page);
  });

  it('has no name that pushes its host out of sight', async () => {
    const labels = await neighbor.run(async ({ vscode }) =>
      (await vscode.authentication.getAccounts('looker')).map(({ label }) => label),
    );
    for (const label of labels) {
      assert.ok(label.endsWith(`(${host})`), label);
      assert.ok(label.length < 100, label);
      assert.doesNotMatch(label, /[\u2800[\]<>`]|\$\(|:\/\/|www\./);
    }
    assert.equal(labels.length, Object.keys(NAMES).length);
  });

  it('has names that are letters in VS Code’s own dialog and list, and in a message', async () => {
    void neighbor.run(async ({ vscode }) => {
      const { account } = await vscode.authentication.getSession('looker', [], {
        createIfNone: true,
        clearSessionPreference: true,
      });
      // As an extension does that thinks of nothing bad.
      void vscode.window.showInformationMessage(`Neighbor greets ${account.label}`);
    });
    assert.match(await dialogText(page), /Neighbor/);
    await screenshot(page, 'attack-names-consent');
    const dialog = page.locator('.monaco-dialog-box .dialog-message-container');
    assert.equal(await dialog.locator('.codicon, a').count(), 0);
    await answerDialog(page, 'Allow');
    await quickPickItems(page);
    await screenshot(page, 'attack-names-picker');
    assert.equal(await markedLines(), 0);
    await pickItem(page, /Link/);
    await waitForNotification(page, /Neighbor greets/);
    assert.deepEqual(await linksIn(page, /Neighbor greets/), []);
  });

  it('has a name that is no link in the message of our example', async () => {
    await runCommand(page, 'Example: Who Am I in Looker?');
    await answerDialog(page, 'Allow');
    await pickItem(page, /Link/);
    await waitForNotification(page, /You.re .*Link/);
    assert.deepEqual(await linksIn(page, /You.re .*Link/), []);
  });

  it('gets nothing of our example sent elsewhere', async () => {
    const unsent = nothingSentTo(elsewhere);
    looker.fault({
      path: '/user',
      kind: { is: 'redirect', to: `${elsewhere.baseUrl}/api/4.0/user`, status: 307 },
    });
    await runCommand(page, 'Notifications: Clear All Notifications');
    await runCommand(page, 'Example: Who Am I in Looker?');
    await page.locator('.notification-toast').first().waitFor();
    await unsent();
    looker.clearFaults();
  });
});

/** Values that it should not send. */
describe('an instance that sends what no Looker sends', () => {
  let looker: StandInLooker;
  let machine: Machine;
  let page: Page;
  let trace: string;

  story(async (start) => {
    looker = await start(StandInLooker);
    machine = await start(Machine, { extensions: [ROOT] });
    trace = path.join(machine.home.folder, 'run');
    page = await machine.openWindow();
    return page;
  });

  const TITLE = 'Log In to Looker';
  const sendToken = (access_token: string) =>
    looker.fault({
      path: '/login',
      kind: {
        is: 'json',
        status: 200,
        body: { access_token, token_type: 'Bearer', expires_in: 3600 },
      },
    });

  it('is refused with a token that is more than letters, or a book', async () => {
    const tokens = [
      `$(touch ${trace})`,
      `a" & calc.exe & "`,
      `a'; touch ${trace} #`,
      `a\n$(touch ${trace})`,
      '%PATH%',
      'é'.repeat(40),
      'a'.repeat(3000),
    ];
    for (const token of tokens) {
      const removed = sendToken(token);
      await logIn(page, looker, 'Ada');
      assert.match(await validationMessage(page), /./);
      removed();
      await pressEscape(page);
      await page.locator('.quick-input-widget').waitFor({ state: 'hidden' });
    }
    await statusBarItem(page, /Looker: log in/);
    const used = looker.requests.filter(({ path }) => path.endsWith('/user'));
    assert.deepEqual(
      used.map(({ headers }) => headers.authorization),
      [],
    );
  });

  it('is refused with a user ID that is a book, or a path', async () => {
    const account = page.locator('.statusbar-item').filter({ hasText: 'Ada Lovelace' });
    for (const id of ['7'.repeat(300_000), '../1', '1#2', '1\u202e2', '']) {
      const body = { id, display_name: 'Ada Lovelace', email: 'ada@example.com' };
      const removed = looker.fault({ path: '/user', kind: { is: 'json', status: 200, body } });
      await logIn(page, looker, 'Ada');
      await unharmedUntil(validationMessage(page), async () => {
        assert.equal(await account.count(), 0, `logged in as a user with the ID ${id.slice(0, 9)}`);
      });
      removed();
      await pressEscape(page);
      await page.locator('.quick-input-widget').waitFor({ state: 'hidden' });
    }
    await statusBarItem(page, /Looker: log in/);
  });

  it('leaves nothing behind then, not even after a reload', async () => {
    await reloadWindow(page);
    const account = page.locator('.statusbar-item').filter({ hasText: 'Ada Lovelace' });
    await unharmedUntil(statusBarItem(page, /Looker: log in/), async () => {
      assert.equal(await account.count(), 0, 'logged in');
    });
    const { home } = machine;
    assert.deepEqual(await filesWith(home.data, ['touch ', 'calc.exe', '7'.repeat(70)]), []);
    assert.equal(existsSync(trace), false);
  });

  it('is not accepted where its host is more than a host', async () => {
    await runCommand(page, 'Looker: Log In…');
    await waitForQuickInput(page, /Log In to Looker/);
    for (const url of [
      'https://$(x).evil.test',
      'acme.cloud.looker.com(eu).evil.test',
      'acme.cloud.looker.com,evil.test',
      'https://acme.cloud.looker.com\u2044login.evil.test',
      'https://acme.cloud.looker.com%2f.evil.test',
      'https://acme.cloud.looker.com;evil.test',
      `https://${'a.'.repeat(130)}test`,
    ]) {
      await submit(page, url);
      // It is not even looked for.
      const says = await validationMessage(page);
      assert.match(says, /A host name can't|isn't the URL of a Looker/, `${url}: ${says}`);
      assert.equal(await page.locator('.quick-input-title').innerText(), `${TITLE} (1/3)`);
    }
    await pressEscape(page);
  });

  it('has a list of users that stays a page, however many it sends', async () => {
    await logIn(page, looker, 'Ada');
    await statusBarItem(page, /Ada Lovelace/);
    const many = Array.from({ length: 20_000 }, (_, i) => ({
      id: String(i + 100),
      display_name: `Many ${i}`,
    }));
    looker.fault({ path: '/users/search', kind: { is: 'json', status: 200, body: many } });
    await runCommand(page, 'Looker: Log In as User (Sudo)…');
    await waitForQuickInput(page, /Log In as User/);
    await typeInto(page, 'many');
    const row = page.locator('.quick-input-list .monaco-list-row').filter({ hasText: 'Many ' });
    await row.first().waitFor();
    const size = Number(await row.first().getAttribute('aria-setsize'));
    assert.ok(size > 0 && size <= 110, `${size} lines`);
    await screenshot(page, 'attack-many-users');
    await pressEscape(page);
  });
});

/** First and last name of somebody whom Looker shows so. */
function inTwo(displayName: string): { firstName: string; lastName: string } {
  const [firstName = '', ...rest] = displayName.split(' ');
  return { firstName, lastName: rest.join(' ') };
}
