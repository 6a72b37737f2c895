import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { StandInLooker } from '../../../standIn/standInLooker';
import { CONSUMER_IS_TRUSTED } from '../environment';
import { actAs, EXTENSION, labels, logIn, logoutEverybody, run } from '../looker';
import { ScriptedUser } from '../scriptedUser';
import { olderOutcome, readTable, type Allowed, type Asked, type How, type Outcome } from './table';

type Options = vscode.AuthenticationGetSessionOptions;

const ALLOWED: readonly Allowed[] = ['none', 'this one', 'both, the other one is preferred'];

const OPTIONS: Readonly<Record<How, Options>> = {
  '`createIfNone`': { createIfNone: true },
  '`silent`': { silent: true },
  neither: {},
  '`clearSessionPreference`': { createIfNone: true, clearSessionPreference: true },
  '`forceNewSession`': { forceNewSession: true },
  '`lookerSession`': { createIfNone: true },
};

/** Whether this VS Code gives less silently, as the guide says below the table. */
const IS_OLD = /^1\.10[56]\./.test(vscode.version);

/**
 * The table in the guide for authors, run in VS Code. Extensions get consent as from VS Code's Accounts menu, since
 * such a window refuses to show the dialog: the refusal means that it would have been shown.
 */
describe('which session an extension gets', function () {
  this.timeout(120_000);
  const table = readTable(vscode.extensions.getExtension(EXTENSION)?.extensionPath ?? '');
  let looker: StandInLooker;
  let elsewhere: StandInLooker;
  let user: ScriptedUser;

  before(function () {
    if (!CONSUMER_IS_TRUSTED) this.skip();
  });
  beforeEach(async () => {
    looker = await StandInLooker.start();
    elsewhere = await StandInLooker.start();
    user = new ScriptedUser();
  });
  afterEach(async () => {
    await logoutEverybody(user);
    user.dispose();
    await looker.stop();
    await elsewhere.stop();
  });

  it('is in a table with all combinations', () => {
    const combinations = new Set(table.map((row) => [row.asked, row.isActive, row.allowed].join()));
    assert.equal(combinations.size, 5 * 2 * 3);
    assert.equal(table.length, combinations.size);
    for (const { outcomes } of table) {
      assert.deepEqual([...outcomes.keys()], Object.keys(OPTIONS));
    }
  });

  const subjects: readonly [asked: Asked, scopes: (baseUrl: string) => string[]][] = [
    ['`[]`', () => []],
    ["`['workspace:dev']`", () => ['workspace:dev']],
    ['an instance', (baseUrl) => [baseUrl]],
    ["`['sudo:42']`", () => ['sudo:3']],
    ['`[]` with `account`', () => []],
  ];
  for (const [index, [asked, scopesOn]] of subjects.entries()) {
    it(`for ${asked}, as the guide says`, async () => {
      const stranger = `stranger-${index + 1}`;
      await vscode.extensions.getExtension(`looker-test.${stranger}`)?.activate();
      await logInAnew(elsewhere, 'Grace Hopper');
      const others = await labels();
      await logInAnew(looker, 'Ada');
      if (asked.includes('sudo')) await actAs(user, 'alan');
      const [another = ''] = others;
      const [label = ''] = (await labels()).filter((each) =>
        asked.includes('sudo') ? each.startsWith('Alan') : each.startsWith('Ada'),
      );
      const account = (await vscode.authentication.getAccounts('looker')).find(
        (each) => each.label === label,
      );
      const pinned = asked.includes('account') && account ? { account } : {};
      const scopes = scopesOn(looker.baseUrl);
      const ask = (options: Options, usesPackage = false) =>
        vscode.commands.executeCommand<string | undefined>(
          `${stranger}.ask`,
          scopes,
          { ...options, ...pinned },
          usesPackage,
        );
      const tellApart = (given: string | undefined): Outcome =>
        given === undefined
          ? 'nothing'
          : given === label
            ? 'this one'
            : given === another
              ? 'another one'
              : assert.fail(given);
      const outcomeOf = (how: How) =>
        Promise.resolve(ask(OPTIONS[how], how === '`lookerSession`')).then(
          tellApart,
          (error: unknown): Outcome => {
            assert.match(
              String(error),
              /refused to show dialog in tests.*wants (you )?to sign in (again )?using Looker/,
            );
            return 'asks';
          },
        );
      const preferred: Readonly<Record<Allowed, string | undefined>> = {
        none: undefined,
        'this one': label,
        'both, the other one is preferred': another,
      };

      const seen: string[] = [];
      const told: string[] = [];
      for (const allowed of ALLOWED) {
        if (allowed === 'this one') await grant(stranger, label);
        if (allowed === 'both, the other one is preferred') await grant(stranger, another);
        for (const isActive of [true, false]) {
          await switchTo(isActive ? label : another);
          const row = table.find(
            (row) => row.asked === asked && row.isActive === isActive && row.allowed === allowed,
          );
          assert.ok(row);
          for (const [how, outcome] of row.outcomes) {
            const name = preferred[allowed];
            if (name !== undefined) await prefer(stranger, name);
            const what = [isActive ? 'active' : 'not active', allowed, how].join(' · ');
            seen.push(`${what}: ${await outcomeOf(how)}`);
            told.push(`${what}: ${IS_OLD ? olderOutcome(row, how, outcome) : outcome}`);
          }
        }
      }
      assert.deepEqual(seen, told);
    });
  }

  const logInAnew = async (instance: StandInLooker, name: string) => {
    if ((await labels()).length > 0) user.answer({ choose: /Another instance/ });
    await logIn(user, instance, name);
  };

  const switchTo = async (label: string) => {
    const [, who = '', host = ''] = /^(.*) \((.*)\)$/.exec(label) ?? [];
    // If there is no switch to the active one, the prompt for a name opens, and is closed with Esc.
    user.answer({ choose: new RegExp(`^${who}.*${host}`) }, { choose: /^(Switch|Rename)/ });
    await run('showAccounts');
  };

  /** Answers a list of VS Code with its nth line. */
  const acceptLine = async (index: number) => {
    for (let line = 0; line < index; line++) {
      await vscode.commands.executeCommand('workbench.action.quickOpenSelectNext');
    }
    await vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
  };

  /** Gives an extension consent for an account, like the entry in the Accounts menu. */
  const grant = async (stranger: string, label: string) => {
    await switchTo(label);
    const ask = (options: Options) =>
      vscode.commands.executeCommand<string | undefined>(`${stranger}.ask`, [], options, false);
    assert.equal(await ask({}), undefined);
    void vscode.commands.executeCommand(`lookerlooker-test.${stranger}Access`);
    // The list opens a moment later.
    while ((await ask({ silent: true })) !== label) await acceptLine(0);
  };

  /** Chooses in VS Code's list of account preferences. */
  const prefer = async (stranger: string, label: string) => {
    const accounts = await vscode.authentication.getAccounts('looker');
    const index = accounts.findIndex((each) => each.label === label);
    await vscode.commands.executeCommand(
      '_manageAccountPreferencesForExtension',
      `looker-test.${stranger}`,
      'looker',
    );
    await acceptLine(index);
  };
});
