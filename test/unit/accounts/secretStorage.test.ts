import assert from 'node:assert/strict';
import { EventEmitter, once } from 'node:events';
import type { Accounts } from '../../../src/accounts/accounts';
import { RenewalTimer } from '../../../src/accounts/renewal/renewalTimer';
import { SimulatedTimers } from '../../support/simulatedTimers';
import { until } from '../../support/until';
import { labels, setUp } from './harness';

describe('a failing secret storage', () => {
  const harness = setUp();
  const { openWindow, login, host } = harness;

  it("doesn't prevent a login: it applies here, and is stored later", async () => {
    const accounts = await openWindow();
    harness.secrets.broken = ['store'];
    const { id } = await login(accounts, 'Ada');
    await accounts.session(id);
    const failure = accounts.storeFailure;
    assert.match(
      failure?.message ?? '',
      /keyring is locked. Unless it recovers, you'll be logged out/,
    );
    assert.deepEqual(labels(await openWindow()), []);
    await accounts.catchUp();
    assert.equal(accounts.storeFailure, failure, 'the same until it works again');
    assert.deepEqual(labels(accounts), [`Ada Lovelace (${host()})`]);
    harness.secrets.broken = [];
    await accounts.catchUp();
    assert.equal(accounts.storeFailure, undefined);
    assert.deepEqual(labels(await openWindow()), labels(accounts));
  });

  it('yields to a login that another window could store', async () => {
    const accounts = await openWindow();
    harness.secrets.broken = ['store'];
    const { id } = await login(accounts, 'Ada');
    harness.secrets.broken = [];
    await login(await openWindow(), 'Ada');
    await accounts.catchUp();
    const stored = (await openWindow()).peek(id);
    assert.equal(accounts.peek(id)?.token.value, stored?.token.value);
  });

  it("keeps a login even if storing it failed twice and the previous record couldn't be read", async () => {
    const [one, other] = [await openWindow(), await openWindow()];
    const { id } = await login(one, 'Ada');
    await until(() => other.peek(id) !== undefined);
    harness.secrets.isMute = true;
    await one.logout([id]);
    harness.secrets.broken = ['get', 'store'];
    await login(other, 'Ada');
    harness.secrets.broken = ['store'];
    await login(other, 'Ada');
    harness.secrets.broken = [];
    await other.catchUp();
    for (const window of [other, await openWindow()]) {
      assert.deepEqual(labels(window), [`Ada Lovelace (${host()})`]);
    }
  });

  it('is read again until the accounts are known', async () => {
    await login(await openWindow(), 'Ada');
    for (const broken of ['keys', 'get'] as const) {
      harness.secrets.broken = [broken];
      const accounts = await openWindow();
      assert.deepEqual(labels(accounts), []);
      assert.match(
        accounts.storeFailure?.message ?? '',
        /locked. Your saved accounts can't be read/,
      );
      harness.secrets.broken = [];
      const renewalTimer = new RenewalTimer(accounts, new SimulatedTimers(() => harness.now).set);
      await until(() => labels(accounts).length === 1);
      assert.equal(accounts.storeFailure, undefined);
      renewalTimer.dispose();
    }
  });

  it("doesn't undo the user's choice of account once it works again", async () => {
    const accounts = await openWindow();
    const ada = await login(accounts, 'Ada');
    const alan = await accounts.loginAs(ada, '3');
    harness.secrets.broken = ['store'];
    await accounts.activate(ada.id);
    harness.secrets.broken = [];
    await accounts.catchUp();
    assert.equal(accounts.active?.account.id, ada.id);
    assert.equal((await openWindow()).active?.account.id, ada.id);
    await accounts.activate(alan.id);
    assert.equal(accounts.active.account.id, alan.id);
  });

  it('that reports no change is read when the user comes back', async () => {
    const [one, other] = [await openWindow(), await openWindow()];
    harness.secrets.isMute = true;
    const { id } = await login(one, 'Ada');
    await other.catchUp();
    assert.deepEqual(labels(other), labels(one));
    await other.logout([id]);
    await one.catchUp();
    assert.deepEqual(labels(one), []);
  });
});

