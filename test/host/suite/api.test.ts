import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type {
  LookerAuthApi,
  LookerAuthExports,
  LookerSession,
  SessionChange,
} from '../../../packages/looker-auth-api';
import { StandInLooker } from '../../standIn/standInLooker';
import { until } from '../../support/until';
import { CONSUMER_IS_TRUSTED } from './environment';
import { EXTENSION, logIn, logoutEverybody, run } from './looker';
import { ScriptedUser } from './scriptedUser';

/** The exports of the running extension, as other extensions get them. */
describe('the exports, version 1', () => {
  let looker: StandInLooker;
  let user: ScriptedUser;
  let api: LookerAuthApi;
  const subscriptions: vscode.Disposable[] = [];

  before(async function () {
    if (!CONSUMER_IS_TRUSTED) this.skip();
    const extension = vscode.extensions.getExtension<LookerAuthExports>(EXTENSION);
    api = (await extension?.activate())?.getApi(1) ?? assert.fail();
  });
  beforeEach(async () => {
    looker = await StandInLooker.start();
    user = new ScriptedUser();
    await logIn(user, looker, 'Ada');
  });
  afterEach(async () => {
    for (const subscription of subscriptions.splice(0)) subscription.dispose();
    await logoutEverybody(user);
    user.dispose();
    await looker.stop();
  });

  const getSession = async (scopes: string[] = []): Promise<LookerSession> => {
    const options = { silent: true };
    const session = await vscode.authentication.getSession('looker', scopes, options);
    return (session as LookerSession | undefined) ?? assert.fail();
  };
  const changesOf = (session: LookerSession) => {
    const reasons: string[] = [];
    const listener = ({ sessionId, reason }: SessionChange) => {
      assert.equal(sessionId, session.id);
      reasons.push(reason);
    };
    subscriptions.push(api.onDidChangeSession(session, listener));
    return reasons;
  };
  const logins = () => looker.requests.filter(({ path }) => path.endsWith('/login')).length;

  it('provide details that a session lacks', async () => {
    const session = await getSession();
    const { expiresAt, ...details } = api.details(session) ?? assert.fail();
    assert.deepEqual(details, {
      baseUrl: looker.baseUrl,
      apiVersion: '4.0',
      apiUrl: `${looker.baseUrl}/api/4.0`,
      user: { id: '1', name: 'Ada Lovelace', email: looker.person('Ada').email },
      workspace: 'production',
    });
    assert.ok(Math.abs(expiresAt - session.expiresAt) < 2000);
  });

  it('say which admin acts as which user', async () => {
    user.answer({ type: 'alan', choose: /Alan Turing/ });
    user.press('Act as This User');
    await run('loginAsUser');
    const details = api.details(await getSession(['sudo:3']));
    assert.equal(details?.user.name, 'Alan Turing');
    assert.equal(details.sudo?.admin.name, 'Ada Lovelace');
  });

  it('say nothing without a session, not even that there is an account', async () => {
    const session = await getSession();
    const forged: unknown[] = [
      undefined,
      null,
      'session',
      {},
      { id: session.id },
      { ...session, accessToken: '' },
      { ...session, accessToken: `${session.accessToken}x` },
      { ...session, id: 'https://nobody.looker.com#1' },
      { ...session, accessToken: 'guess', id: 'https://nobody.looker.com#1' },
    ];
    const answers = new Set<string>();
    for (const each of forged as LookerSession[]) {
      assert.equal(api.details(each), undefined);
      assert.throws(() => api.onDidChangeSession(each, () => undefined));
      await assert.rejects(api.reportRejected(each), (error: Error) => {
        answers.add(error.message);
        return true;
      });
    }
    assert.equal(answers.size, 1);
    assert.equal(logins(), 1);
  });

  it('replace a token that Looker has revoked, and VS Code gets the new one', async () => {
    const session = await getSession();
    const reasons = changesOf(session);
    looker.revokeToken(session.accessToken);
    await api.reportRejected(session);
    const next = await getSession();
    assert.equal(next.id, session.id);
    assert.notEqual(next.accessToken, session.accessToken);
    assert.deepEqual(reasons, ['replaced']);
    await api.reportRejected(session);
    assert.equal(logins(), 2);
    assert.ok(api.details(session), 'whoever held the old token knows the account');
  });

  it("don't replace a token that Looker accepts", async () => {
    const session = await getSession();
    await assert.rejects(api.reportRejected(session), /accepts this token for Ada Lovelace/);
    assert.equal((await getSession()).accessToken, session.accessToken);
  });

  it('say why there is no new token', async () => {
    const session = await getSession();
    const reasons = changesOf(session);
    looker.disable('Ada');
    await assert.rejects(api.reportRejected(session), /rejected this API key/);
    await until(() => reasons.length > 0);
    assert.deepEqual(reasons, ['refused']);
  });

  it('notify about a renewal and a logout of this session only', async () => {
    const session = await getSession();
    const reasons = changesOf(session);
    const { clientId, clientSecret } = looker.apiKeyOf('Grace Hopper');
    user.answer({ choose: /Another instance/ }, looker.baseUrl, clientId, clientSecret);
    await run('login');
    assert.deepEqual(reasons, []);
    user.answer({ choose: /Ada/ });
    await run('renewToken');
    user.answer({ choose: /Ada/ });
    user.press('Log Out');
    await run('logout');
    assert.deepEqual(reasons, ['renewed', 'loggedOut']);
    assert.equal(api.details(session), undefined);
  });

  it('continue after a listener has thrown', async () => {
    const session = await getSession();
    subscriptions.push(
      api.onDidChangeSession(session, () => {
        throw new Error('a listener that throws, for a test');
      }),
    );
    const reasons = changesOf(session);
    await run('renewToken');
    assert.deepEqual(reasons, ['renewed']);
  });

  it("refuse an unknown version, and can't be changed", () => {
    const exports = vscode.extensions.getExtension<LookerAuthExports>(EXTENSION)?.exports;
    assert.throws(() => exports?.getApi(2 as 1), /supports version 1 of its API, not 2. Update/);
    assert.ok(Object.isFrozen(api));
    assert.ok(Object.isFrozen(exports));
  });
});
