import assert from 'node:assert/strict';
import {
  LoggedOutError,
  LoginNeededError,
  NewerAccountError,
  UnreadableAccountError,
} from '../../../src/accounts/errors';
import { ApiKeyRefusedError, TokenRejectedError } from '../../../src/looker/errors/refusal';
import { lookerApi } from '../../support/lookerApi';
import { until } from '../../support/until';
import { announced, labels, MINUTE, setUp, turns } from './harness';

describe('several windows', () => {
  const harness = setUp();
  const { openWindow, openWindowOf, login } = harness;

  it("see each other's changes", async () => {
    const one = await openWindow();
    const two = await openWindow();
    const events = announced(two);
    const admin = await login(one, 'Ada');
    await until(() => two.active?.account.id === admin.id);
    const sudo = await one.loginAs(admin, '3');
    await until(() => two.active?.account.id === sudo.id);
    await one.activate(admin.id);
    await until(() => two.active?.account.id === admin.id);
    await one.renew(admin.id);
    await until(() => two.peek(admin.id)?.token.value === one.peek(admin.id)?.token.value);
    await one.logout([admin.id]);
    await until(() => two.statuses().length === 0);
    assert.deepEqual(events.slice(0, 3), [
      'added Ada Lovelace',
      'added Alan Turing',
      'renewed Ada Lovelace',
    ]);
  });

  it('keep the last chosen account, even if the event for an earlier choice arrives late', async () => {
    const { accounts, account: ada } = await openWindowOf('Ada');
    const other = await openWindow();
    const grace = await login(accounts, 'Grace Hopper');
    for (let turn = 0; turn < 20; turn++) {
      const { id } = turn % 2 ? grace : ada;
      await accounts.activate(id);
      assert.equal(accounts.active?.account.id, id);
      await new Promise((resolve) => setImmediate(resolve));
      assert.equal(accounts.active.account.id, id);
      await until(() => other.active?.account.id === id);
    }
  });

  it('ignore events that change nothing', async () => {
    const { accounts, id } = await openWindowOf('Ada');
    const other = await openWindow();
    await accounts.activate(id);
    await turns();
    let events = 0;
    other.onDidChange(() => events++);
    const key = `lookerAuth.account:${id}`;
    await harness.secrets.store(key, harness.secrets.stored.get(key) ?? '');
    // Events of one account are handled in order: once this one has arrived, all earlier ones are done.
    const { token } = await accounts.renew(id);
    await until(() => other.peek(id)?.token.value === token.value);
    await turns();
    assert.equal(events, 1);
  });
});

