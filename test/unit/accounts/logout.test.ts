import assert from 'node:assert/strict';
import { accountId } from '../../../src/accounts/account';
import { LoggedOutError } from '../../../src/accounts/errors';
import { until } from '../../support/until';
import { announced, labels, MINUTE, setUp } from './harness';

describe('a logout', () => {
  const harness = setUp();
  const { openWindow, openWindowOf, login, asked } = harness;

  it("revokes sudo tokens before their admin's, and leaves nothing stored", async () => {
    const { accounts, account: admin } = await openWindowOf('Ada');
    const sudo = await accounts.loginAs(admin, '3');
    const tokens = [sudo.id, admin.id].map((id) => accounts.peek(id)?.token.value);
    const events = announced(accounts);
    assert.deepEqual(await accounts.logout([admin.id]), []);
    assert.deepEqual(
      asked('/logout').map(({ token }) => token),
      tokens,
    );
    assert.deepEqual(harness.looker.liveTokens(), []);
    assert.deepEqual(events.sort(), ['removed Ada Lovelace', 'removed Alan Turing']);
    assert.deepEqual(harness.keysStored(), []);
    assert.deepEqual(labels(await openWindow()), []);
  });

  it('revokes tokens even if the keyring fails, reports that, and completes once it works', async () => {
    const { accounts, id } = await openWindowOf('Ada');
    harness.secrets.broken = ['delete'];
    assert.deepEqual(await accounts.logout([id]), []);
    assert.deepEqual(harness.looker.liveTokens(), []);
    assert.deepEqual(accounts.statuses(), []);
    assert.match(accounts.storeFailure?.message ?? '', /keyring is locked. You're logged out, but/);
    harness.secrets.broken = [];
    await accounts.catchUp();
    assert.equal(accounts.storeFailure, undefined);
    assert.deepEqual(labels(await openWindow()), []);
  });

  it('wins over a renewal in another window, in any order of events', async () => {
    const [one, other] = [await openWindow(), await openWindow()];
    const { id } = await login(one, 'Ada');
    await until(() => other.peek(id) !== undefined);
    // The renewal reads it, the logout deletes it, the renewal writes it.
    const goOn = harness.secrets.holdBack(`lookerAuth.token:${id}`);
    const renewal = other.renew(id);
    await until(() => asked('/login').length === 2);
    await one.logout([id]);
    goOn();
    await assert.rejects(renewal, LoggedOutError);
    await until(() => harness.looker.liveTokens().length === 0);
    assert.equal(harness.secrets.text().includes(id), false);
    for (const window of [one, other, await openWindow()]) assert.deepEqual(labels(window), []);
  });

  it('includes users that another window has begun to act as without this one knowing', async () => {
    const [one, other] = [await openWindow(), await openWindow()];
    const admin = await login(one, 'Ada');
    await until(() => other.peek(admin.id) !== undefined);
    harness.secrets.isMute = true;
    await other.loginAs(admin, '3');
    await one.logout([admin.id]);
    assert.deepEqual(harness.looker.liveTokens(), []);
    assert.deepEqual(labels(await openWindow()), []);
  });

  it('revokes the tokens of all logins, known here or not, including simultaneous ones', async () => {
    const [one, other] = [await openWindow(), await openWindow()];
    await Promise.all([login(one, 'Ada'), login(other, 'Ada')]);
    harness.secrets.isMute = true;
    const { id } = await login(one, 'Ada');
    await one.renew(id);
    await login(other, 'Ada');
    await other.logout([id]);
    await until(() => harness.looker.liveTokens().length === 0);
  });

  it('revokes a token that another window stores during the logout', async () => {
    const [one, other] = [await openWindow(), await openWindow()];
    const { id } = await login(one, 'Ada');
    await until(() => other.peek(id) !== undefined);
    const remove = harness.secrets.delete.bind(harness.secrets);
    harness.secrets.delete = async (key) => {
      harness.secrets.delete = remove;
      await other.renew(id);
      await remove(key);
    };
    await one.logout([id]);
    await until(() => harness.looker.liveTokens().length === 0);
    assert.deepEqual(labels(other), []);
  });

  it('revokes the token of a renewal whose account is damaged in the meantime', async () => {
    const { accounts, id } = await openWindowOf('Ada');
    await accounts.renew(id);
    harness.secrets.stored.set(`lookerAuth.account:${id}`, '{"version":1');
    await accounts.renew(id).catch(() => undefined);
    await accounts.logout([id]);
    await until(() => harness.looker.liveTokens().length === 0);
  });

  it('revokes replaced tokens that seem expired because the clock was set', async () => {
    const { accounts, id } = await openWindowOf('Ada');
    await accounts.renew(id);
    harness.wrongBy = 2 * 60 * MINUTE;
    await accounts.logout([id]);
    assert.deepEqual(harness.looker.liveTokens(), []);
  });

  it('revokes the tokens of windows that logged in at the same time, even after the clock was set', async () => {
    const [one, other, third] = [await openWindow(), await openWindow(), await openWindow()];
    // Neither window knows the other's token, and one of the two overwrites the other.
    const goOn = harness.secrets.holdBack('lookerAuth.account:');
    const logins = Promise.all([login(one, 'Ada'), login(other, 'Ada')]);
    await until(() => harness.secrets.waiting === 2);
    goOn();
    await logins;
    await until(() => third.ids.length === 1);
    assert.equal(harness.looker.liveTokens().length, 2);
    harness.wrongBy = 10 * 60 * MINUTE;
    await third.logout(third.ids);
    await until(() => harness.looker.liveTokens().length === 0);
  });

  it("revokes tokens that renewals have replaced but couldn't revoke", async () => {
    const { accounts, account: admin } = await openWindowOf('Ada');
    const back = harness.looker.fault({ path: '/logout', kind: { is: 'reset' } });
    await accounts.renew(admin.id);
    await login(accounts, 'Ada');
    harness.now += 6000;
    await accounts.renew(admin.id);
    await accounts.allRevoked();
    assert.equal(harness.looker.liveTokens().length, 4);
    back();
    await accounts.logout([admin.id]);
    assert.deepEqual(harness.looker.liveTokens(), []);
  });

  it('deletes sudo accounts before their admin, so that none is left if the window closes', async () => {
    const { accounts, account: admin } = await openWindowOf('Ada');
    await accounts.loginAs(admin, '3');
    const deleted: string[] = [];
    const remove = harness.secrets.delete.bind(harness.secrets);
    harness.secrets.delete = (key) => {
      deleted.push(key);
      return remove(key);
    };
    await accounts.logout([admin.id]);
    assert.deepEqual(
      deleted.filter((key) => key.startsWith('lookerAuth.account:')),
      [`lookerAuth.account:${admin.id}>3`, `lookerAuth.account:${admin.id}`],
    );
  });

  it('leaves nobody behind who starts to act as a user at that moment', async () => {
    const { accounts, account: admin } = await openWindowOf('Ada');
    const acting = accountId(harness.looker.baseUrl, '3', '1');
    const release = harness.secrets.holdBack(`lookerAuth.account:${acting}`);
    const login = accounts.loginAs(admin, '3');
    await until(() => asked('/session').length === 1);
    await accounts.logout([admin.id]);
    release();
    await assert.rejects(login, LoggedOutError);
    await accounts.allRevoked();
    assert.deepEqual(labels(accounts), []);
    assert.deepEqual(harness.keysStored(), []);
    assert.deepEqual(harness.looker.liveTokens(), []);
  });

  it('includes users that another window begins to act as before the admin is deleted', async () => {
    const [one, other] = [await openWindow(), await openWindow()];
    const admin = await login(one, 'Ada');
    await until(() => other.peek(admin.id) !== undefined);
    let release: (() => void) | undefined;
    const released = new Promise<void>((resolve) => (release = resolve));
    const remove = harness.secrets.delete.bind(harness.secrets);
    harness.secrets.delete = async (key) => {
      if (key === `lookerAuth.account:${admin.id}`) await released;
      return remove(key);
    };
    const loggingOut = one.logout([admin.id]);
    const sudo = await other.loginAs(admin, '3');
    await until(() => one.peek(sudo.id) !== undefined);
    release?.();
    await loggingOut;
    await until(() => harness.looker.liveTokens().length === 0);
    assert.deepEqual(harness.keysStored(), []);
    for (const window of [one, other]) await until(() => labels(window).length === 0);
  });

  it('activates the first account in the list', async () => {
    const { accounts } = await openWindowOf('Grace Hopper');
    await login(accounts, 'Ada');
    harness.looker.addPerson({
      id: 90,
      firstName: 'Zoe',
      lastName: 'Zhu',
      roles: [],
      apiKey: true,
    });
    const zoe = await login(accounts, 'Zoe Zhu');
    await accounts.logout([zoe.id]);
    assert.equal(accounts.active?.account.user.name, 'Ada Lovelace');
  });

  it('lets a closing window wait for the last token', async () => {
    const { accounts, account: admin } = await openWindowOf('Ada');
    await accounts.loginAs(admin, '3');
    harness.looker.fault({ path: '/logout', kind: { is: 'slow', ms: 50 } });
    void accounts.logout([admin.id]);
    await accounts.allRevoked();
    assert.deepEqual(harness.looker.liveTokens(), []);
  });

  it('revokes the other tokens if one fails, and reports how long that one stays valid', async () => {
    const { accounts, id } = await openWindowOf('Ada');
    const old = accounts.peek(id)?.token.value;
    harness.now += 56 * MINUTE;
    await accounts.session(id);
    await until(() => accounts.peek(id)?.token.value !== old);
    harness.looker.fault({ path: '/logout', times: 1, kind: { is: 'reset' } });
    harness.looker.fault({ path: '/logout', kind: { is: 'slow', ms: 50 } });
    const [unrevoked, ...others] = await accounts.logout([id]);
    assert.deepEqual(others, []);
    const [alive, ...dead] = harness.looker.liveTokens();
    assert.deepEqual(dead, []);
    const timeLeft = (alive?.expiresAt ?? 0) - harness.now;
    assert.equal(Math.round((unrevoked?.timeLeft ?? 0) / MINUTE), Math.round(timeLeft / MINUTE));
  });

  it('after a failed login also lets a closing window wait', async () => {
    const accounts = await openWindow();
    harness.looker.fault({ path: '/user', kind: { is: 'reset' } });
    harness.looker.fault({ path: '/logout', kind: { is: 'slow', ms: 50 } });
    await assert.rejects(login(accounts, 'Ada'));
    await accounts.allRevoked();
    assert.deepEqual(harness.looker.liveTokens(), []);
  });

  it('lets a closing window wait', async () => {
    const { accounts, id } = await openWindowOf('Ada');
    harness.looker.fault({ path: '/logout', kind: { is: 'slow', ms: 100 } });
    void accounts.logout([id]);
    await until(() => asked('/logout').length === 1);
    assert.equal(harness.looker.liveTokens().length, 1);
    await accounts.allRevoked();
    assert.deepEqual(harness.looker.liveTokens(), []);
  });

  it('of a sudo account activates its admin again', async () => {
    const { accounts } = await openWindowOf('Grace Hopper');
    const admin = await login(accounts, 'Ada');
    const sudo = await accounts.loginAs(admin, '3');
    await accounts.logout([sudo.id]);
    assert.equal(accounts.active?.account.id, admin.id);
  });

  for (const [what, kind] of [
    ['is down', { is: 'reset' }],
    ['hangs', { is: 'halfOpen' }],
    ['responds with 500', { is: 'refusal', status: 500 }],
    ['responds with a page', { is: 'html', status: 502 }],
  ] as const) {
    it(`leaves nothing here and reports what stays valid if Looker ${what}`, async () => {
      const { accounts, id } = await openWindowOf('Ada');
      harness.looker.fault({ path: '/logout', kind });
      const unrevoked = await accounts.logout([id]);
      assert.deepEqual(
        unrevoked.map(({ account }) => account.id),
        [id],
      );
      assert.deepEqual(accounts.statuses(), []);
      assert.deepEqual(labels(await openWindow()), []);
    });
  }

  for (const status of [401, 404]) {
    it(`is complete if Looker responds with ${status}: the token is already invalid`, async () => {
      const { accounts, id } = await openWindowOf('Ada');
      harness.looker.fault({ path: '/logout', kind: { is: 'refusal', status } });
      assert.deepEqual(await accounts.logout([id]), []);
    });
  }

  it('of no accounts does nothing', async () => {
    assert.deepEqual(await (await openWindow()).logout(['nobody']), []);
  });

  describe("that can't reach Looker doesn't report a token", () => {
    const cannotRevoke = () => harness.looker.fault({ path: '/logout', kind: { is: 'reset' } });

    it('that has expired', async () => {
      const { accounts, id } = await openWindowOf('Ada');
      harness.now += 61 * MINUTE;
      cannotRevoke();
      assert.deepEqual(await accounts.logout([id]), []);
    });

    it('that Looker has rejected', async () => {
      const { accounts, account, id } = await openWindowOf('Ada');
      harness.renewal = 'off';
      harness.looker.revokeTokens();
      await assert.rejects((await accounts.tokenRequests()).searchUsers(account, 'Al', 1));
      cannotRevoke();
      assert.deepEqual(await accounts.logout([id]), []);
    });
  });
});
