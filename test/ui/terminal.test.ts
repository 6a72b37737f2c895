import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { StandInLooker } from '../standIn/standInLooker';
import { ROOT } from '../support/buildExtension';
import { filesWith } from '../support/leaks';
import { hostileProxies, hostileVariables, writeHostileIni } from '../support/hostileFolder';
import { actAs, logIn } from '../support/logIn';
import { Machine } from '../support/machine';
import { isClosed, Terminals } from '../support/terminals';
import { until } from '../support/until';
import {
  answerDialog,
  reloadWindow,
  runCommand,
  screenshots,
  statusBarItem,
} from '../support/workbench';
import { story } from './story';

/** With Looker's own SDK, as in its README: prints the user and the workspace, which an argument selects first. */
const SCRIPT = `
  const require = process.getBuiltinModule('module').createRequire(${JSON.stringify(path.join(ROOT, 'package.json'))});
  const { LookerNodeSDK } = require('@looker/sdk-node');
  console.debug = () => undefined;
  const sdk = LookerNodeSDK.init40();
  const [, , workspace_id] = process.argv;
  if (workspace_id) await sdk.ok(sdk.update_session({ workspace_id }));
  const me = await sdk.ok(sdk.me());
  console.log(me.id, (await sdk.ok(sdk.session())).workspace_id);
`;

/** How long a terminal's port and tokens may last after its end. */
const OVER_MS = 20_000;

