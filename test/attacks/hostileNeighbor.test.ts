import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Page } from 'playwright-core';
import type { LookerAuthExports, LookerSession } from '../../packages/looker-auth-api/index';
import { StandInLooker, type Certificate } from '../standIn/standInLooker';
import { ROOT } from '../support/buildExtension';
import { authority, serverCertificate } from '../support/certificates';
import { filesWith } from '../support/leaks';
import { logIn } from '../support/logIn';
import { Machine } from '../support/machine';
import { until } from '../support/until';
import {
  answerDialog,
  answerNotification,
  dialogText,
  pickItem,
  pressEscape,
  quickPickItems,
  runCommand,
  screenshot,
  statusBarItem,
  waitForNotification,
  waitForQuickInput,
  waitUntilQuickInputCloses,
} from '../support/workbench';
import { story } from '../ui/story';
import { answerInVain, insistInVain } from './answering';
import { Neighbor, NEIGHBOR, NEIGHBOR_ID } from './neighbor';
import { nothingSentTo, unharmedUntil, type Unharmed } from './unharmed';

/** In seconds; short, so that tokens are renewed soon. */
const TOKEN_LIFE_S = 9;

/** Another extension runs Looker Auth's commands and answers their prompts itself. */
describe('an extension that answers prompts in place of the user', () => {
  let looker: StandInLooker;
  let machine: Machine;
  let neighbor: Neighbor;
  let page: Page;

  story(async (start) => {
    looker = await start(StandInLooker);
    neighbor = await start(Neighbor);
    machine = await start(Machine, { extensions: [ROOT, NEIGHBOR], env: () => neighbor.env });
    page = await machine.openWindow();
    return page;
  });

  const logInAs = async (name: string) => {
    await logIn(page, looker, name);
    await statusBarItem(page, new RegExp(`${name}.* · 59m`));
  };
  /** Checks that exactly these accounts are logged in, and no login as another user was requested. */
  const unharmed =
    (...names: readonly string[]): Unharmed =>
    async () => {
      const acting = looker.requests.filter(({ path }) => /\/login\/\d+$/.test(path));
      assert.deepEqual(
        acting.map(({ method, path }) => `${method} ${path}`),
        [],
      );
      const labels = await neighbor.run(async ({ vscode }) =>
        (await vscode.authentication.getAccounts('looker')).map(({ label }) => label),
      );
      assert.deepEqual(labels.map((label) => label.replace(/ \(.*/, '')).sort(), names);
    };
  const answered = (command: string, unharmed: Unharmed, ...args: readonly unknown[]) =>
    answerInVain(page, neighbor, unharmed, `lookerAuth.${command}`, ...args);

  it("can't act as another user, since only the user can answer the dialog", async () => {
    await logInAs('Ada');
    const preset = { admin: { id: `${looker.baseUrl}#1` }, userId: '3', associative: false };
    for (const args of [[], [preset]]) {
      assert.match(
        await answered('loginAsUser', unharmed('Ada Lovelace'), ...args),
        /^Act as Alan Turing on 127/,
      );
    }
    await statusBarItem(page, /Ada Lovelace · 5\dm/);
  });

  it("can't log out the only account", async () => {
    for (const args of [[], [[`${looker.baseUrl}#1`], true]]) {
      assert.match(
        await answered('logout', unharmed('Ada Lovelace'), ...args),
        /^Log out of Ada Lovelace \(127/,
      );
    }
  });

  it("can't log out one of several accounts", async () => {
    await logInAs('Grace Hopper');
    assert.match(
      await answered('logout', unharmed('Ada Lovelace', 'Grace Hopper')),
      /^Log out of Grace Hopper \(127/,
    );
    assert.equal(looker.liveTokens().length, 2);
  });

  it("can't copy a token, open a terminal, or log out from the accounts list", async () => {
    // The active account, Grace Hopper's, has the focus at first.
    const next = (times: number) => Array.from({ length: times }, () => 'quickInput.next');
    const lines: readonly (readonly [RegExp, ...(readonly string[])[]])[] = [
      [/^Copy the access token for Grace/, [], next(2)],
      [/^Open a terminal as Grace/, [], next(3)],
      [/^Log out of Grace Hopper/, [], ['quickInput.last']],
      [/^Log out of these accounts/, ['quickInput.first', 'quickInput.next'], ['quickInput.last']],
    ];
    const areBothLoggedIn = unharmed('Ada Lovelace', 'Grace Hopper');
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    const keepsTheToken = async () => {
      await areBothLoggedIn();
      const { clipboard, terminals } = await neighbor.run(async ({ vscode }) => ({
        clipboard: await vscode.env.clipboard.readText(),
        terminals: vscode.window.terminals.map(({ name }) => name),
      }));
      assert.ok(
        looker.liveTokens().every(({ value }) => value !== clipboard),
        'a token is on the clipboard',
      );
      assert.deepEqual(terminals, []);
    };
    for (const [question, ...lists] of lines) {
      await neighbor.run(
        ({ vscode }) => void vscode.commands.executeCommand('lookerAuth.showAccounts'),
      );
      await waitForQuickInput(page, 'Looker Accounts');
      for (const [index, moves] of lists.entries()) {
        // Wait until the next list has replaced the first one.
        if (index > 0) await waitForQuickInput(page, /^(?!Looker Accounts)/);
        await quickPickItems(page);
        await neighbor.run(
          async ({ vscode }, moves) => {
            for (const move of moves) await vscode.commands.executeCommand(move);
          },
          [...moves, 'quickInput.accept'],
        );
      }
      assert.match(await insistInVain(page, neighbor, keepsTheToken), question);
      if (await page.locator('.quick-input-widget').isVisible()) await pressEscape(page);
      await waitUntilQuickInputCloses(page);
    }
  });

  it('gets at most two new tokens in three seconds, however often it renews', async () => {
    const before = looker.requests.length;
    await neighbor.run(async ({ vscode }) => {
      const end = Date.now() + 3000;
      while (Date.now() < end) {
        const renewing = { isOver: false };
        void vscode.commands.executeCommand('lookerAuth.renewToken').then(() => {
          renewing.isOver = true;
        });
        // There are several accounts, so the command asks which one.
        while (!renewing.isOver && Date.now() < end) {
          await vscode.commands.executeCommand('quickInput.accept');
        }
      }
    });
    if (await page.locator('.quick-input-widget').isVisible()) await pressEscape(page);
    const logins = looker.requests.slice(before).filter(({ path }) => path.endsWith('/login'));
    assert.ok(logins.length > 0 && logins.length <= 2, `${logins.length} logins`);
    // Replaced tokens are revoked in the background.
    await until(() => looker.liveTokens().length === 2, 10_000);
  });

  it("can't log in with the key in a stranger's looker.ini", async () => {
    const { clientId, clientSecret } = looker.apiKeyOf('Nightly Export');
    await writeFile(
      path.join(machine.home.workspace, 'looker.ini'),
      `[Looker]\nbase_url=${looker.baseUrl}\nclient_id=${clientId}\nclient_secret=${clientSecret}\n`,
    );
    const file = { scheme: 'file', path: path.join(machine.home.workspace, 'looker.ini') };
    for (const args of [[], [file]]) {
      assert.match(
        await answered('importIni', nothingSentTo(looker), ...args),
        /^Log in to Looker with this API key\?/,
      );
    }
  });

  it("can't get past VS Code's own logout dialog", async () => {
    const accountLabel = `Ada Lovelace (${new URL(looker.baseUrl).host})`;
    const asked = await answerInVain(
      page,
      neighbor,
      unharmed('Ada Lovelace', 'Grace Hopper'),
      '_signOutOfAccount',
      { providerId: 'looker', accountLabel },
    );
    assert.match(asked, /Ada Lovelace/);
  });

  // VS Code allows this with every provider, as SECURITY.md says.
  it("can give itself access to an account with VS Code's own command, but the log shows it", async () => {
    const token = await neighbor.run(
      async ({ vscode }, baseUrl, id) => {
        const ask = (options: object) =>
          vscode.authentication.getSession('looker', [baseUrl], options);
        await ask({});
        void vscode.commands.executeCommand(`looker${id}Access`);
        for (let times = 0; times < 100; times++) {
          await vscode.commands.executeCommand('quickInput.accept');
          const session = await ask({ silent: true });
          if (session) return { label: session.account.label, token: session.accessToken };
        }
        return undefined;
      },
      looker.baseUrl,
      NEIGHBOR_ID,
    );
    assert.ok(token, 'VS Code has mended it: take the sentence out of SECURITY.md');
    const logged = `An extension asked VS Code for a session of ${token.label}`;
    // The log is written with a delay, but in order: once it has a later line, it has this one.
    await neighbor.run(
      ({ vscode }) => void vscode.commands.executeCommand('lookerAuth.stopActingAs'),
    );
    const later = "You aren't acting as another user";
    while ((await filesWith(machine.home.data, [later])).length === 0);
    assert.notDeepEqual(await filesWith(machine.home.data, [logged]), [], 'the log says nothing');
    assert.deepEqual(await filesWith(machine.home.data, [token.token]), []);
  });

  it('gets no more details with that session a minute after the user withdraws consent', async () => {
    const has = () =>
      neighbor.run(async ({ vscode }, baseUrl) => {
        const kept = globalThis as unknown as { session?: LookerSession };
        kept.session ??= (await vscode.authentication.getSession('looker', [baseUrl], {
          silent: true,
        })) as LookerSession;
        const extension =
          vscode.extensions.getExtension<LookerAuthExports>('looker-auth.looker-auth');
        return (await extension?.activate())?.getApi(1).details(kept.session)?.user.name;
      }, looker.baseUrl);
    const name = await has();
    assert.match(name ?? '', /./);
    await runCommand(page, 'Accounts: Manage Trusted Extensions For Account');
    await pickItem(page, new RegExp(name ?? ''));
    await page
      .locator('.quick-input-list .monaco-list-row')
      .filter({ hasText: 'Neighbor' })
      .first()
      .waitFor();
    await screenshot(page, 'attack-manage-trusted');
    await page
      .locator('.quick-input-list .monaco-list-row')
      .filter({ hasText: 'Neighbor' })
      .first()
      .click();
    await page.getByRole('button', { name: 'OK', exact: true }).click();
    await waitUntilQuickInputCloses(page);
    const kept = await neighbor.run(
      () => (globalThis as unknown as { session: LookerSession }).session.accessToken,
    );
    const isKeptAlive = () => looker.liveTokens().some(({ value }) => value === kept);
    // A token that was just issued isn't replaced, so the user tries again.
    while (isKeptAlive()) {
      await runCommand(page, 'Looker: Renew Token');
      await pickItem(page, new RegExp(name ?? ''));
      for (let looks = 0; looks < 60 && isKeptAlive(); looks++) await page.waitForTimeout(100);
    }
    // Skip a minute: only the clock that Looker Auth uses moves ahead.
    await neighbor.run(() => {
      const now = performance.now.bind(performance);
      performance.now = () => now() + 61_000;
    });
    assert.equal(await has(), undefined);
  });
});

/** Another extension changes Looker Auth's settings, as any extension can, and waits for the next renewal. */
describe("an extension that weakens an instance's protection in the settings", () => {
  let looker: StandInLooker;
  let machine: Machine;
  let neighbor: Neighbor;
  let attacker: Certificate;
  let page: Page;

  story(async (start) => {
    const known = await authority('Known CA');
    attacker = await authority('CA of the Neighbor');
    looker = await start(StandInLooker, {
      certificate: await serverCertificate({ signedBy: known }),
      tokenLife: TOKEN_LIFE_S,
    });
    neighbor = await start(Neighbor);
    machine = await start(Machine, {
      extensions: [ROOT, NEIGHBOR],
      env: ({ folder }) => {
        const file = path.join(folder, 'known-ca.pem');
        writeFileSync(file, known.cert);
        writeFileSync(path.join(folder, 'attacker.pem'), attacker.cert);
        return { ...neighbor.env, NODE_EXTRA_CA_CERTS: file };
      },
    });
    page = await machine.openWindow();
    return page;
  });

  const logins = () => looker.requests.filter(({ path }) => path.endsWith('/login'));
  const write = (weakness: Readonly<Record<string, unknown>>) =>
    neighbor.run(
      ({ vscode }, instances) =>
        vscode.workspace
          .getConfiguration('lookerAuth')
          .update('instances', instances, vscode.ConfigurationTarget.Global),
      [{ url: looker.baseUrl, ...weakness }],
    );
  const WEAKER = /Your settings protect .* less than you agreed to/;
  const expired = () =>
    page
      .locator('.statusbar-item')
      .filter({ hasText: /Ada Lovelace/ })
      .and(page.locator('[aria-label*="expired"]'))
      .waitFor();

  it("can't make an automatic renewal send the key in the URL", async () => {
    await logIn(page, looker, 'Ada');
    await statusBarItem(page, /Ada Lovelace/);
    await write({ credentialsInQuery: true });
    const unsent = nothingSentTo(looker);
    await unharmedUntil(waitForNotification(page, WEAKER), unsent);
    await unharmedUntil(expired(), unsent);
  });

  it("can't agree in place of the user", async () => {
    const unsent = nothingSentTo(looker);
    // The notification may have been hidden.
    await runCommand(page, 'Notifications: Clear All Notifications');
    await runCommand(page, 'Looker: Renew Token');
    await answerNotification(page, WEAKER, 'Review…');
    const asked = await insistInVain(page, neighbor, unsent);
    assert.match(asked, /^Connect to 127\.0\.0\.1:\d+ with less protection\?[^]*in the URL/);
  });

  it("can't have the key sent to its own server by setting its own CA file", async () => {
    const unsent = nothingSentTo(looker);
    looker.changeCertificate(await serverCertificate({ signedBy: attacker }));
    await write({ caFile: path.join(machine.home.folder, 'attacker.pem') });
    await runCommand(page, 'Looker: Renew Token');
    await unharmedUntil(answerNotification(page, WEAKER, 'Review…'), unsent);
    assert.match(await dialogText(page), /CA file: .*attacker\.pem/);
    await screenshot(page, 'attack-ca-file');
    await answerDialog(page, 'Cancel');
    await unsent();
  });

  it("gets its settings applied once the user agrees, and the user isn't asked again", async () => {
    const before = logins().length;
    const questions = page.locator('.monaco-dialog-box, .notification-toast').filter({
      hasText: /less protection|less than you agreed to/,
    });
    await runCommand(page, 'Notifications: Clear All Notifications');
    await runCommand(page, 'Looker: Renew Token');
    await answerNotification(page, WEAKER, 'Review…');
    await answerDialog(page, 'Connect');
    await questions.first().waitFor({ state: 'hidden' });
    const renewed = until(() => logins().length >= before + 2);
    await unharmedUntil(renewed, async () => {
      assert.deepEqual(await questions.allInnerTexts(), []);
    });
  });
});
