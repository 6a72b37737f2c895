import assert from 'node:assert/strict';
import type { Accounts } from '../../../src/accounts/accounts';
import { Emitter } from '../../../src/accounts/emitter';
import { RenewalTimer } from '../../../src/accounts/renewalTimer';
import { SimulatedTimers } from '../../support/simulatedTimers';

const SECOND = 1000;
const MINUTE = 60 * SECOND;

describe('the renewalTimer', () => {
  let now: number;
  let timers: SimulatedTimers;
  /** When the only account's token ends, and when it is to be renewed; nobody is logged in without them. */
  let expiresAt: number | undefined;
  let renewalAt: number;
  let storeFailure: Error | undefined;
  let caughtUp: number;
  let renewals: number;
  const changes = new Emitter<unknown>();
  const wakeUps: number[] = [];
  let renewalTimer: RenewalTimer;

  /** As Accounts behave: what is due is renewed, which is announced while it starts. */
  const accounts = {
    onDidChange: changes.event,
    announceTime: () => {
      wakeUps.push(now);
      changes.fire(undefined);
    },
    renewDueAccounts: () => {
      if (expiresAt === undefined) return undefined;
      if (now < renewalAt) return renewalAt - now;
      renewals++;
      expiresAt = now + 60 * MINUTE;
      renewalAt = expiresAt - 5 * MINUTE;
      changes.fire(undefined);
      return renewalAt - now;
    },
    get active() {
      return expiresAt === undefined ? undefined : { timeLeft: expiresAt - now };
    },
    get storeFailure() {
      return storeFailure;
    },
    catchUp: () => {
      caughtUp++;
      return Promise.resolve();
    },
  } as unknown as Accounts;

  const login = () => {
    expiresAt = now + 60 * MINUTE;
    renewalAt = expiresAt - 5 * MINUTE;
    changes.fire(undefined);
  };
  /** Lets time pass, and the timers with it. */
  const pass = (ms: number) => {
    const end = now + ms;
    while (timers.nextAt <= end) {
      now = timers.nextAt;
      timers.wakeNext();
      assert.ok(timers.count <= 1, 'more than one timer');
    }
    now = end;
  };

  beforeEach(() => {
    now = caughtUp = renewals = 0;
    storeFailure = undefined;
    expiresAt = undefined;
    timers = new SimulatedTimers(() => now);
    renewalTimer = new RenewalTimer(accounts, timers.set);
    wakeUps.length = 0;
  });
  afterEach(() => {
    renewalTimer.dispose();
    assert.equal(timers.count, 0);
  });

  it('sets no timer while nobody is logged in, nor after the logout', () => {
    assert.equal(timers.count, 0);
    login();
    assert.equal(timers.count, 1);
    expiresAt = undefined;
    changes.fire(undefined);
    assert.equal(timers.count, 0);
    pass(600 * MINUTE);
    assert.deepEqual(wakeUps, []);
  });

  it('wakes up once a minute while somebody is logged in, however much changes', () => {
    login();
    for (let minutes = 0; minutes < 50; minutes++) {
      changes.fire(undefined);
      pass(MINUTE);
    }
    assert.equal(wakeUps.length, 50);
  });

  it('wakes up when the minutes left change', () => {
    now = 40 * SECOND;
    login();
    expiresAt = 10 * MINUTE;
    changes.fire(undefined);
    pass(3 * MINUTE);
    assert.deepEqual(wakeUps, [1 * MINUTE, 2 * MINUTE, 3 * MINUTE]);
  });

  it('wakes up at once when a renewal is due, and goes on with one timer', () => {
    login();
    renewalAt = 90 * SECOND;
    changes.fire(undefined);
    pass(89 * SECOND);
    assert.equal(renewals, 0);
    pass(SECOND);
    assert.equal(renewals, 1);
    assert.equal(timers.count, 1);
  });

  it('renews what a sleep has let become due, as soon as it is told to', () => {
    login();
    now += 600 * MINUTE;
    renewalTimer.tick();
    assert.equal(renewals, 1);
    assert.equal(timers.count, 1);
  });

  it('takes due times a moment apart for one', () => {
    login();
    renewalAt = now + 1;
    changes.fire(undefined);
    assert.equal(timers.nextAt, SECOND);
  });

  it('wakes up within a second after a token that expires while it is being shown', () => {
    login();
    expiresAt = 10 * SECOND;
    renewalAt = Infinity;
    const showing = changes.event(() => {
      now += 0.2;
    });
    // Timers may wake up a moment early.
    now = expiresAt - 0.1;
    timers.wakeNext();
    showing.dispose();
    assert.ok(now > expiresAt);
    assert.ok(timers.nextAt <= now + SECOND, `${timers.nextAt - now} ms`);
  });

  it('has the accounts catch up once a minute while the secret storage fails', () => {
    storeFailure = new Error('locked');
    changes.fire(undefined);
    pass(3 * MINUTE);
    assert.equal(caughtUp, 3);
    storeFailure = undefined;
    changes.fire(undefined);
    assert.equal(timers.count, 0);
  });
});