/** A user with scripts, in a folder and environment that would send them elsewhere. */
describe('a terminal with its own Looker', () => {
  let machine: Machine;
  let looker: StandInLooker;
  let elsewhere: StandInLooker;
  let page: Page;
  let terminals: Terminals;
  /** What Looker has issued for each terminal. */
  const issued: (readonly string[])[] = [];

  story(async (start) => {
    looker = await start(StandInLooker);
    elsewhere = await start(StandInLooker);
    const hostile = { baseUrl: elsewhere.baseUrl, apiKey: looker.apiKeyOf('Grace') };
    machine = await start(Machine, {
      extensions: [ROOT],
      env: () => ({ ...hostileVariables(hostile), ...hostileProxies(hostile.baseUrl) }),
    });
    await writeHostileIni(machine.home.workspace, hostile);
    await writeFile(path.join(machine.home.workspace, 'script.mjs'), SCRIPT);
    page = await machine.openWindow();
    terminals = new Terminals(page, machine.home);
    return page;
  });

  const CURL =
    'curl -s -H "Authorization: token $LOOKER_ACCESS_TOKEN" $LOOKER_BASE_URL/api/4.0/user';
  const CURL_SESSION = CURL.replace(/user$/, 'session');
  const live = () => looker.liveTokens().map(({ value }) => value);
  /** Opens a terminal, and asks Looker for its user. */
  const open = async (userId: string, how: () => Promise<void> = () => terminals.open()) => {
    const before = live();
    await how();
    assert.equal(await idOf(CURL), userId);
    issued.push(live().filter((token) => !before.includes(token)));
    assert.equal(issued.at(-1)?.length, 1);
  };
  const idOf = async (command: string) =>
    (JSON.parse((await terminals.run(command)).printed) as { id: string }).id;
  const work = async (command: string, printed: string) => {
    const before = live();
    assert.deepEqual(await terminals.run(command), { printed: `${printed}\n`, code: 0 });
    issued[issued.length - 1] = [
      ...(issued.at(-1) ?? []),
      ...live().filter((token) => !before.includes(token)),
    ];
  };
  /** Waits until a terminal's port is closed and all its tokens are revoked. */
  const isOver = async (i: number) => {
    const { url } = terminals.opened[i] ?? {};
    const end = Date.now() + OVER_MS;
    while (!(await isClosed(url))) {
      assert.ok(Date.now() < end, `something still listens at ${url ?? ''}`);
      await page.waitForTimeout(50);
    }
    assert.ok((issued[i]?.length ?? 0) > 0);
    await until(() => !live().some((token) => issued[i]?.includes(token)), OVER_MS);
  };
  /** Checks that another terminal refuses this terminal's token. */
  const isDeadAt = async (url: string | undefined, i: number) => {
    const headers = { Authorization: `token ${terminals.opened[i]?.token ?? ''}` };
    assert.equal((await fetch(`${url ?? ''}/api/4.0/user`, { headers })).status, 401);
  };

  it('needs a confirmation, and opens', async () => {
    await logIn(page, looker, 'Ada');
    await statusBarItem(page, /Ada Lovelace/);
    await open('1', () => terminals.open(undefined, () => screenshots(page, 'terminal-asks')));
    assert.match(terminals.opened[0]?.url ?? '', /^http:\/\/127\.0\.0\.1:\d+$/);
    await screenshots(page, 'terminal');
  });

  it('serves curl and the SDK, unchanged, as the account', async () => {
    await work('node script.mjs', '1 production');
    await work('node script.mjs dev', '1 dev');
  });

  it('keeps Development Mode to the program that chose it, not the other terminal or the account', async () => {
    await open('1', () => terminals.openAnother());
    await work('node script.mjs', '1 production');
    const { printed } = await terminals.run(CURL_SESSION);
    assert.match(printed, /"workspace_id":"production"/);
    const dev = looker.liveTokens().filter(({ workspace }) => workspace === 'dev');
    assert.equal(dev.length, 1);
    assert.ok(issued[0]?.includes(dev[0]?.value ?? ''));
    // The token of the account itself belongs to no terminal.
    const account = looker.liveTokens().filter(({ value }) => !issued.flat().includes(value));
    assert.deepEqual(
      account.map(({ userId, workspace }) => [userId, workspace]),
      [['1', 'production']],
    );
  });

  it('ends when you close it, while the other terminal works', async () => {
    await runCommand(page, 'Terminal: Kill the Active Terminal Instance');
    await isOver(1);
    await isDeadAt(terminals.opened[0]?.url, 1);
    assert.equal(await isClosed(terminals.opened[0]?.url), false);
    assert.ok(issued[0]?.every((token) => live().includes(token)));
  });

  it('serves them as the user of a sudo account, in another terminal', async () => {
    await actAs(page, 'turing', /Alan Turing/);
    await open('3', () => terminals.open(/Alan Turing/));
    assert.notEqual(terminals.opened[2]?.url, terminals.opened[0]?.url);
    await work('node script.mjs dev', '3 dev');
  });

  it('refuses programs once acting stops, while the other terminal works', async () => {
    await runCommand(page, 'Looker: Stop Acting as User');
    await statusBarItem(page, /Ada Lovelace/);
    await isOver(2);
    assert.equal((await terminals.run(CURL)).code, 7); // curl: could not connect
    await isDeadAt(terminals.opened[0]?.url, 2);
    await until(() => looker.liveTokens().every(({ userId }) => userId === '1'));
  });

  it('is gone after a reload: port, sessions and terminal', async () => {
    await reloadWindow(page);
    await statusBarItem(page, /Ada Lovelace/);
    await isOver(0);
    await until(() => looker.liveTokens().length === 1);
    assert.doesNotMatch(await page.locator('body').innerText(), /Looker: Ada/);
  });

  it('refuses programs once the account is logged out', async () => {
    await open('1');
    await work('node script.mjs', '1 production');
    await isDeadAt(terminals.opened[3]?.url, 0);
    await runCommand(page, 'Looker: Log Out…');
    await answerDialog(page, 'Log Out');
    await statusBarItem(page, /log in/i);
    await isOver(3);
    await until(() => live().length === 0, OVER_MS);
    assert.equal((await terminals.run(CURL)).code, 7);
  });

  it('has values that stay dead after the next login', async () => {
    await logIn(page, looker, 'Ada');
    await statusBarItem(page, /Ada Lovelace/);
    await open('1');
    await isDeadAt(terminals.opened[4]?.url, 3);
  });

  it('sends nothing elsewhere, and leaves no key and no token', async () => {
    assert.deepEqual(elsewhere.requests, []);
    // The check for browser login has a client ID that belongs to no secret.
    const keys = looker.requests.filter(({ form }) => 'client_secret' in form);
    const ids = keys.map(({ form }) => form['client_id']);
    assert.deepEqual([...new Set(ids)], [looker.apiKeyOf('Ada').clientId]);
    const tokens = looker.requests.flatMap(({ token }) => token ?? []);
    const secrets = [looker.apiKeyOf('Ada').clientSecret, ...new Set(tokens)];
    assert.deepEqual(await filesWith(machine.home.folder, secrets), []);
  });
});
