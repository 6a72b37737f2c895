import assert from 'node:assert/strict';
import type { LookerSession } from '../../../../packages/looker-auth-api/index';
import type { Accounts } from '../../../../src/accounts/accounts';
import { ExportedApi } from '../../../../src/vscode/provider/exportedApi';
import { HandedOut } from '../../../../src/vscode/provider/issuedSessions';
import { until } from '../../../support/until';
import { MINUTE, setScene } from '../../accounts/scene';

describe('the exports, for an extension that VS Code gives no more sessions', () => {
  const scene = setScene();
  let accounts: Accounts;
  let handedOut: HandedOut;
  let api: ExportedApi;
  let id: string;

  beforeEach(async () => {
    ({ accounts, id } = await scene.openWindowOf('Ada'));
    handedOut = new HandedOut(() => scene.now);
    const write = (line: string) => scene.log.push(line);
    api = new ExportedApi(handedOut, { info: write, warn: write });
    api.use(accounts);
  });

  const share = async (): Promise<LookerSession> =>
    handedOut.share(accounts, await accounts.session(id), []);
  /** As the provider does where the token was replaced: it hands out the new one to VS Code. */
  const replaceToken = async () => {
    scene.now += 6000;
    await accounts.renew(id);
  };
  const reasonsOf = (session: LookerSession) => {
    const reasons: string[] = [];
    const subscription = api.onDidChangeSession(session, ({ reason }) => reasons.push(reason));
    return { reasons, subscription };
  };
  const isUnknown = async (session: LookerSession) => {
    assert.equal(api.details(session), undefined);
    const name = 'UnknownSessionError';
    await assert.rejects(api.reportRejected(session), { name, message: /token was replaced/ });
    assert.throws(() => reasonsOf(session), { name });
  };

  it('tell of a session while its token is the account’s, however long', async () => {
    const session = await share();
    scene.now += 50 * MINUTE;
    assert.equal(api.details(session)?.user.name, 'Ada Lovelace');
    assert.deepEqual(reasonsOf(session).reasons, []);
  });

  it('tell of it for a minute after its token was replaced, and then nothing', async () => {
    const session = await share();
    await replaceToken();
    scene.now += MINUTE - 1;
    assert.equal(api.details(session)?.user.name, 'Ada Lovelace');
    await api.reportRejected(session);
    scene.now += 1;
    await isUnknown(session);
  });

  it('tell of the new session to whoever gets that', async () => {
    const old = await share();
    await replaceToken();
    scene.now += MINUTE;
    const session = await share();
    assert.equal(session.id, old.id);
    assert.equal(api.details(session)?.user.name, 'Ada Lovelace');
    await isUnknown(old);
  });

  it('end a subscription with the change that replaced its token', async () => {
    const { reasons } = reasonsOf(await share());
    await replaceToken();
    assert.deepEqual(reasons, ['renewed']);
    scene.now += MINUTE;
    await replaceToken();
    await accounts.logout([id]);
    assert.deepEqual(reasons, ['renewed']);
  });

  it('tell a subscription within that minute, too', async () => {
    const { reasons } = reasonsOf(await share());
    await replaceToken();
    await accounts.logout([id]);
    assert.deepEqual(reasons, ['renewed', 'loggedOut']);
  });

  it('end a subscription though its session object was changed afterwards', async () => {
    const session = await share();
    const { reasons } = reasonsOf(session);
    await replaceToken();
    const next = await share();
    Object.assign(session, next);
    scene.now += MINUTE;
    await replaceToken();
    assert.deepEqual(reasons, ['renewed']);
  });

  it('forget a session a minute after the log-out, though the user logs in again', async () => {
    const session = await share();
    await accounts.logout([id]);
    assert.equal(api.details(session), undefined);
    scene.now += MINUTE;
    await scene.login(accounts, 'Ada');
    await isUnknown(session);
  });

  it('count the minute from the change, though another window has renewed', async () => {
    const session = await share();
    const other = await scene.openWindow();
    scene.now += 6000;
    const { token } = await other.renew(id);
    await until(() => accounts.peek(id)?.token.value === token.value);
    scene.now += MINUTE;
    await isUnknown(session);
  });

  it('count no longer, though VS Code hands out the old token late', async () => {
    const late = await accounts.session(id);
    await replaceToken();
    const session = handedOut.share(accounts, late, []);
    assert.ok(api.details(session));
    scene.now += MINUTE;
    handedOut.share(accounts, late, []);
    await isUnknown(session);
  });
});
