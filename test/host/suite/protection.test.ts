import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { StandInLooker } from '../../standIn/standInLooker';
import { labels, logIn, logoutEverybody, run } from './looker';
import { ScriptedUser } from './scriptedUser';

describe('settings that weaken the protection of an instance', () => {
  let looker: StandInLooker;
  let user: ScriptedUser;
  beforeEach(async () => {
    looker = await StandInLooker.start();
    user = new ScriptedUser();
  });
  afterEach(async () => {
    await logoutEverybody(user);
    await set(undefined);
    assert.equal(user.unused, 0);
    user.dispose();
    await looker.stop();
  });
  const inQuery = () => [{ url: looker.baseUrl, credentialsInQuery: true }];
  const logins = () => looker.requests.filter(({ path }) => path.endsWith('/login'));
  const dialogs = () => user.messages.filter((text) => text.startsWith('Connect to '));

  it("don't apply to an account until the user agrees, whoever has written them", async () => {
    await logIn(user, looker, 'Ada');
    await set(inQuery());
    const asked = looker.requests.length;
    await run('renewToken');
    assert.equal(looker.requests.length, asked);
    assert.match(user.messages.at(-1) ?? '', /Your settings protect 127\.0\.0\.1:\d+ less than/);

    user.press('Review…');
    await run('renewToken');
    assert.equal(dialogs().length, 1);
    assert.equal(looker.requests.length, asked, 'a dialog that is not answered is no consent');

    user.press('Connect');
    await run('renewToken');
    await run('renewToken');
    assert.equal(dialogs().length, 2);
    assert.equal(logins().length, 2);
    assert.ok(logins().at(-1)?.query['client_id']);
  });

  it('need agreement once before a login, and again after a logout', async () => {
    await set(inQuery());
    user.press('Connect');
    for (const times of [1, 2]) {
      await logIn(user, looker, 'Ada');
      assert.equal((await labels()).length, 1);
      assert.equal(dialogs().length, times);
      await logIn(user, looker, 'Grace Hopper');
      assert.equal(dialogs().length, times);
      await logoutEverybody(user);
    }
  });

  it('need no agreement if they are stricter', async () => {
    await set(inQuery());
    user.press('Connect');
    await logIn(user, looker, 'Ada');
    await set(undefined);
    await run('renewToken');
    assert.equal(dialogs().length, 1);
    assert.deepEqual(
      logins().map(({ query }) => 'client_id' in query),
      [true, false],
    );
  });
});

async function set(instances: unknown): Promise<void> {
  await vscode.workspace
    .getConfiguration('lookerAuth')
    .update('instances', instances, vscode.ConfigurationTarget.Global);
}
