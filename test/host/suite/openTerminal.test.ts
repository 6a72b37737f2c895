import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { StandInLooker } from '../../standIn/standInLooker';
import { logIn, logoutEverybody, run } from './looker';
import { ScriptedUser } from './scriptedUser';

describe('Open Terminal as…', () => {
  const { createTerminal } = vscode.window;
  let looker: StandInLooker;
  let user: ScriptedUser;
  let opened: vscode.TerminalOptions[];

  beforeEach(async () => {
    looker = await StandInLooker.start();
    user = new ScriptedUser();
    opened = [];
    vscode.window.createTerminal = (options?: unknown) => {
      opened.push(options as vscode.TerminalOptions);
      return { show: () => undefined } as unknown as vscode.Terminal;
    };
    await logIn(user, looker, 'Ada');
  });
  afterEach(async () => {
    vscode.window.createTerminal = createTerminal;
    await logoutEverybody(user);
    user.dispose();
    await looker.stop();
  });

  it('gives instance and token to that terminal, no API key, and says for how long', async () => {
    user.press('Open Terminal');
    await run('openTerminal');
    const [terminal] = opened;
    const [token] = looker.liveTokens();
    assert.ok(terminal && token);
    const set = Object.entries(terminal.env ?? {}).filter(([, value]) => value !== null);
    assert.deepEqual(Object.fromEntries(set), {
      LOOKER_AUTH_INSTANCE: looker.baseUrl,
      LOOKER_ACCESS_TOKEN: token.value,
    });
    assert.equal(terminal.name, `Looker: Ada Lovelace (${new URL(looker.baseUrl).host})`);
    assert.equal(terminal.isTransient, true);
    assert.match(terminal.message ?? '', /for 59 minutes/);
    assert.ok(
      !`${terminal.name}${terminal.message ?? ''}${user.messages.join()}`.includes(token.value),
    );
  });

  const shells: [shell: string, hint: string][] = [
    ['/bin/bash', 'curl -H "Authorization: token $LOOKER_ACCESS_TOKEN"'],
    ['C:\\Windows\\System32\\cmd.exe', 'curl -H "Authorization: token %LOOKER_ACCESS_TOKEN%"'],
    ['C:\\PS\\v1.0\\powershell.exe', 'curl.exe -H "Authorization: token $env:LOOKER_ACCESS_TOKEN"'],
    ['/usr/bin/pwsh', 'curl -H "Authorization: token $env:LOOKER_ACCESS_TOKEN"'],
  ];
  for (const [shell, hint] of shells) {
    it(`says how ${shell} asks with the token`, async () => {
      const before = Object.getOwnPropertyDescriptor(vscode.env, 'shell') ?? {};
      Object.defineProperty(vscode.env, 'shell', { ...before, get: () => shell });
      try {
        user.press('Open Terminal');
        await run('openTerminal');
      } finally {
        Object.defineProperty(vscode.env, 'shell', before);
      }
      assert.ok(opened[0]?.message?.includes(`\r\n${hint} "${looker.baseUrl}/`));
    });
  }

  it('opens none where the user thinks better of it, and says nothing', async () => {
    await run('openTerminal');
    assert.deepEqual(opened, []);
    assert.equal(user.messages.length, 1);
  });

  it('says so where nobody is logged in', async () => {
    await logoutEverybody(user);
    await run('openTerminal');
    assert.match(user.messages.at(-1) ?? '', /Nobody is logged in/);
  });
});
