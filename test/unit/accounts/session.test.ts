import assert from 'node:assert/strict';
import type { Accounts } from '../../../src/accounts/accounts';
import { LoggedOutError, LoginNeededError } from '../../../src/accounts/errors';
import { TokenAcceptedError } from '../../../src/accounts/renewal/serverChecks';
import { TimeoutError, UnreachableError } from '../../../src/looker/errors/network';
import { ApiKeyRefusedError } from '../../../src/looker/errors/refusal';
import { lookerApi } from '../../support/lookerApi';
import { until } from '../../support/until';
import { announced, MINUTE, setUp } from './harness';

describe('a session', () => {
  const harness = setUp();
  const { openWindow, openWindowOf, login, giveNewKey, asked } = harness;

  it('needs no request while the token is valid', async () => {
    const { accounts, id } = await openWindowOf('Ada');
    const before = harness.looker.requests.length;
    harness.now += 54 * MINUTE;
    await accounts.session(id);
    assert.equal(harness.looker.requests.length, before);
  });

  it('renews an expired token once for any number of callers', async () => {
    const { accounts, id } = await openWindowOf('Ada');
    const events = announced(accounts);
    harness.now += 61 * MINUTE;
    const sessions = await Promise.all(Array.from({ length: 50 }, () => accounts.session(id)));
    assert.equal(asked('/login').length, 2);
    assert.equal(new Set(sessions.map(({ token }) => token.value)).size, 1);
    assert.deepEqual(events, ['renewed Ada Lovelace']);
  });

  it('hands out a token that is still valid while renewing it', async () => {
    const { accounts, id } = await openWindowOf('Ada');
    const old = accounts.peek(id)?.token.value;
    harness.now += 56 * MINUTE;
    harness.looker.fault({ path: '/login', kind: { is: 'slow', ms: 50 } });
    assert.equal((await accounts.session(id)).token.value, old);
    assert.ok(accounts.active?.isRenewing);
    await until(() => accounts.peek(id)?.token.value !== old);
  });

  it('of a sudo account renews through the admin, whose own token comes first', async () => {
    const { accounts, account: admin } = await openWindowOf('Ada');
    const sudo = await accounts.loginAs(admin, '3');
    harness.now += 61 * MINUTE;
    const [a, b] = await Promise.all([accounts.session(sudo.id), accounts.session(sudo.id)]);
    assert.equal(a.token.value, b.token.value);
    assert.equal(asked('/login').length, 2);
    assert.equal(asked('/login/3').length, 2);
    assert.equal((await lookerApi(harness.looker.baseUrl).me(a.token.value)).name, 'Alan Turing');
  });

  it('survives a network failure, which is reported', async () => {
    const { accounts, id } = await openWindowOf('Ada');
    harness.now += 61 * MINUTE;
    const remove = harness.looker.fault({ kind: { is: 'reset' } });
    await assert.rejects(accounts.session(id), UnreachableError);
    assert.ok(accounts.active?.failure instanceof UnreachableError);
    remove();
    harness.now += 5000;
    await accounts.session(id);
    assert.equal(accounts.active.failure, undefined);
  });

  it("reports the same failure for seconds: a loop of requests isn't passed on to Looker", async () => {
    const { accounts, id } = await openWindowOf('Ada');
    harness.now += 61 * MINUTE;
    harness.looker.fault({ kind: { is: 'reset' } });
    await assert.rejects(accounts.session(id), UnreachableError);
    const before = harness.looker.requests.length;
    for (let times = 0; times < 100; times++) {
      harness.now += 49;
      await assert.rejects(accounts.session(id), UnreachableError);
    }
    assert.equal(harness.looker.requests.length, before);
    harness.now += 100;
    await assert.rejects(accounts.session(id), UnreachableError);
    assert.equal(harness.looker.requests.length, before + 1);
  });

  it('gives up on a Looker that hangs, and tries again later', async () => {
    const { accounts, id } = await openWindowOf('Ada');
    harness.now += 61 * MINUTE;
    harness.looker.fault({ path: '/login', times: 1, kind: { is: 'halfOpen' } });
    await assert.rejects(accounts.session(id), TimeoutError);
    harness.now += 5000;
    await accounts.session(id);
  });

  it('sends no requests after Looker has refused the key, until the next login', async () => {
    const { accounts, id } = await openWindowOf('Ada');
    const key = harness.looker.apiKeyOf('Ada');
    harness.looker.revokeApiKey(key.clientId);
    harness.now += 61 * MINUTE;
    await assert.rejects(accounts.session(id), ApiKeyRefusedError);
    const before = harness.looker.requests.length;
    await assert.rejects(accounts.session(id), ApiKeyRefusedError);
    assert.equal(harness.looker.requests.length, before);
    assert.equal(accounts.statuses().length, 1);
  });

  it("adopts another window's renewal", async () => {
    const one = await openWindow();
    const { id } = await login(one, 'Ada');
    const two = await openWindow();
    harness.now += 61 * MINUTE;
    await one.session(id);
    const { token } = await two.session(id);
    assert.equal(token.value, one.peek(id)?.token.value);
    assert.equal(asked('/login').length, 2);
  });

  it('of a sudo account works again once its admin has logged in again', async () => {
    const { accounts, account: admin } = await openWindowOf('Ada');
    const sudo = await accounts.loginAs(admin, '3');
    harness.looker.revokeApiKey(harness.looker.apiKeyOf('Ada').clientId);
    harness.now += 61 * MINUTE;
    await assert.rejects(accounts.session(sudo.id), ApiKeyRefusedError);
    giveNewKey();
    await login(accounts, 'Ada');
    await accounts.session(sudo.id);
  });

  it('survives a keyring that is locked for a moment', async () => {
    const { accounts, id } = await openWindowOf('Ada');
    harness.now += 61 * MINUTE;
    harness.secrets.broken = ['get', 'store'];
    const { token } = await accounts.session(id);
    assert.ok(harness.looker.liveTokens().some(({ value }) => value === token.value));
    harness.secrets.broken = [];
    await accounts.catchUp();
    assert.equal((await openWindow()).peek(id)?.token.value, token.value);
  });

  it("isn't affected by a refusal of an older key", async () => {
    const { accounts, id } = await openWindowOf('Ada');
    harness.now += 61 * MINUTE;
    harness.looker.fault({ path: '/login', times: 1, kind: { is: 'slow', ms: 100 } });
    harness.looker.revokeApiKey(harness.looker.apiKeyOf('Ada').clientId);
    const late = accounts.session(id);
    await until(() => asked('/login').length === 2);
    giveNewKey();
    await login(accounts, 'Ada');
    await assert.rejects(late, ApiKeyRefusedError);
    assert.equal(accounts.active?.failure, undefined);
    await accounts.session(id);
  });

  it('ends if its account is logged out in the meantime, and its token is revoked', async () => {
    const { accounts, id } = await openWindowOf('Ada');
    harness.now += 61 * MINUTE;
    harness.looker.fault({ path: '/login', kind: { is: 'slow', ms: 100 } });
    const session = accounts.session(id);
    await until(() => asked('/login').length === 2);
    await accounts.logout([id]);
    await assert.rejects(session, LoggedOutError);
    await until(() => harness.looker.liveTokens().length === 0);
    assert.deepEqual(accounts.statuses(), []);
  });
});

