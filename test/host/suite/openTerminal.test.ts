import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { StandInLooker } from '../../standIn/standInLooker';
import { until } from '../../support/until';
import { actAs, EXTENSION, logIn, logoutEverybody, run } from './looker';
import { ScriptedUser } from './scriptedUser';

type Env = Record<string, string | null | undefined>;

describe('Open Terminal as…', () => {
  const { createTerminal } = vscode.window;
  let looker: StandInLooker;
  let user: ScriptedUser;
  /** Real terminals, and their options. */
  let opened: { terminal: vscode.Terminal; options: vscode.TerminalOptions }[];

  beforeEach(async () => {
    looker = await StandInLooker.start();
    user = new ScriptedUser();
    opened = [];
    vscode.window.createTerminal = (options?: unknown) => {
      const terminal = createTerminal(options as vscode.TerminalOptions);
      opened.push({ terminal, options: options as vscode.TerminalOptions });
      return terminal;
    };
    await logIn(user, looker, 'Ada');
  });
  afterEach(async () => {
    vscode.window.createTerminal = createTerminal;
    for (const { terminal } of opened) terminal.dispose();
    await logoutEverybody(user);
    user.dispose();
    await looker.stop();
  });

  const open = async () => {
    user.press('Open Terminal');
    await run('openTerminal');
    const { terminal, options } = opened.at(-1) ?? assert.fail('No terminal was opened.');
    return { terminal, options, env: options.env as Env };
  };
  const ask = (env: Env, path = '/api/4.0/user', init: RequestInit = {}) =>
    fetch(`${String(env['LOOKERSDK_BASE_URL'])}${path}`, {
      ...init,
      headers: { Authorization: `token ${String(env['LOOKER_ACCESS_TOKEN'])}` },
    });
  const idOf = async (env: Env) => ((await (await ask(env)).json()) as { id: string }).id;
  const isDead = (env: Env) =>
    ask(env).then(
      () => false,
      () => true,
    );
  const untilDead = async (env: Env) => {
    let dead = false;
    while (!dead) dead = await isDead(env);
  };

  it('gives the terminal its own Looker, without a key or a token of the instance', async () => {
    const { options, env } = await open();
    const url = String(env['LOOKERSDK_BASE_URL']);
    assert.match(url, /^http:\/\/127\.0\.0\.1:\d+$/);
    assert.equal(env['LOOKER_BASE_URL'], url);
    assert.equal(env['LOOKER_AUTH_INSTANCE'], looker.baseUrl);
    const { clientId, clientSecret } = looker.apiKeyOf('Ada');
    const all = JSON.stringify([options, user.messages]);
    for (const secret of [
      clientId,
      clientSecret,
      ...looker.liveTokens().map(({ value }) => value),
    ]) {
      assert.equal(all.includes(secret), false);
    }
    assert.equal(options.name, `Looker: Ada Lovelace (${new URL(looker.baseUrl).host})`);
    assert.equal(options.isTransient, true);
    assert.match(options.message ?? '', /logged in to Looker as Ada Lovelace/);
    assert.equal((options.message ?? '').includes(String(env['LOOKER_ACCESS_TOKEN'])), false);
    assert.equal(await idOf(env), '1');
  });

  it('asks briefly, and once for each account while it has a terminal', async () => {
    await open();
    const { question, detail = '', buttons } = user.dialogs.at(-1) ?? assert.fail();
    assert.match(question, /^Open a terminal as Ada Lovelace/);
    assert.ok(detail.split(/\s+/).length <= 25, detail);
    assert.deepEqual(buttons, ['Open Terminal', "Don't Ask Again for This Account"]);
    const before = user.dialogs.length;
    await open();
    assert.equal(user.dialogs.length, before);
    assert.equal(opened.length, 2);
    for (const { terminal } of opened) terminal.dispose();
    for (const { options } of opened) await untilDead(options.env as Env);
    await open();
    assert.equal(user.dialogs.length, before + 1);
  });

  /** Requests or changes a session. Resolves with its workspace. */
  const sessionAt =
    (url: string, token: string) =>
    async (method: 'GET' | 'PATCH', body?: object): Promise<string> => {
      const headers = { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' };
      const response = await fetch(`${url}/api/4.0/session`, {
        method,
        headers,
        ...(body && { body: JSON.stringify(body) }),
      });
      assert.equal(response.status, 200);
      return ((await response.json()) as { workspace_id: string }).workspace_id;
    };
  /** Logs in like a program in a terminal. */
  const logInAt = async (env: Env) => {
    const body = new URLSearchParams({
      client_id: String(env['LOOKERSDK_CLIENT_ID']),
      client_secret: String(env['LOOKERSDK_CLIENT_SECRET']),
    });
    const url = String(env['LOOKERSDK_BASE_URL']);
    const login = await fetch(`${url}/api/4.0/login`, { method: 'POST', body });
    const { access_token: token } = (await login.json()) as { access_token: string };
    return sessionAt(url, token);
  };

  it('lets programs log in, each with its own session', async () => {
    const program = await logInAt((await open()).env);
    assert.equal(await program('PATCH', { workspace_id: 'dev' }), 'dev');
    assert.deepEqual(
      looker.liveTokens().map(({ workspace }) => workspace),
      ['production', 'dev'],
    );
  });

  it("doesn't move any other terminal, login, account, or extension into Development Mode", async () => {
    const [one, other] = [(await open()).env, (await open()).env];
    const programs = await Promise.all([one, one, other].map(logInAt));
    const [developer = assert.fail(), ...others] = programs;
    const selected = await developer('PATCH', { workspace_id: 'dev' });
    assert.equal(selected, 'dev');
    const session = await vscode.authentication.getSession('looker', [], { silent: true });
    const everybodyElse = [
      ...others,
      ...[one, other].map(({ LOOKER_BASE_URL: url, LOOKER_ACCESS_TOKEN: token }) =>
        sessionAt(String(url), String(token)),
      ),
      sessionAt(looker.baseUrl, session?.accessToken ?? assert.fail()),
    ];
    const workspaces = await Promise.all(everybodyElse.map((ask) => ask('GET')));
    assert.deepEqual(
      workspaces,
      Array.from(everybodyElse, () => 'production'),
    );
    assert.equal(await developer('GET'), 'dev');
    assert.deepEqual(looker.liveTokens().filter(({ workspace }) => workspace === 'dev').length, 1);
  });

  it('ends with the terminal: nothing responds, and its tokens are revoked', async () => {
    const { terminal, env } = await open();
    assert.equal(await idOf(env), '1');
    assert.equal(looker.liveTokens().length, 2);
    terminal.dispose();
    await untilDead(env);
    await until(() => looker.liveTokens().length === 1);
  });

  it('ends with the account', async () => {
    const { env } = await open();
    assert.equal(await idOf(env), '1');
    await logoutEverybody(user);
    await untilDead(env);
    await until(() => looker.liveTokens().length === 0);
  });

  it('asks again after the account was logged out', async () => {
    await open();
    const before = user.dialogs.length;
    await logoutEverybody(user);
    await logIn(user, looker, 'Ada');
    const dialogs = user.dialogs.length;
    await open();
    assert.equal(user.dialogs.length, dialogs + 1);
    assert.ok(dialogs >= before);
  });

  it('acts as the user of a sudo account, until acting stops', async () => {
    await actAs(user, 'Alan Turing');
    user.answer({ choose: /Alan Turing/ });
    const { env } = await open();
    assert.equal(await idOf(env), '3');
    await run('stopActingAs');
    await untilDead(env);
    await until(() => looker.liveTokens().length === 1);
  });

  it('is also a profile in the menu of terminals', async () => {
    user.press('Open Terminal');
    await vscode.commands.executeCommand('workbench.action.terminal.new', {
      config: { extensionIdentifier: EXTENSION, id: 'lookerAuth.terminal', title: 'Looker' },
    });
    const envOf = ({ creationOptions }: vscode.Terminal): Env =>
      (creationOptions as vscode.TerminalOptions).env ?? {};
    const find = () =>
      vscode.window.terminals.find((terminal) => 'LOOKERSDK_BASE_URL' in envOf(terminal));
    await until(() => find() !== undefined);
    const terminal = find() ?? assert.fail();
    const env = envOf(terminal);
    assert.equal(await idOf(env), '1');
    terminal.dispose();
    await untilDead(env);
  });

  const shells: [shell: string, hint: string][] = [
    ['/bin/bash', 'curl -H "Authorization: token $LOOKER_ACCESS_TOKEN" http://127.0.0.1:'],
    ['C:\\PS\\v1.0\\powershell.exe', 'curl.exe -H "Authorization: token $env:LOOKER_ACCESS_TOKEN"'],
  ];
  for (const [shell, hint] of shells) {
    it(`shows a command for ${shell} that uses the token`, async () => {
      const before = Object.getOwnPropertyDescriptor(vscode.env, 'shell') ?? {};
      Object.defineProperty(vscode.env, 'shell', { ...before, get: () => shell });
      try {
        const { options } = await open();
        assert.ok(options.message?.includes(`\r\n${hint}`));
      } finally {
        Object.defineProperty(vscode.env, 'shell', before);
      }
    });
  }

  it('opens no terminal and shows nothing if the user cancels', async () => {
    await run('openTerminal');
    assert.deepEqual(opened, []);
    assert.equal(user.messages.length, 1);
  });

  it('shows an error if nobody is logged in', async () => {
    await logoutEverybody(user);
    await run('openTerminal');
    assert.match(user.messages.at(-1) ?? '', /not logged in/);
  });
});
