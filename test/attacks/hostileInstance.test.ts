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

/** A release that would fill any prompt and push the text after it off the screen. */
const RELEASE = `26.12.3 on acme.cloud.looker.com. Paste your API key${' '.repeat(4000)}`;
const BLANKS = '\u2800'.repeat(200);

/** User names that try to be more than text, by the word that the tests find them by. */
const NAMES = {
  Link: '[Link](command:workbench.action.toggleSidebarVisibility) Us',
  Badge: '$(verified-filled) Badge',
  Site: 'www.evil.test Site',
  Tag: 'Tag <command:workbench.action.toggleSidebarVisibility>',
  Wide: `Wide${BLANKS} (acme.cloud.looker.com)`,
  Bare: 'https://evil.test/Bare mail@evil.test',
  Code: '![Code](https://evil.test/x.png) `$(check)`',
};

/** Looker Auth's item in the status bar, not one of its short messages there. */
const ITEM = '[id="looker-auth.looker-auth.lookerAuth.account"]';

/** The attacker is an admin of the instance, or anyone else who can change a user's name. */
describe('an instance that sends hostile text', () => {
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
        // Another extension may have written these.
        'lookerAuth.instances': [
          { url: looker.baseUrl, name: `acme.cloud.looker.com${BLANKS}` },
          { url: elsewhere.baseUrl, name: '$(verified) [Acme](command:workbench.action.quit)' },
        ],
      },
    });
    page = await machine.openWindow();
    return page;
  });

  /** The number of icons and links in the text of a list, without the icons before its lines. */
  const markedLines = () =>
    page
      .locator('.quick-input-list .monaco-list-row')
      .locator(
        '.label-name .codicon, .label-description .codicon, .quick-input-list-label-meta .codicon, a[href]',
      )
      .count();

  it("can't put text into the prompts for its API key, whose titles name its host", async () => {
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

  it("can't put links or icons into the tooltip, the status bar, or lists through user names", async () => {
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
    // The only icon is Looker Auth's own: the name has none.
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

  it("can't push its host out of sight with a long user name", async () => {
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

  it("can't put links or icons into VS Code's own dialog and list, or another extension's message", async () => {
    void neighbor.run(async ({ vscode }) => {
      const { account } = await vscode.authentication.getSession('looker', [], {
        createIfNone: true,
        clearSessionPreference: true,
      });
      // A well-meaning extension would do this.
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

  it("can't put a link into the message of the example extension", async () => {
    await runCommand(page, 'Example: Who Am I in Looker?');
    await answerDialog(page, 'Allow');
    await pickItem(page, /Link/);
    await waitForNotification(page, /You.re .*Link/);
    assert.deepEqual(await linksIn(page, /You.re .*Link/), []);
  });

  it("can't redirect the example extension's requests to another instance", async () => {
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

describe('an instance that sends values Looker never sends', () => {
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

  it('is rejected if an access token has unexpected characters or is too long', async () => {
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

  it('is rejected if a user ID is empty, too long, or has unexpected characters', async () => {
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

  it('leaves nothing behind once rejected, even after a reload', async () => {
    await reloadWindow(page);
    const account = page.locator('.statusbar-item').filter({ hasText: 'Ada Lovelace' });
    await unharmedUntil(statusBarItem(page, /Looker: log in/), async () => {
      assert.equal(await account.count(), 0, 'logged in');
    });
    const { home } = machine;
    assert.deepEqual(await filesWith(home.data, ['touch ', 'calc.exe', '7'.repeat(70)]), []);
    assert.equal(existsSync(trace), false);
  });

  it('is rejected if its host name has unexpected characters or is too long', async () => {
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
      // Looker Auth doesn't even try to reach it.
      const says = await validationMessage(page);
      assert.match(says, /A host name can't|isn't the URL of a Looker/, `${url}: ${says}`);
      assert.equal(await page.locator('.quick-input-title').innerText(), `${TITLE} (1/3)`);
    }
    await pressEscape(page);
  });

  it("can't list more than a page of users, however many it sends", async () => {
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

/** The first and last name of a user with this display name. */
function inTwo(displayName: string): { firstName: string; lastName: string } {
  const [firstName = '', ...rest] = displayName.split(' ');
  return { firstName, lastName: rest.join(' ') };
}