describe('a token that Looker has revoked early', () => {
  const harness = setUp();
  const { openWindow, openWindowOf, login, target, asked } = harness;

  const revoke = (accounts: Accounts, id: string) => {
    const { value } = accounts.peek(id)?.token ?? assert.fail();
    harness.looker.revokeToken(value);
    return value;
  };

  it('is replaced when reported, with one login for a thousand reports', async () => {
    const { accounts, id } = await openWindowOf('Ada');
    const rejected = revoke(accounts, id);
    await Promise.all(Array.from({ length: 1000 }, () => accounts.replaceRejected(id, rejected)));
    assert.equal(asked('/login').length, 2);
    assert.notEqual((await accounts.session(id)).token.value, rejected);
  });

  it("isn't replaced if it is valid after all, even if reported in a loop", async () => {
    const { accounts, id } = await openWindowOf('Ada');
    const { value } = accounts.peek(id)?.token ?? assert.fail();
    const before = harness.looker.requests.length;
    for (let times = 0; times < 100; times++) {
      await assert.rejects(accounts.replaceRejected(id, value), TokenAcceptedError);
    }
    assert.equal(harness.looker.requests.length - before, 1);
    assert.equal(accounts.peek(id)?.token.value, value);
  });

  it("isn't handed out again, even if no other token is available", async () => {
    const { accounts, id } = await openWindowOf('Ada');
    const rejected = revoke(accounts, id);
    const mend = harness.looker.fault({ path: '/login', kind: { is: 'reset' } });
    await assert.rejects(accounts.replaceRejected(id, rejected), UnreachableError);
    await assert.rejects(accounts.session(id), UnreachableError);
    assert.equal(accounts.active?.timeLeft, 0);
    mend();
    harness.now += 5000;
    assert.notEqual((await accounts.session(id)).token.value, rejected);
  });

  it("asks for a login if the key wasn't saved", async () => {
    const accounts = await openWindow();
    const { id } = await accounts.login(target(), harness.looker.apiKeyOf('Ada'), undefined, {
      keepsKey: false,
    });
    const rejected = revoke(accounts, id);
    await assert.rejects(accounts.replaceRejected(id, rejected), LoginNeededError);
    assert.deepEqual([accounts.active?.timeLeft, accounts.active?.isExpiring], [0, true]);
    await assert.rejects(accounts.session(id), LoginNeededError);
  });

  it('is shown as expired at once if renewal is off', async () => {
    harness.renewal = 'off';
    const { accounts, id } = await openWindowOf('Ada');
    const rejected = revoke(accounts, id);
    const shown: (number | undefined)[] = [];
    accounts.onDidChange(() => shown.push(accounts.active?.timeLeft));
    await assert.rejects(accounts.replaceRejected(id, rejected), LoginNeededError);
    await until(() => shown.at(-1) === 0);
  });

  it("reports why it couldn't be checked", async () => {
    const { accounts, id } = await openWindowOf('Ada');
    const rejected = revoke(accounts, id);
    harness.looker.fault({ kind: { is: 'reset' } });
    await assert.rejects(accounts.replaceRejected(id, rejected), UnreachableError);
    assert.equal(accounts.peek(id)?.token.value, rejected);
  });

  it("is replaced by another window's token, without a login", async () => {
    const [one, other] = [await openWindow(), await openWindow()];
    const admin = await login(one, 'Ada');
    await until(() => other.peek(admin.id) !== undefined);
    const { value } = other.peek(admin.id)?.token ?? assert.fail();
    harness.looker.revokeToken(value);
    harness.secrets.isMute = true;
    await (await one.tokenRequests()).searchUsers(admin, 'Al');
    await (await other.tokenRequests()).searchUsers(admin, 'Al');
    assert.equal(asked('/login').length, 2);
  });
});