describe('the list of accounts', () => {
  const harness = setUp();
  const { openWindow, openWindowOf, login, target, asked } = harness;

  it('survives one damaged record among valid ones', async () => {
    const before = await openWindow();
    const { label } = await login(before, 'Ada');
    const damaged = 'https://x.example#1';
    harness.secrets.stored.set(`lookerAuth.account:${damaged}`, '{"version":1');
    const accounts = await openWindow();
    assert.deepEqual(labels(accounts), [label]);
    assert.deepEqual(
      accounts.unreadable.map(({ accountId }) => accountId),
      [damaged],
    );
  });

  it("doesn't touch a newer version's record, even when logging in to that account", async () => {
    const { id } = await login(await openWindow(), 'Ada');
    const key = `lookerAuth.account:${id}`;
    const newer = JSON.stringify({ version: 3, whatever: 'comes' });
    harness.secrets.stored.set(key, newer);
    const accounts = await openWindow();
    await assert.rejects(login(accounts, 'Ada'), NewerAccountError);
    await until(() => asked('/logout').length === 1);
    assert.equal(harness.secrets.stored.get(key), newer);
    harness.secrets.isMute = true;
    harness.secrets.stored.delete(key);
    const unaware = await openWindow();
    harness.secrets.stored.set(key, newer);
    await assert.rejects(login(unaware, 'Ada'), NewerAccountError);
    assert.equal(harness.secrets.stored.get(key), newer);
    assert.match(accounts.unreadable[0]?.message ?? '', /Update the extension/);
  });

  it("doesn't touch a newer version's record that arrived while its own couldn't be stored", async () => {
    const accounts = await openWindow();
    harness.secrets.broken = ['store'];
    const { id } = await login(accounts, 'Ada');
    harness.secrets.broken = [];
    const newer = JSON.stringify({ version: 3, whatever: 'comes' });
    harness.secrets.stored.set(`lookerAuth.account:${id}`, newer);
    await accounts.catchUp();
    assert.equal(harness.secrets.stored.get(`lookerAuth.account:${id}`), newer);
    assert.deepEqual(labels(accounts), []);
  });

  it("doesn't touch a damaged record until its account is logged out", async () => {
    const damaged = 'https://x.example#1';
    harness.secrets.stored.set(`lookerAuth.account:${damaged}`, '{"version":1');
    const { accounts, id } = await openWindowOf('Ada');
    assert.equal(harness.secrets.stored.get(`lookerAuth.account:${damaged}`), '{"version":1');
    await accounts.logout([id, damaged]);
    assert.deepEqual(harness.keysStored(), []);
    assert.deepEqual(accounts.unreadable, []);
  });

  it('notifies all windows when a damaged record is gone and no account is active', async () => {
    const { id } = await openWindowOf('Ada');
    harness.secrets.stored.set(`lookerAuth.account:${id}`, '{"version":1');
    const windows = [await openWindow(), await openWindow()] as const;
    const unreadable: number[] = [];
    for (const [i, window] of windows.entries()) {
      window.onDidChange(() => (unreadable[i] = window.unreadable.length));
    }
    await windows[0].logout([id]);
    await until(() => unreadable.join() === '0,0');
    assert.deepEqual(harness.keysStored(), []);
  });

  it('counts the instance of a record as in use from the moment on that it is damaged', async () => {
    const { accounts, id } = await openWindowOf('Ada');
    const inUse: boolean[] = [];
    accounts.onDidChange(() => inUse.push(accounts.isInUse(target().baseUrl)));
    await harness.secrets.store(`lookerAuth.account:${id}`, '{"version":1');
    await until(() => accounts.unreadable.length === 1);
    await turns();
    assert.deepEqual(new Set(inUse), new Set([true]));
  });

  it('reports a damaged record rather than a logout', async () => {
    const { accounts, id } = await openWindowOf('Ada');
    harness.secrets.isMute = true;
    harness.secrets.stored.set(`lookerAuth.account:${id}`, '{"version":1');
    await assert.rejects(accounts.renew(id), UnreadableAccountError);
  });

  it('exposes nothing but the account and its token', async () => {
    const { accounts, id } = await openWindowOf('Ada');
    for (const session of [
      accounts.peek(id),
      await accounts.session(id),
      await accounts.renew(id),
    ]) {
      assert.deepEqual(Object.keys(session ?? {}), ['account', 'token']);
    }
  });

  it('asks for a new login if only the token was saved', async () => {
    harness.renewal = 'background';
    const accounts = await openWindow();
    const key = harness.looker.apiKeyOf('Ada');
    const { id } = await accounts.login(target(), key, undefined, { keepsKey: false });
    assert.ok(!harness.secrets.text().includes(key.clientSecret));
    assert.equal(accounts.active?.canRenew, false);
    harness.now += 56 * MINUTE;
    assert.equal(accounts.renewDueAccounts(), undefined);
    await accounts.session(id);
    harness.now += 5 * MINUTE;
    await assert.rejects(accounts.session(id), LoginNeededError);
    assert.equal(asked('/login').length, 1);
  });

  it('writes no secret and no token to the log', async () => {
    const { accounts, account: admin } = await openWindowOf('Ada');
    const sudo = await accounts.loginAs(admin, '3');
    const given = [admin.id, sudo.id].map((id) => accounts.peek(id)?.token.value ?? '');
    harness.now += 61 * MINUTE;
    await accounts.session(sudo.id);
    const key = harness.looker.apiKeyOf('Ada');
    harness.looker.revokeTokens();
    harness.looker.revokeApiKey(key.clientId);
    await assert.rejects(accounts.renew(sudo.id), ApiKeyRefusedError);
    await accounts.logout([admin.id]);
    const lines = harness.log.join('\n');
    assert.ok(lines.includes(admin.label));
    const { clientId, clientSecret } = key;
    for (const secret of [
      clientId,
      clientSecret,
      ...given,
      ...harness.looker.requests.flatMap(({ token }) => token ?? []),
    ]) {
      assert.ok(!lines.includes(secret));
    }
  });

  it('distinguishes a rejected token from a logged-out account', async () => {
    const { accounts, id } = await openWindowOf('Ada');
    harness.looker.revokeTokens();
    const { token } = await accounts.session(id);
    await assert.rejects(lookerApi(harness.looker.baseUrl).me(token.value), TokenRejectedError);
    await accounts.logout([id]);
    await assert.rejects(accounts.session(id), LoggedOutError);
  });
});
