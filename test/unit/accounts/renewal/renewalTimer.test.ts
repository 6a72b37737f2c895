import assert from 'node:assert/strict';
import type { Accounts } from '../../../../src/accounts/accounts';
import { Emitter } from '../../../../src/base/emitter';
import { RenewalTimer } from '../../../../src/accounts/renewal/renewalTimer';
import { SimulatedTimers } from '../../../support/simulatedTimers';

const SECOND = 1000;
const MINUTE = 60 * SECOND;

describe('the renewal timer', () => {
  let now: number;
  let timers: SimulatedTimers;
  /** When the only account's token expires, and when it is to be renewed; without them, there is no account. */
  let expiresAt: number | undefined;
  let renewalAt: number;
  let storeFailure: Error | undefined;
  let caughtUp: number;
  let renewals: number;
  const changes = new Emitter<unknown>();
  const wakeUps: number[] = [];
  let renewalTimer: RenewalTimer;

  /** Behaves like Accounts: due tokens are renewed, and the start of that is announced. */
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
  /** Lets time pass, and the timers run. */
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

  it('sets no timer without an account, nor after the last logout', () => {
    assert.equal(timers.count, 0);
    login();
    assert.equal(timers.count, 1);
    expiresAt = undefined;
    changes.fire(undefined);
    assert.equal(timers.count, 0);
    pass(600 * MINUTE);
    assert.deepEqual(wakeUps, []);
  });

  it('wakes up once a minute with an account, however much changes', () => {
    login();
    for (let minutes = 0; minutes < 50; minutes++) {
      changes.fire(undefined);
      pass(MINUTE);
    }
    assert.equal(wakeUps.length, 50);
  });

  it('wakes up when the displayed minutes change', () => {
    now = 40 * SECOND;
    login();
    expiresAt = 10 * MINUTE;
    changes.fire(undefined);
    pass(3 * MINUTE);
    assert.deepEqual(wakeUps, [1 * MINUTE, 2 * MINUTE, 3 * MINUTE]);
  });

  it('wakes up at once when a renewal is due, and keeps a single timer', () => {
    login();
    renewalAt = 90 * SECOND;
    changes.fire(undefined);
    pass(89 * SECOND);
    assert.equal(renewals, 0);
    pass(SECOND);
    assert.equal(renewals, 1);
    assert.equal(timers.count, 1);
  });

  it('renews whatever became due during sleep, as soon as it is ticked', () => {
    login();
    now += 600 * MINUTE;
    renewalTimer.tick();
    assert.equal(renewals, 1);
    assert.equal(timers.count, 1);
  });

  it('combines due times that are close together', () => {
    login();
    renewalAt = now + 1;
    changes.fire(undefined);
    assert.equal(timers.nextAt, SECOND);
  });

  it('wakes up within a second after a token that expires while being shown', () => {
    login();
    expiresAt = 10 * SECOND;
    renewalAt = Infinity;
    const showing = changes.event(() => {
      now += 0.2;
    });
    // Timers may wake up slightly early.
    now = expiresAt - 0.1;
    timers.wakeNext();
    showing.dispose();
    assert.ok(now > expiresAt);
    assert.ok(timers.nextAt <= now + SECOND, `${timers.nextAt - now} ms`);
  });

  it('makes the accounts catch up once a minute while the secret storage fails', () => {
    storeFailure = new Error('locked');
    changes.fire(undefined);
    pass(3 * MINUTE);
    assert.equal(caughtUp, 3);
    storeFailure = undefined;
    changes.fire(undefined);
    assert.equal(timers.count, 0);
  });
});
