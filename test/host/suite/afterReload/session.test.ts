import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { CONSUMER_IS_TRUSTED, OUTSIDE } from '../environment';
import { labels, run } from '../looker';
import { ScriptedUser } from '../scriptedUser';

describe('after the window was reopened', () => {
  it('the account is still logged in, without a prompt', async () => {
    assert.deepEqual(await labels(), [`Ada Lovelace (${new URL(OUTSIDE.baseUrl).host})`]);
  });

  it('another extension still gets its session', async function () {
    if (!CONSUMER_IS_TRUSTED) this.skip();
    const answer = await vscode.commands.executeCommand('lookerWhoami.whoAmI', { silent: true });
    assert.equal(answer, "You're Ada Lovelace (user ID 1)");
  });

  it('the token can still be renewed, so the API key is still saved', async () => {
    const user = new ScriptedUser();
    await run('renewToken');
    user.dispose();
    assert.deepEqual(user.messages, []);
  });
});
