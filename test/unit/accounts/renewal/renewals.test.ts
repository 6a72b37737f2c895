import assert from 'node:assert/strict';
import type { Accounts } from '../../../../src/accounts/accounts';
import { needsLogin } from '../../../../src/accounts/errors';
import { RenewalTimer } from '../../../../src/accounts/renewal/renewalTimer';
import { CanceledError } from '../../../../src/looker/errors/expectedError';
import { UnreachableError } from '../../../../src/looker/errors/network';
import { NotLookerApiError } from '../../../../src/looker/errors/notLooker';
import { ApiKeyRefusedError } from '../../../../src/looker/errors/refusal';
import { SimulatedTimers } from '../../../support/simulatedTimers';
import { until } from '../../../support/until';
import { atRest, MINUTE, setUp } from '../harness';

describe('renewal in the background', () => {
  const harness = setUp();
  const { openWindow, openWindowOf, login, asked } = harness;

  beforeEach(() => {
    harness.renewal = 'background';
  });

  it('happens five minutes before expiry, without a request', async () => {
    const { accounts, id } = await openWindowOf('Ada');
    const token = accounts.peek(id)?.token;
    assert.equal(accounts.renewDueAccounts(), 55 * MINUTE);
    harness.now += 55 * MINUTE;
    accounts.renewDueAccounts();
    await until(() => accounts.peek(id)?.token.value !== token?.value);
    assert.equal(asked('/login').length, 2);
  });

  it('happens in the focused window first, and the others adopt its token', async () => {
    const focused = await openWindow();
    const { id } = await login(focused, 'Ada');
    const others = await Promise.all(
      Array.from({ length: 19 }, (_, n) => openWindow({ isFocused: false, random: n / 19 + 0.05 })),
    );
    const old = focused.peek(id)?.token.value;
    harness.now += 55 * MINUTE;
    for (const window of [...others, focused]) window.renewDueAccounts();
    const tokenOf = (window: Accounts) => window.peek(id)?.token.value;
    await until(() => tokenOf(focused) !== old);
    await until(() => others.every((other) => tokenOf(other) === tokenOf(focused)));
    harness.now += 3 * MINUTE;
    for (const window of others) window.renewDueAccounts();
    await Promise.all(others.map((other) => other.session(id)));
    assert.equal(asked('/login').length, 2);
  });

  it('is retried after a network failure, later each time, until it succeeds', async () => {
    const { accounts, id } = await openWindowOf('Ada');
    const token = accounts.peek(id)?.token.value;
    const back = harness.looker.fault({ path: '/login', kind: { is: 'reset' } });
    harness.now += 55 * MINUTE;
    const tries: number[] = [];
    for (let minute = 0; minute < 10; minute++, harness.now += MINUTE) {
      const before = asked('/login').length;
      accounts.renewDueAccounts();
      if (accounts.active?.isRenewing) await until(() => !accounts.active?.isRenewing);
      if (asked('/login').length > before) tries.push(minute);
    }
    assert.deepEqual(tries, [0, 1, 3, 7]);
    back();
    harness.now += 10 * MINUTE;
    accounts.renewDueAccounts();
    await until(() => accounts.peek(id)?.token.value !== token);
    assert.equal(accounts.active?.failure, undefined);
  });

  it('after hours of sleep costs one login for any number of windows that wake up', async () => {
    const all = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        openWindow({ isFocused: false, random: (index + 1) / 21 }),
      ),
    );
    const { id } = await login(all[0] ?? assert.fail(), 'Ada');
    await until(() => all.every((window) => window.peek(id)));
    const before = asked('/login').length;
    harness.now += 10 * 60 * MINUTE;
    harness.asleep += 10 * 60 * MINUTE;
    for (let second = 0; second < 40; second++, harness.now += 1000) {
      for (const window of all) window.renewDueAccounts();
      await until(() => all.every((window) => !window.active?.isRenewing));
    }
    assert.equal(asked('/login').length - before, 1);
    assert.ok(all.every((window) => (window.active?.timeLeft ?? 0) > 0));
  });

  it('waits as long as Looker asks for, even if the token is in use', async () => {
    const { accounts, id } = await openWindowOf('Ada');
    harness.looker.fault({ path: '/login', kind: { is: 'rateLimited', retryAfter: '240' } });
    harness.now += 55 * MINUTE;
    const before = asked('/login').length;
    for (let second = 0; second < 200; second++, harness.now += 1000) {
      await accounts.session(id);
      accounts.renewDueAccounts();
      if (accounts.active?.isRenewing) await until(() => !accounts.active?.isRenewing);
    }
    assert.equal(asked('/login').length - before, 1);
  });

  it('of tokens that live a second continues without running nonstop', async () => {
    harness.looker.setTokenLife(1);
    const { accounts } = await openWindowOf('Ada');
    for (let tick = 0; tick < 200; tick++, harness.now += 100) {
      accounts.renewDueAccounts();
      if (accounts.active?.isRenewing) await until(() => !accounts.active?.isRenewing);
    }
    assert.ok(asked('/login').length <= 6, `${asked('/login').length} logins in 20 s`);
    assert.ok(asked('/login').length >= 4);
  });

  it('leaves Looker alone between attempts, also for sudo accounts', async () => {
    const { accounts, account: admin } = await openWindowOf('Ada');
    await accounts.loginAs(admin, '3');
    const renewalTimer = new RenewalTimer(accounts, new SimulatedTimers(() => harness.now).set);
    harness.looker.fault({ kind: { is: 'reset' } });
    const before = harness.looker.requests.length;
    harness.now += 61 * MINUTE;
    renewalTimer.tick();
    await atRest(accounts);
    assert.equal(harness.looker.requests.length - before, 1);
    renewalTimer.dispose();
  });

  it('leaves Looker alone when an admin fails after their sudo accounts', async () => {
    const { accounts, account: admin } = await openWindowOf('Ada');
    const { id: sudoId } = await accounts.loginAs(admin, '3');
    const renewalTimer = new RenewalTimer(accounts, new SimulatedTimers(() => harness.now).set);
    const back = harness.looker.fault({ kind: { is: 'reset' } });
    const failsWith = async (minutes: number) => {
      const before = asked('/login').length;
      harness.now += minutes * MINUTE;
      renewalTimer.tick();
      await atRest(accounts);
      return asked('/login').length - before;
    };
    // Both fail, each with its own request; after that the admin's token is invalid, and so are the sudo accounts'
    // tokens.
    assert.equal(await failsWith(56), 1);
    assert.equal(await failsWith(6), 1);
    assert.equal(harness.log.filter((line) => line.includes("Couldn't renew")).length, 4);
    back();
    harness.looker.revokeApiKey(harness.looker.apiKeyOf('Ada').clientId);
    assert.equal(await failsWith(11), 1);
    assert.ok(
      needsLogin(accounts.statuses().find(({ account }) => account.id === sudoId)?.failure),
    );
    renewalTimer.dispose();
  });

  it('continues for a token that Looker has revoked early', async () => {
    const { accounts, id } = await openWindowOf('Ada');
    const value = accounts.peek(id)?.token.value ?? '';
    harness.looker.revokeToken(value);
    const back = harness.looker.fault({ path: '/login', kind: { is: 'reset' } });
    await assert.rejects(accounts.replaceRejected(id, value), UnreachableError);
    back();
    assert.equal(accounts.renewDueAccounts(), MINUTE);
    harness.now += MINUTE;
    accounts.renewDueAccounts();
    await until(() => accounts.peek(id)?.token.value !== value);
  });

  it('stops for an account that Looker has refused, and for no other', async () => {
    const { accounts } = await openWindowOf('Ada');
    const grace = await login(accounts, 'Grace Hopper');
    harness.looker.revokeApiKey(harness.looker.apiKeyOf('Ada').clientId);
    for (let hour = 0; hour < 3; hour++) {
      harness.now += 56 * MINUTE;
      accounts.renewDueAccounts();
      await until(() => accounts.statuses().every(({ isRenewing }) => !isRenewing));
    }
    assert.equal(asked('/login').filter(({ status }) => status === 404).length, 1);
    await accounts.session(grace.id);
    assert.deepEqual(
      accounts.statuses().map(({ renewsItself }) => renewsItself),
      [false, true],
    );
  });

  it('renews an admin once before their sudo accounts', async () => {
    const { accounts, account: admin } = await openWindowOf('Ada');
    for (const user of ['2', '3', '4']) await accounts.loginAs(admin, user);
    harness.now += 59.5 * MINUTE;
    accounts.renewDueAccounts();
    await until(() => accounts.statuses().every(({ isExpiring }) => !isExpiring));
    assert.equal(asked('/login').length, 2);
  });

  for (const mode of ['onUse', 'off'] as const) {
    it(`doesn't happen if renewal is "${mode}"`, async () => {
      harness.renewal = mode;
      const { accounts } = await openWindowOf('Ada');
      harness.now += 56 * MINUTE;
      assert.equal(accounts.active?.renewsItself, false);
      accounts.renewDueAccounts();
      assert.equal(accounts.active.isRenewing, false);
      await atRest(accounts);
      assert.equal(asked('/login').length, 1);
    });
  }

  it('can be turned off, so that only the user renews', async () => {
    const { accounts, id } = await openWindowOf('Ada');
    harness.renewal = 'off';
    harness.now += 56 * MINUTE;
    assert.equal(accounts.renewDueAccounts(), undefined);
    await accounts.session(id);
    harness.now += 5 * MINUTE;
    await assert.rejects(accounts.session(id), /renewal is off/);
    assert.equal(asked('/login').length, 1);
    await accounts.renew(id);
    await accounts.session(id);
  });
});

