import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { StandInLooker } from '../../standIn/standInLooker';
import { until } from '../../support/until';
import { actAs, EXTENSION, labels, logIn, logoutEverybody, run } from './looker';
import { ScriptedUser, type Answer } from './scriptedUser';

/**
 * Other extensions can run any command and choose from any list, but can't press a button of a dialog. So a dialog
 * precedes everything that allows others more, or deletes something.
 */
describe('consent', () => {
  let looker: StandInLooker;
  let user: ScriptedUser;
  let host: string;

  beforeEach(async () => {
    looker = await StandInLooker.start();
    host = new URL(looker.baseUrl).host;
    user = new ScriptedUser();
    await logIn(user, looker, 'Ada');
  });
  afterEach(async () => {
    assert.equal(user.unused, 0);
    await logoutEverybody(user);
    user.dispose();
    await looker.stop();
    assert.deepEqual(await labels(), []);
  });

  const changes = () => looker.requests.filter(({ method }) => method !== 'GET').length;
  /** The accounts, the number of valid tokens, and the changes requested from Looker. */
  const state = async () => ({
    labels: await labels(),
    tokens: looker.liveTokens().length,
    changes: changes(),
  });
  const choose = (line: RegExp, type?: string): Answer => ({
    choose: line,
    ...(type !== undefined && { type }),
  });

  interface Deed {
    readonly what: string;
    /** In addition to Ada, who is logged in. */
    readonly prepare?: () => Promise<void>;
    readonly command: string;
    readonly answers: readonly Answer[];
    readonly question: () => string;
    /** Other text of the dialog. */
    readonly detail: RegExp;
    readonly button: string;
    /** The accounts afterwards. */
    readonly then: () => readonly string[];
  }
  const grace = async () => {
    const { clientId, clientSecret } = looker.apiKeyOf('Grace Hopper');
    user.answer(choose(/Another instance/), looker.baseUrl, clientId, clientSecret);
    await run('login');
  };
  const alan = () => actAs(user, 'alan');
  const deeds: readonly Deed[] = [
    {
      what: 'acting as a user',
      command: 'loginAsUser',
      answers: [choose(/Alan Turing/, 'alan')],
      question: () => `Act as Alan Turing on ${host}?`,
      detail: /^You stay logged in as Ada Lovelace.*This user's ID: 3\./,
      button: 'Act as This User',
      then: () => [`Ada Lovelace (${host})`, `Alan Turing, sudo by Ada Lovelace (${host})`],
    },
    {
      what: 'acting as a user whose ID was typed',
      command: 'loginAsUser',
      // The search doesn't matter: the ID is a separate line while it runs.
      prepare: () => {
        looker.fault({ path: '/search', kind: { is: 'refusal', status: 403 } });
        return Promise.resolve();
      },
      answers: [choose(/User ID 3/, '003')],
      question: () => `Act as Alan Turing on ${host}?`,
      detail: /This user's ID: 3\./,
      button: 'Act as This User',
      then: () => [`Ada Lovelace (${host})`, `Alan Turing, sudo by Ada Lovelace (${host})`],
    },
    {
      what: 'acting as a user, from the accounts list',
      command: 'showAccounts',
      answers: [choose(/^Ada Lovelace/), choose(/^Log In as User/), choose(/Alan Turing/, 'alan')],
      question: () => `Act as Alan Turing on ${host}?`,
      detail: /Ada Lovelace/,
      button: 'Act as This User',
      then: () => [`Ada Lovelace (${host})`, `Alan Turing, sudo by Ada Lovelace (${host})`],
    },
    {
      what: 'logging out the only account',
      command: 'logout',
      answers: [],
      question: () => `Log out of Ada Lovelace (${host})?`,
      detail: /^Looker Auth deletes the API key/,
      button: 'Log Out',
      then: () => [],
    },
    {
      what: 'logging out one of two accounts',
      prepare: grace,
      command: 'logout',
      answers: [choose(/Grace Hopper/)],
      question: () => `Log out of Grace Hopper (${host})?`,
      detail: /^Looker Auth deletes the API key/,
      button: 'Log Out',
      then: () => [`Ada Lovelace (${host})`],
    },
    {
      what: 'logging out an admin, and who they act as',
      prepare: alan,
      command: 'logout',
      answers: [choose(/^Ada Lovelace/)],
      question: () => `Log out of Ada Lovelace (${host})?`,
      detail: /You'll stop acting as Alan Turing\.$/,
      button: 'Log Out',
      then: () => [],
    },
    {
      what: 'logging out all accounts',
      prepare: async () => {
        await grace();
        user.answer(choose(/^Ada Lovelace/), choose(/^Switch/));
        await run('showAccounts');
        await alan();
      },
      command: 'logout',
      answers: [choose(/All accounts/)],
      question: () => 'Log out of these accounts?',
      detail:
        /^Ada Lovelace \(.*\)\nGrace Hopper \(.*\)\n\n.*the API keys of these accounts.*You'll stop acting as Alan/s,
      button: 'Log Out',
      then: () => [],
    },
    {
      what: 'logging out all accounts, from the accounts list',
      prepare: grace,
      command: 'showAccounts',
      answers: [choose(/^Log Out…/), choose(/All accounts/)],
      question: () => 'Log out of these accounts?',
      detail: /^Ada Lovelace \(.*\)\nGrace Hopper \(.*\)\n\n/,
      button: 'Log Out',
      then: () => [],
    },
    {
      what: 'logging out, from the accounts list',
      command: 'showAccounts',
      answers: [choose(/^Ada Lovelace/), choose(/^Log Out…/)],
      question: () => `Log out of Ada Lovelace (${host})?`,
      detail: /deletes the API key/,
      button: 'Log Out',
      then: () => [],
    },
  ];
  for (const { what, prepare, command, answers, question, detail, button, then } of deeds) {
    it(`is requested before ${what}`, async () => {
      await prepare?.();
      const before = await state();
      const dialogs = user.dialogs.length;
      const pressed = user.pressNothing();
      user.answer(...answers);
      await run(command);
      const [dialog, ...others] = user.dialogs.slice(dialogs);
      assert.deepEqual(others, []);
      assert.equal(dialog?.question, question());
      assert.match(dialog.detail ?? '', detail);
      assert.deepEqual(dialog.buttons, [button]);
      assert.deepEqual(await state(), before);
      pressed.again();
      user.press(button);
      user.answer(...answers);
      await run(command);
      assert.deepEqual(await labels(), then());
      await until(() => looker.liveTokens().length === then().length);
    });
  }

  it('is requested before an instance is forgotten, and names its users', async () => {
    await grace();
    await logoutEverybody(user);
    const forget: Answer = { press: /^Forget 127/, on: new RegExp(host) };
    user.answer(forget, 'Esc');
    await run('login');
    const dialog = user.dialogs.at(-1);
    assert.equal(dialog?.question, `Forget ${host}?`);
    assert.match(dialog.detail ?? '', /Grace Hopper, Ada Lovelace\.$/);
    assert.ok(user.prompts.at(-1)?.lines[0]?.startsWith(host));
    user.press('Forget');
    user.answer(forget, 'Esc');
    await run('login');
    assert.ok(!user.prompts.at(-1)?.lines.some((line) => line.startsWith(host)));
  });

  it("isn't requested before acting as a user stops, by command or in the list", async () => {
    await alan();
    const asked = user.dialogs.length;
    await run('stopActingAs');
    await alan();
    user.answer(choose(/^Alan Turing/), choose(/^Stop Acting as Alan Turing/));
    await run('showAccounts');
    assert.deepEqual(await labels(), [`Ada Lovelace (${host})`]);
    assert.equal(user.dialogs.length, asked + 1, 'of the second time of acting as Alan');
  });

  it("isn't requested before switching to an existing sudo account", async () => {
    await alan();
    user.answer(choose(/^Ada Lovelace/), choose(/^Switch/));
    await run('showAccounts');
    const before = await state();
    const asked = user.dialogs.length;
    user.answer(choose(/Alan Turing .*already acting as this user/));
    await run('loginAsUser');
    assert.equal(user.dialogs.length, asked);
    assert.deepEqual(await state(), before);
  });

  it("names the user of a typed ID if possible, and isn't requested for a disabled one", async () => {
    looker.fault({ path: '/search', kind: { is: 'refusal', status: 403 } });
    user.answer(choose(/User ID 404/, '404'));
    await run('loginAsUser');
    assert.equal(user.dialogs.at(-1)?.question, `Act as user 404 on ${host}?`);
    const dialogs = user.dialogs.length;
    user.answer(choose(/User ID 5/, '5'));
    await run('loginAsUser');
    assert.equal(user.dialogs.length, dialogs);
    assert.match(user.messages.at(-1) ?? '', /Edsger Dijkstra is disabled/);
    assert.ok(!looker.requests.some(({ path }) => /\/login\/\d/.test(path)));
  });

  it("can't be given by an argument: commands ignore all arguments", async () => {
    await grace();
    // For Grace, who isn't an admin, the second command would already know that.
    user.answer(choose(/^Ada Lovelace/), choose(/^Switch/));
    await run('showAccounts');
    const [admin] = await vscode.authentication.getAccounts('looker');
    const evil = 'https://evil.test';
    const hostile: readonly unknown[][] = [
      [{ baseUrl: evil, again: [], abandoned: { aborted: false } }],
      [{ admin, baseUrl: looker.baseUrl, userId: '3' }],
      [[`${looker.baseUrl}#1`], { modal: false }],
      [`${looker.baseUrl}#1`, true, 'Log Out'],
      [evil, evil, evil],
      [
        {
          confirmed: true,
          account: admin,
          id: `${looker.baseUrl}#1`,
          ids: [`${looker.baseUrl}#1`],
        },
      ],
    ];
    const manifest = vscode.extensions.getExtension(EXTENSION)?.packageJSON as {
      contributes: { commands: { command: string }[] };
    };
    const seen = async (command: string, args: readonly unknown[]) => {
      const before = [user.prompts.length, user.messages.length, looker.requests.length] as const;
      await vscode.commands.executeCommand(command, ...args);
      return {
        prompts: user.prompts
          .slice(before[0])
          .map(({ title, asks, value }) => [title, asks, value]),
        messages: user.messages.slice(before[1]),
        // A list with a search stays busy while it is open.
        requests: looker.requests
          .slice(before[2])
          .filter(({ path }) => !path.endsWith('/search'))
          .map(({ method, path }) => `${method} ${path}`),
      };
    };
    const before = await state();
    for (const { command } of manifest.contributes.commands) {
      const plain = await seen(command, []);
      for (const args of hostile) assert.deepEqual(await seen(command, args), plain, command);
    }
    assert.deepEqual(await state(), before);
  });
});
