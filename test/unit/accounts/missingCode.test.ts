import assert from 'node:assert/strict';
import { Accounts } from '../../../src/accounts/accounts';
import { CodeMissingError } from '../../../src/accounts/errors';
import { RenewalTimer } from '../../../src/accounts/renewal/renewalTimer';
import { AccountStore } from '../../../src/accounts/store/accountStore';
import { Clock, serverClocks } from '../../../src/looker/clock';
import { SimulatedTimers } from '../../support/simulatedTimers';
import { MINUTE, setUp, turns } from './harness';

describe('accounts whose code to ask Looker is gone', () => {
  const harness = setUp();
  let loads: number;
  let accounts: Accounts;
  let id: string;

  beforeEach(async () => {
    ({ id } = await harness.openWindowOf('Ada'));
    loads = 0;
    const clock = new Clock(
      () => harness.now,
      () => harness.now,
    );
    accounts = await Accounts.open({
      store: new AccountStore(harness.secrets),
      memento: harness.memento.openWindow(),
      renewal: () => 'background',
      isFocused: () => true,
      clock,
      serverClock: serverClocks(clock),
      random: () => 0.5,
      log: { info: () => undefined, warn: () => undefined },
      requests: () => {
        loads++;
        return Promise.reject(Object.assign(new Error(), { code: 'ERR_MODULE_NOT_FOUND' }));
      },
    });
  });
  afterEach(() => {
    accounts.dispose();
  });

  it('give the good tokens they have, and load nothing for it', async () => {
    assert.ok((await accounts.session(id)).token.value);
    assert.equal(loads, 0);
  });

  it('say so, and look for it again as seldom as a renewal is tried again', async () => {
    harness.now += 60 * MINUTE;
    await assert.rejects(accounts.session(id), CodeMissingError);
    await assert.rejects(accounts.session(id), CodeMissingError);
    assert.equal(loads, 1);
    const timers = new SimulatedTimers(() => harness.now);
    const renewalTimer = new RenewalTimer(accounts, timers.set);
    await turns(50);
    renewalTimer.dispose();
    assert.equal(loads, 1);
    harness.now += 10_000;
    await assert.rejects(accounts.session(id), CodeMissingError);
    assert.equal(loads, 2);
  });

  it('stay logged in when they cannot be logged out at Looker', async () => {
    await assert.rejects(accounts.logout([id]), CodeMissingError);
    assert.ok(accounts.peek(id));
  });
});