describe('an account that the secret storage lost', () => {
  const harness = setUp();
  const { openWindow, openWindowOf, login } = harness;

  const lost = (accounts: Accounts) => accounts.lost.map(({ user }) => user.name).sort();
  /** Loses a user's accounts along with all claims to labels. */
  const forget = (name: string) => {
    for (const [key, record] of harness.secrets.stored) {
      const isTheirs = record.includes(`"name":"${name}"`);
      if (isTheirs || key.startsWith('lookerAuth.label:')) harness.secrets.stored.delete(key);
    }
  };

  it('is reported with its sudo accounts until one window has shown that', async () => {
    const before = await openWindow();
    const admin = await login(before, 'Ada');
    await before.loginAs(admin, '3');
    await login(before, 'Grace Hopper');
    assert.deepEqual(lost(before), []);
    forget('Ada Lovelace');
    const [one, two] = [await openWindow(), await openWindow()];
    assert.deepEqual(lost(one), ['Ada Lovelace', 'Alan Turing']);
    one.acknowledgeLost();
    for (const window of [one, two, await openWindow()]) assert.deepEqual(lost(window), []);
  });

  it("isn't reported anymore after its user has logged in again", async () => {
    await login(await openWindow(), 'Ada');
    harness.secrets.stored.clear();
    const accounts = await openWindow();
    assert.deepEqual(lost(accounts), ['Ada Lovelace']);
    await login(accounts, 'Ada');
    assert.deepEqual(lost(accounts), []);
    assert.deepEqual(lost(await openWindow()), []);
  });

  it("isn't one that was logged out", async () => {
    const { accounts, account: admin } = await openWindowOf('Ada');
    await accounts.loginAs(admin, '3');
    await accounts.logout([admin.id]);
    assert.deepEqual(lost(await openWindow()), []);
  });

  it("isn't one that was logged out, even if another window's older memory is written afterwards", async () => {
    const { accounts, account } = await openWindowOf('Ada');
    await until(() => harness.memento.isSettled);
    const steps = new EventEmitter();
    const memento = harness.memento.openWindow(() => once(steps, 'next'));
    const other = await openWindow({ memento });
    await login(other, 'Grace Hopper');
    // What it writes is fixed now, and arrives later.
    await until(() => steps.emit('next'));
    const isLoggedIn = () => {
      const known = harness.memento.get(`lookerAuth.known:${account.id}`);
      return (known as { isLoggedIn: boolean }).isLoggedIn;
    };
    await accounts.logout([account.id]);
    await until(() => !isLoggedIn());
    await until(() => {
      steps.emit('next');
      return harness.memento.isSettled;
    });
    assert.ok(isLoggedIn(), 'the note that it was logged out is gone');
    assert.deepEqual(lost(await openWindow()), []);
  });

  it("isn't one with a damaged record, nor one that the keyring can't read now", async () => {
    const { id } = await login(await openWindow(), 'Ada');
    await login(await openWindow(), 'Grace Hopper');
    forget('Grace Hopper');
    harness.secrets.broken = ['get'];
    assert.deepEqual(lost(await openWindow()), []);
    harness.secrets.broken = [];
    harness.secrets.stored.set(`lookerAuth.account:${id}`, '{"version":1');
    assert.deepEqual(lost(await openWindow()), ['Grace Hopper']);
    harness.secrets.broken = ['keys'];
    assert.deepEqual(lost(await openWindow()), []);
  });

  it("isn't one that was logged out while still shown, readable or not", async () => {
    const { accounts, account: admin } = await openWindowOf('Ada');
    await accounts.loginAs(admin, '3');
    const { id } = await login(accounts, 'Grace Hopper');
    harness.secrets.stored.set(`lookerAuth.account:${id}`, '{"version":1');
    const other = await openWindow();
    harness.secrets.stored.clear();
    await other.logout([admin.id, id]);
    assert.deepEqual(lost(await openWindow()), []);
  });

  it("isn't one that was damaged before it was logged out", async () => {
    const { id } = await login(await openWindow(), 'Ada');
    harness.secrets.stored.set(`lookerAuth.account:${id}`, '{"version":1');
    await (await openWindow()).logout([id]);
    assert.deepEqual(lost(await openWindow()), []);
  });
});
