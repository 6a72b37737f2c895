import assert from 'node:assert/strict';
import type { LookerSession } from '../../../../packages/looker-auth-api/index';
import type { Accounts } from '../../../../src/accounts/accounts';
import { ExportedApi } from '../../../../src/vscode/provider/exportedApi';
import { IssuedSessions } from '../../../../src/vscode/provider/issuedSessions';
import { until } from '../../../support/until';
import { MINUTE, setUp } from '../../accounts/harness';

describe('the exports, for an extension that gets no more sessions from VS Code', () => {
  const harness = setUp();
  let accounts: Accounts;
  let issued: IssuedSessions;
  let api: ExportedApi;
  let id: string;

  beforeEach(async () => {
    ({ accounts, id } = await harness.openWindowOf('Ada'));
    issued = new IssuedSessions(() => harness.now);
    const write = (line: string) => harness.log.push(line);
    api = new ExportedApi(issued, { info: write, warn: write });
    api.use(accounts);
  });

  const share = async (): Promise<LookerSession> =>
    issued.share(accounts, await accounts.session(id), []);
  /** As the provider does after a token was replaced: it gives VS Code the new one. */
  const replaceToken = async () => {
    harness.now += 6000;
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
    await assert.rejects(api.reportRejected(session), { name, message: /replaced its token/ });
    assert.throws(() => reasonsOf(session), { name });
  };

  it('describe a session while its token is current, however long', async () => {
    const session = await share();
    harness.now += 50 * MINUTE;
    assert.equal(api.details(session)?.user.name, 'Ada Lovelace');
    assert.deepEqual(reasonsOf(session).reasons, []);
  });

  it('describe it for a minute after its token was replaced, and then no longer', async () => {
    const session = await share();
    await replaceToken();
    harness.now += MINUTE - 1;
    assert.equal(api.details(session)?.user.name, 'Ada Lovelace');
    await api.reportRejected(session);
    harness.now += 1;
    await isUnknown(session);
  });

  it('describe the new session to extensions that get it', async () => {
    const old = await share();
    await replaceToken();
    harness.now += MINUTE;
    const session = await share();
    assert.equal(session.id, old.id);
    assert.equal(api.details(session)?.user.name, 'Ada Lovelace');
    await isUnknown(old);
  });

  it('end a subscription with the change that replaced its token', async () => {
    const { reasons } = reasonsOf(await share());
    await replaceToken();
    assert.deepEqual(reasons, ['renewed']);
    harness.now += MINUTE;
    await replaceToken();
    await accounts.logout([id]);
    assert.deepEqual(reasons, ['renewed']);
  });

  it('notify a subscription within that minute, too', async () => {
    const { reasons } = reasonsOf(await share());
    await replaceToken();
    await accounts.logout([id]);
    assert.deepEqual(reasons, ['renewed', 'loggedOut']);
  });

  it("know no session that isn't one", async () => {
    for (const passed of [undefined, null, 'session', 7, {}, Object.create(null)]) {
      await isUnknown(passed as LookerSession);
    }
  });

  it('replace the token of the session that was checked, whatever it is the next time', async () => {
    const session = await share();
    const tokens = [session.accessToken, 'another'];
    const reads: string[] = [];
    const changing = {
      ...session,
      get accessToken() {
        const token = tokens[reads.length] ?? '';
        reads.push(token);
        return token;
      },
    };
    await assert.rejects(api.reportRejected(changing), { name: 'TokenAcceptedError' });
    assert.deepEqual(reads, [session.accessToken]);
  });

  it('end a subscription even if its session object was changed afterwards', async () => {
    const session = await share();
    const { reasons } = reasonsOf(session);
    await replaceToken();
    const next = await share();
    Object.assign(session, next);
    harness.now += MINUTE;
    await replaceToken();
    assert.deepEqual(reasons, ['renewed']);
  });

  it('forget a session a minute after the logout, even if the user logs in again', async () => {
    const session = await share();
    await accounts.logout([id]);
    assert.equal(api.details(session), undefined);
    harness.now += MINUTE;
    await harness.login(accounts, 'Ada');
    await isUnknown(session);
  });

  it('count the minute from the change, even if another window has renewed', async () => {
    const session = await share();
    const other = await harness.openWindow();
    harness.now += 6000;
    const { token } = await other.renew(id);
    await until(() => accounts.peek(id)?.token.value === token.value);
    harness.now += MINUTE;
    await isUnknown(session);
  });

  it("don't extend the minute if VS Code hands out the old token late", async () => {
    const late = await accounts.session(id);
    await replaceToken();
    const session = issued.share(accounts, late, []);
    assert.ok(api.details(session));
    harness.now += MINUTE;
    issued.share(accounts, late, []);
    await isUnknown(session);
  });

  it('notify about sessions in Development Mode and in production separately', async () => {
    const production = await share();
    const dev = issued.share(
      accounts,
      await accounts.session(id, undefined, 'dev'),
      ['workspace:dev'],
      'dev',
    );
    assert.equal(api.details(production)?.workspace, 'production');
    assert.equal(api.details(dev)?.workspace, 'dev');
    const heard = [reasonsOf(production).reasons, reasonsOf(dev).reasons];
    harness.now += 6000;
    await accounts.renew(id, undefined, 'dev');
    assert.deepEqual(heard, [[], ['renewed']]);
    await accounts.renew(id);
    assert.deepEqual(heard, [['renewed'], ['renewed']]);
    await accounts.logout([id]);
    assert.deepEqual(heard, [
      ['renewed', 'loggedOut'],
      ['renewed', 'loggedOut'],
    ]);
  });

  it('replace only the reported token in Development Mode', async () => {
    const production = await share();
    const dev = issued.share(accounts, await accounts.session(id, undefined, 'dev'), [], 'dev');
    harness.looker.revokeToken(dev.accessToken);
    const { reasons } = reasonsOf(dev);
    await api.reportRejected(dev);
    assert.deepEqual(reasons, ['replaced']);
    assert.notEqual(accounts.peek(id, 'dev')?.token.value, dev.accessToken);
    assert.equal(accounts.peek(id)?.token.value, production.accessToken);
  });
});