describe('renewal by hand', () => {
  const harness = setUp();
  const { openWindow, openWindowOf, asked } = harness;

  it('works if renewal is off, also for sudo accounts', async () => {
    harness.renewal = 'off';
    const { accounts, account: admin } = await openWindowOf('Ada');
    const sudo = await accounts.loginAs(admin, '3');
    harness.now += 61 * MINUTE;
    await assert.rejects(accounts.session(sudo.id), /renewal is off/);
    assert.equal(accounts.active?.failure, undefined);
    await accounts.renew(sudo.id);
    await accounts.session(sudo.id);
  });

  it('sends a request even if the token is valid', async () => {
    const { accounts, id } = await openWindowOf('Ada');
    await accounts.renew(id);
    assert.equal(asked('/login').length, 2);
  });

  it('in two windows at once uses the first token and revokes the other', async () => {
    const { accounts: slow, id } = await openWindowOf('Ada');
    const fast = await openWindow();
    harness.secrets.isMute = true;
    harness.looker.fault({ path: '/login', times: 1, kind: { is: 'slow', ms: 200 } });
    const renewal = slow.renew(id);
    await until(() => asked('/login').length === 2);
    const { token } = await fast.renew(id);
    assert.equal((await renewal).token.value, token.value);
    await until(() => asked('/logout').length === 1);
    await slow.logout([id]);
    assert.deepEqual(harness.looker.liveTokens(), []);
  });

  it('in a loop gets one token every 5 s in any window, and leaves one valid', async () => {
    const { accounts, id } = await openWindowOf('Ada');
    const other = await openWindow();
    for (let ms = 0; ms < 10_000; ms += 100, harness.now += 100) {
      const { token } = await (ms % 200 ? other : accounts).renew(id);
      assert.equal(accounts.peek(id)?.token.value, token.value);
    }
    const logins = asked('/login').length - 1;
    assert.ok(logins >= 2 && logins <= 3, `${logins} logins in 10 s`);
    await Promise.all([accounts.allRevoked(), other.allRevoked()]);
    const alive = harness.looker.liveTokens().map(({ value }) => value);
    assert.deepEqual(alive, [accounts.peek(id)?.token.value]);
  });

  it("of a sudo account in a loop leaves one of its tokens valid, and its admin's token alone", async () => {
    const { accounts, account: admin } = await openWindowOf('Ada');
    const { id } = await accounts.loginAs(admin, '3');
    for (let second = 0; second < 10; second++, harness.now += 1000) await accounts.renew(id);
    await accounts.allRevoked();
    assert.equal(asked('/login').length, 1);
    const values = [admin.id, id].map((each) => accounts.peek(each)?.token.value);
    assert.deepEqual(
      harness.looker.liveTokens().map(({ value }) => value),
      values,
    );
  });

  it('replaces at once a token that the server is known to reject', async () => {
    const { accounts, id } = await openWindowOf('Ada');
    const { token } = await accounts.renew(id);
    harness.looker.revokeTokens();
    harness.looker.fault({ path: '/login', times: 1, kind: { is: 'reset' } });
    await assert.rejects(accounts.replaceRejected(id, token.value), UnreachableError);
    assert.notEqual((await accounts.renew(id)).token.value, token.value);
  });

  it('revokes no token if it fails', async () => {
    const { accounts, id } = await openWindowOf('Ada');
    harness.looker.fault({ path: '/login', kind: { is: 'reset' } });
    await assert.rejects(accounts.renew(id), UnreachableError);
    await accounts.allRevoked();
    assert.equal(harness.looker.liveTokens().length, 1);
  });

  it("isn't awaited once it is canceled", async () => {
    const { accounts, id } = await openWindowOf('Ada');
    harness.looker.fault({ path: '/login', kind: { is: 'halfOpen' } });
    await assert.rejects(accounts.renew(id, AbortSignal.timeout(20)), CanceledError);
  });
});

