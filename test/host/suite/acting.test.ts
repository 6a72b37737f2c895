import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { StandInLooker } from '../../standIn/standInLooker';
import { until } from '../../support/until';
import { actAs, logIn, logoutEverybody, run } from './looker';
import { ScriptedUser } from './scriptedUser';

describe('the message about acting as a user', () => {
  const { setStatusBarMessage } = vscode.window;
  let looker: StandInLooker;
  let user: ScriptedUser;
  /** The messages shown in the status bar, and those that were hidden before their time. */
  let said: string[];
  let hidden: string[];

  beforeEach(async () => {
    looker = await StandInLooker.start();
    user = new ScriptedUser();
    said = [];
    hidden = [];
    Object.assign(vscode.window, {
      setStatusBarMessage: (text: string) => {
        said.push(text);
        return new vscode.Disposable(() => hidden.push(text));
      },
    });
    await logIn(user, looker, 'Ada');
  });
  afterEach(async () => {
    await logoutEverybody(user);
    Object.assign(vscode.window, { setStatusBarMessage });
    user.dispose();
    await looker.stop();
  });

  const acting = () =>
    said.filter((text) => text.includes('Extensions you allow now act as Alan Turing too'));
  const switchTo = async (line: RegExp) => {
    user.answer({ choose: line }, { choose: /^Switch/ });
    await run('showAccounts');
  };

  it('is shown briefly each time it starts, by a login or a switch, and not again', async () => {
    await actAs(user, 'alan');
    await until(() => acting().length === 1);
    await run('renewToken');
    await switchTo(/^Ada Lovelace/);
    assert.equal(acting().length, 1);
    await switchTo(/^Alan Turing, sudo by/);
    await until(() => acting().length === 2);
    await run('stopActingAs');
    assert.equal(acting().length, 2);
  });

  it('is hidden as soon as another account is active', async () => {
    await actAs(user, 'alan');
    await until(() => acting().length === 1);
    await run('renewToken');
    assert.deepEqual(hidden, []);
    await switchTo(/^Ada Lovelace/);
    assert.deepEqual(hidden, acting());
  });

  it("isn't shown in a window without the focus", async () => {
    await actAs(user, 'alan');
    await until(() => acting().length === 1);
    await switchTo(/^Ada Lovelace/);
    user.isHere = false;
    await switchTo(/^Alan Turing, sudo by/);
    await until(() => said.length > 0);
    user.isHere = true;
    assert.equal(acting().length, 1);
  });
});
