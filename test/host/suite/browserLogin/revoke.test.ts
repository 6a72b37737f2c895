import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { OWN_CLIENT } from '../../../../src/looker/oauth/client';
import { StandInLooker } from '../../../standIn/standInLooker';
import { grantFor } from '../../../unit/looker/oauth/harness';
import { labels, logoutEverybody, run } from '../looker';
import { ScriptedUser } from '../scriptedUser';
import { comeAs, Visitor } from './visitor';

const { clientId, redirectUris } = OWN_CLIENT;
const KATHERINE = 'katherine@example.com';

describe('Revoke Everywhere', () => {
  let looker: StandInLooker;
  let user: ScriptedUser;
  let visitor: Visitor;
  beforeEach(async () => {
    looker = await StandInLooker.start();
    looker.registerClient(clientId, redirectUris);
    user = new ScriptedUser();
    visitor = new Visitor(looker, comeAs(KATHERINE));
    user.answer(looker.baseUrl, { choose: /With Your Browser/ }, { leave: 'open' });
    await run('login');
    await visitor.rest();
    // On other machines.
    await grantFor(looker, KATHERINE);
    await grantFor(looker, 'grace@example.com');
  });
  afterEach(async () => {
    looker.clearFaults();
    assert.equal(user.unused, 0);
    await logoutEverybody(user);
    visitor.dispose();
    user.dispose();
    await looker.stop();
    await settings().update('instances', undefined, vscode.ConfigurationTarget.Global);
  });

  const settings = () => vscode.workspace.getConfiguration('lookerAuth');
  const host = () => new URL(looker.baseUrl).host;
  const owners = () => looker.liveRefreshTokens().map(({ userId }) => userId);

  it('asks, naming user and instance, and revokes all logins of that user on all machines', async () => {
    user.press('Revoke Everywhere…');
    await run('logout');
    const [question, confirmation] = user.dialogs;
    assert.deepEqual(question?.buttons, ['Log Out', 'Revoke Everywhere…']);
    assert.equal(
      confirmation?.question,
      `Revoke access for Katherine Johnson (${host()}) everywhere?`,
    );
    assert.match(confirmation.detail ?? '', /looker-auth-vscode, on all your machines/);
    assert.equal((await labels()).length, 1, 'Cancel leaves all as it was');
    assert.deepEqual(owners(), ['4', '4', '2']);
    user.press('Revoke Everywhere');
    await run('logout');
    assert.deepEqual(await labels(), []);
    assert.deepEqual(owners(), ['2'], 'only this user’s logins are revoked');
    assert.deepEqual(
      looker.liveTokens().map(({ userId }) => userId),
      ['2'],
    );
  });

  it("doesn't affect other machines if the user only logs out", async () => {
    user.press('Log Out');
    await run('logout');
    assert.deepEqual(owners(), ['4', '2']);
  });

  for (const [why, kind] of [
    ["doesn't allow it", { is: 'refusal', status: 403 }],
    ['has no such request', { is: 'refusal', status: 404 }],
    ["can't be reached", { is: 'reset' }],
  ] as const) {
    it(`warns if Looker ${why}, and still logs out here`, async () => {
      looker.fault({ method: 'DELETE', path: '/users/4', kind });
      user.press('Revoke Everywhere…');
      user.press('Revoke Everywhere');
      await run('logout');
      assert.match(user.messages.join(), /Couldn't revoke your logins on other machines\./);
      assert.deepEqual(await labels(), []);
      assert.deepEqual(owners(), ['4', '2']);
    });
  }

  it("isn't offered for an API key", async () => {
    await logoutEverybody(user);
    const { clientId: id, clientSecret } = looker.apiKeyOf('Ada');
    user.answer(looker.baseUrl, { choose: /With an API Key/ }, id, clientSecret);
    await run('login');
    const before = user.dialogs.length;
    await run('logout');
    assert.deepEqual(user.dialogs[before]?.buttons, ['Log Out']);
  });
});

describe('the OAuth client in the settings', () => {
  it('replaces Looker Auth’s own, with its redirect URI', async () => {
    const looker = await StandInLooker.start();
    const redirectUri = 'http://localhost:17999/callback';
    looker.registerClient('acme-vscode', [redirectUri]);
    const user = new ScriptedUser();
    const visitor = new Visitor(looker, comeAs(KATHERINE));
    const settings = vscode.workspace.getConfiguration('lookerAuth');
    const instance = { url: looker.baseUrl, oauth: { clientId: 'acme-vscode', redirectUri } };
    try {
      await settings.update('instances', [instance], vscode.ConfigurationTarget.Global);
      const known = new RegExp(new URL(looker.baseUrl).host);
      user.answer({ choose: known }, { choose: /With Your Browser/ }, { leave: 'open' });
      await run('login');
      await visitor.rest();
      const asked = new URL(visitor.opened[0] ?? '').searchParams;
      assert.equal(asked.get('client_id'), 'acme-vscode');
      assert.equal(asked.get('redirect_uri'), redirectUri);
      assert.equal((await labels()).length, 1);
      await logoutEverybody(user);
      assert.deepEqual(looker.liveRefreshTokens(), []);
    } finally {
      await settings.update('instances', undefined, vscode.ConfigurationTarget.Global);
      await logoutEverybody(user);
      visitor.dispose();
      user.dispose();
      await looker.stop();
    }
  });
});
