import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { LookerSession } from '../../../packages/looker-auth-api';
import { StandInLooker } from '../../standIn/standInLooker';
import { CONSUMER_IS_TRUSTED } from './environment';
import { logIn, logoutEverybody, run } from './looker';
import { ScriptedUser } from './scriptedUser';

/** For an extension with the user's consent. */
describe('getSession', () => {
  let looker: StandInLooker;
  let user: ScriptedUser;

  before(function () {
    if (!CONSUMER_IS_TRUSTED) this.skip();
  });
  beforeEach(async () => {
    looker = await StandInLooker.start();
    user = new ScriptedUser();
    await logIn(user, looker, 'Ada');
  });
  afterEach(async () => {
    await logoutEverybody(user);
    user.dispose();
    await looker.stop();
  });

  const getSession = (scopes: string[], options: vscode.AuthenticationGetSessionOptions = {}) =>
    vscode.authentication.getSession('looker', scopes, { silent: true, ...options }) as Thenable<
      LookerSession | undefined
    >;
  const askLooker = async ({ accessToken }: vscode.AuthenticationSession) => {
    const response = await fetch(`${looker.baseUrl}/api/4.0/user`, {
      headers: { Authorization: `token ${accessToken}` },
    });
    return ((await response.json()) as { display_name: string }).display_name;
  };
  const actAs = async (type: string, choose: RegExp) => {
    user.answer({ type, choose });
    user.press('Act as This User');
    await run('loginAsUser');
  };

  it('returns a token that Looker accepts, with its details', async () => {
    const session = await getSession([]);
    assert.ok(session);
    assert.equal(await askLooker(session), 'Ada Lovelace');
    assert.deepEqual(session.looker, {
      baseUrl: looker.baseUrl,
      apiVersion: '4.0',
      userId: '1',
      workspace: 'production',
    });
    assert.ok(session.expiresAt > Date.now());
    assert.equal(session.account.label, `Ada Lovelace (${new URL(looker.baseUrl).host})`);
  });

  it('selects by instance', async () => {
    assert.ok(await getSession([looker.baseUrl]));
    assert.equal(await getSession(['https://other.looker.com']), undefined);
  });

  it('selects by the user acted as', async () => {
    await actAs('alan', /Alan Turing/);
    assert.equal(await getSession(['sudo:2']), undefined);
    const session = await getSession([looker.baseUrl, 'sudo:3']);
    assert.ok(session);
    assert.equal(await askLooker(session), 'Alan Turing');
    assert.deepEqual(session.looker.sudo, { adminUserId: '1' });
  });

  it('refuses an unknown scope', async () => {
    await assert.rejects(
      Promise.resolve(getSession(['email'])),
      /doesn't recognize the scope "email"/,
    );
  });

  it('keeps the ID when the token is renewed, and announces the change', async () => {
    const before = await getSession([]);
    const changed = new Promise<void>((resolve) => {
      const subscription = vscode.authentication.onDidChangeSessions(({ provider }) => {
        if (provider.id !== 'looker') return;
        subscription.dispose();
        resolve();
      });
    });
    await run('renewToken');
    await changed;
    const after = await getSession([]);
    assert.equal(after?.id, before?.id);
    assert.notEqual(after?.accessToken, before?.accessToken);
  });

  it('returns nothing once the account is logged out', async () => {
    user.press('Log Out');
    await run('logout');
    assert.equal(await getSession([]), undefined);
  });
});