describe('a refusal', () => {
  const harness = setUp();
  const { openWindow, openWindowOf, login, giveNewKey, asked } = harness;

  beforeEach(() => {
    harness.renewal = 'background';
  });
  const logins = () => asked('/login').length;

  it('also counts if another window has just renewed the token', async () => {
    const { accounts, id } = await openWindowOf('Ada');
    const elsewhere = await openWindow();
    harness.secrets.isMute = true;
    await elsewhere.renew(id);
    harness.now += 6000;
    harness.giveNewKey();
    await assert.rejects(accounts.renew(id), ApiKeyRefusedError);
    assert.ok(accounts.active?.failure instanceof ApiKeyRefusedError);
  });

  it('applies to all windows, even later ones, and is shown in one', async () => {
    const [one, other] = [await openWindow(), await openWindow({ isFocused: false, random: 1 })];
    const { id } = await login(one, 'Ada');
    harness.looker.revokeApiKey(harness.looker.apiKeyOf('Ada').clientId);
    harness.now += 56 * MINUTE;
    await assert.rejects(one.renew(id), ApiKeyRefusedError);
    await until(() => needsLogin(other.active?.failure));
    const later = await openWindow();
    const before = logins();
    for (const window of [one, other, later]) {
      assert.match(window.active?.failure?.message ?? '', /rejected this API key/);
      assert.equal(window.active?.renewsItself, false);
      assert.equal(window.active.isAcknowledged, false);
      window.renewDueAccounts();
    }
    harness.now += 5 * MINUTE;
    for (const window of [one, other, later]) await assert.rejects(window.session(id), needsLogin);
    assert.equal(logins(), before);
    await one.acknowledgeFailure(id);
    await until(() => other.active?.isAcknowledged === true);
    assert.equal((await openWindow()).active?.isAcknowledged, true);
    // Renewing by hand shows the refusal again at once.
    await assert.rejects(one.renew(id), ApiKeyRefusedError);
    assert.equal((await openWindow()).active?.isAcknowledged, true);
  });

  it('stops a window that learns of it only just before its own request', async () => {
    const [one, other] = [await openWindow(), await openWindow({ isFocused: false })];
    const { id } = await login(one, 'Ada');
    await until(() => other.peek(id) !== undefined);
    harness.secrets.isMute = true;
    harness.looker.revokeApiKey(harness.looker.apiKeyOf('Ada').clientId);
    harness.now += 61 * MINUTE;
    await assert.rejects(one.session(id), ApiKeyRefusedError);
    const before = logins();
    await assert.rejects(other.session(id), needsLogin);
    assert.equal(logins(), before);
    assert.ok(needsLogin(other.active?.failure));
  });

  it("that couldn't be stored doesn't override another window's renewal", async () => {
    const [one, other] = [await openWindow(), await openWindow()];
    const { id } = await login(one, 'Ada');
    await until(() => other.peek(id) !== undefined);
    harness.looker.disable('Ada');
    harness.secrets.broken = ['store'];
    await assert.rejects(other.renew(id), ApiKeyRefusedError);
    harness.secrets.broken = [];
    harness.looker.enable('Ada');
    const { token } = await one.renew(id);
    await until(() => other.peek(id)?.token.value === token.value);
    await Promise.all([one.catchUp(), other.catchUp()]);
    for (const window of [one, other, await openWindow()]) {
      assert.equal(window.peek(id)?.token.value, token.value);
      assert.equal(window.active?.failure, undefined);
    }
  });

  it('stays if an earlier renewal could be stored only later', async () => {
    const [one, other] = [await openWindow(), await openWindow()];
    const { id } = await login(one, 'Ada');
    await until(() => other.peek(id) !== undefined);
    harness.secrets.isMute = true;
    // The store reports a failure although it has written the value.
    const store = harness.secrets.store.bind(harness.secrets);
    harness.secrets.store = async (...what) => {
      await store(...what);
      throw new Error('Too late.');
    };
    await one.renew(id);
    harness.now += 6000;
    harness.secrets.store = store;
    harness.looker.disable('Ada');
    await assert.rejects(other.renew(id), ApiKeyRefusedError);
    await one.catchUp();
    assert.ok(needsLogin(one.active?.failure));
    assert.ok(needsLogin((await openWindow()).active?.failure));
  });

  it('ends with a successful renewal by hand, and with a new login', async () => {
    const { accounts, id } = await openWindowOf('Ada');
    const { clientId } = harness.looker.apiKeyOf('Ada');
    harness.looker.disable('Ada');
    await assert.rejects(accounts.renew(id), ApiKeyRefusedError);
    assert.ok(needsLogin(accounts.active?.failure));
    harness.looker.enable('Ada');
    await accounts.renew(id);
    assert.equal((await openWindow()).active?.failure, undefined);
    harness.now += 6000;
    harness.looker.revokeApiKey(clientId);
    await assert.rejects(accounts.renew(id), ApiKeyRefusedError);
    giveNewKey();
    await login(accounts, 'Ada');
    assert.equal((await openWindow()).active?.failure, undefined);
  });

  it("isn't triggered again by searching for users", async () => {
    const { accounts, account: admin } = await openWindowOf('Ada');
    harness.looker.revokeApiKey(harness.looker.apiKeyOf('Ada').clientId);
    for (const { value } of harness.looker.liveTokens()) harness.looker.revokeToken(value);
    await assert.rejects(
      (await accounts.tokenRequests()).searchUsers(admin, 'A'),
      ApiKeyRefusedError,
    );
    const before = logins();
    await assert.rejects(
      (await accounts.tokenRequests()).searchUsers(admin, 'Al'),
      ApiKeyRefusedError,
    );
    assert.equal(logins(), before);
  });

  it("that isn't Looker's stops background renewal until the account is used", async () => {
    const { accounts, id } = await openWindowOf('Ada');
    const remove = harness.looker.fault({ kind: { is: 'html', status: 200 } });
    harness.now += 56 * MINUTE;
    accounts.renewDueAccounts();
    await until(() => accounts.active?.failure instanceof NotLookerApiError);
    assert.equal(accounts.active?.renewsItself, false);
    const before = harness.looker.requests.length;
    harness.now += 60 * MINUTE;
    accounts.renewDueAccounts();
    await atRest(accounts);
    assert.equal(harness.looker.requests.length, before);
    remove();
    await accounts.session(id);
    assert.equal(accounts.active.failure, undefined);
    assert.equal(accounts.active.renewsItself, true);
  });
});
