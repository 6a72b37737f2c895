import assert from 'node:assert/strict';
import { EventEmitter, once } from 'node:events';
import type { Account } from '../../../src/accounts/account';
import type { Accounts } from '../../../src/accounts/accounts';
import { CanceledError } from '../../../src/looker/errors/expectedError';
import { until } from '../../support/until';
import { MINUTE, setUp } from './harness';

describe('a canceled wait', () => {
  const harness = setUp();
  const { openWindowOf, target, asked } = harness;

  type Ask = (accounts: Accounts, admin: Account, signal: AbortSignal) => Promise<unknown>;

  /** Calls that wait while a token is renewed and Looker doesn't respond. */
  const throughRenewal: readonly (readonly [what: string, ask: Ask])[] = [
    [
      'to act as another user',
      (accounts, admin, signal) => accounts.loginAs(admin, '3', true, signal),
    ],
    [
      'for a search',
      async (accounts, admin, signal) =>
        (await accounts.tokenRequests()).searchUsers(admin, 'Al', 1, signal),
    ],
    [
      'for a user',
      async (accounts, admin, signal) => (await accounts.tokenRequests()).user(admin, '3', signal),
    ],
    ['for a session', (accounts, admin, signal) => accounts.session(admin.id, signal)],
    ['for a renewal by hand', (accounts, admin, signal) => accounts.renew(admin.id, signal)],
  ];
  for (const [what, ask] of throughRenewal) {
    it(`${what} ends at once, and the renewal behind it continues for others`, async () => {
      const { accounts, account: admin } = await openWindowOf('Ada');
      harness.now += 61 * MINUTE;
      const looker = new EventEmitter();
      const responds = once(looker, 'respond');
      harness.looker.fault({ path: '/login', times: 1, kind: { is: 'held', until: responds } });
      const cancel = new AbortController();
      const waiting = ask(accounts, admin, cancel.signal);
      await until(() => asked('/login').length === 2);
      cancel.abort();
      await assert.rejects(waiting, CanceledError);
      assert.ok(accounts.active?.isRenewing);
      looker.emit('respond');
      await accounts.session(admin.id);
      assert.equal(asked('/login').length, 2);
      assert.equal(asked('/login/3').length, 0, 'nothing is asked that nobody waits for');
    });
  }

  it('for a retry after a rejected token ends at once', async () => {
    const { accounts, account: admin } = await openWindowOf('Ada');
    harness.looker.revokeToken(accounts.peek(admin.id)?.token.value ?? '');
    const looker = new EventEmitter();
    const responds = once(looker, 'respond');
    harness.looker.fault({ path: '/login', times: 1, kind: { is: 'held', until: responds } });
    const cancel = new AbortController();
    const waiting = (await accounts.tokenRequests()).searchUsers(admin, 'Al', 1, cancel.signal);
    await until(() => asked('/login').length === 2);
    cancel.abort();
    await assert.rejects(waiting, CanceledError);
    looker.emit('respond');
    await until(() => accounts.active?.isRenewing === false);
  });

  const ofItsOwn: readonly (readonly [what: string, ask: Ask])[] = [
    [
      'for a login',
      (accounts, _admin, signal) =>
        accounts.login(target(), harness.looker.apiKeyOf('Grace Hopper'), signal),
    ],
    [
      'for the check of a key',
      async (accounts, admin, signal) => (await accounts.tokenRequests()).tryKey(admin.id, signal),
    ],
  ];
  for (const [what, ask] of ofItsOwn) {
    it(`${what} ends at once`, async () => {
      const { accounts, account: admin } = await openWindowOf('Ada');
      harness.looker.fault({ path: '/login', kind: { is: 'halfOpen' } });
      const cancel = new AbortController();
      const waiting = ask(accounts, admin, cancel.signal);
      await until(() => asked('/login').length === 2);
      const startedAt = performance.now();
      cancel.abort();
      await assert.rejects(waiting, CanceledError);
      assert.ok(performance.now() - startedAt < 100);
    });
  }

  it('that was canceled before it began sends no request', async () => {
    const { accounts, account: admin } = await openWindowOf('Ada');
    const before = harness.looker.requests.length;
    const signal = AbortSignal.abort();
    for (const [, ask] of [...throughRenewal.slice(0, 3), ...ofItsOwn]) {
      await assert.rejects(ask(accounts, admin, signal), CanceledError);
    }
    assert.equal(harness.looker.requests.length, before);
  });
});
