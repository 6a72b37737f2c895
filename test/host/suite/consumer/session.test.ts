import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { CONSUMER_IS_TRUSTED, OUTSIDE } from '../environment';
import { labels, run } from '../looker';
import { ScriptedUser } from '../scriptedUser';

describe('another extension', () => {
  before(async () => {
    const user = new ScriptedUser();
    user.answer(OUTSIDE.baseUrl, OUTSIDE.admin.id, OUTSIDE.admin.secret);
    await run('login');
    user.dispose();
    assert.equal((await labels()).length, 1);
  });

  it('gets a session, and Looker returns its user for the token', async function () {
    if (!CONSUMER_IS_TRUSTED) this.skip();
    const answer = await vscode.commands.executeCommand('lookerWhoami.whoAmI', { silent: true });
    assert.equal(answer, "You're Ada Lovelace (user ID 1)");
  });

  it('gets no session without consent', async function () {
    if (CONSUMER_IS_TRUSTED) this.skip();
    const answer = await vscode.commands.executeCommand('lookerWhoami.whoAmI', { silent: true });
    assert.equal(answer, "You're not logged in to Looker.");
  });
});
