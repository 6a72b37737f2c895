import assert from 'node:assert/strict';
import { LoginNeededError } from '../../../src/accounts/errors';
import { until } from '../../support/until';
import { MINUTE, setUp } from './harness';

describe('a wrong clock', () => {
  const harness = setUp();
  const { openWindow, openWindowOf, target, asked } = harness;

  const HOUR = 60 * MINUTE;
  const isAlive = (token: string) =>
    harness.looker.liveTokens().some(({ value }) => value === token);

  for (const hours of [-5, 5]) {
    it(`by ${hours} hours changes nothing`, async () => {
      harness.wrongBy = hours * HOUR;
      const { accounts, id } = await openWindowOf('Ada');
      assert.equal(accounts.active?.timeLeft, HOUR);
      for (const window of [accounts, await openWindow()]) {
        assert.equal(window.active?.timeLeft, accounts.active.timeLeft);
        await window.session(id);
      }
      harness.now += 58 * MINUTE;
      await accounts.session(id);
      await until(() => asked('/login').length === 2);
    });

    it(`that is set by ${hours} hours hands out no expired token`, async () => {
      const { accounts, id } = await openWindowOf('Ada');
      harness.wrongBy = hours * HOUR;
      harness.now += 61 * MINUTE;
      assert.ok(isAlive((await accounts.session(id)).token.value));
      assert.equal(accounts.active?.timeLeft, HOUR);
    });
  }

  it('that is set back while the machine sleeps is corrected by the next response', async () => {
    const { accounts, id } = await openWindowOf('Ada');
    harness.now += 50 * MINUTE;
    harness.asleep += 50 * MINUTE;
    harness.wrongBy = -2 * HOUR;
    await (
      await accounts.tokenRequests()
    ).searchUsers(accounts.peek(id)?.account ?? assert.fail(), 'Ada');
    // To the second, which is the precision of the server's time.
    assert.equal(Math.round((accounts.active?.timeLeft ?? 0) / MINUTE), 10);
  });

  it("doesn't log out an account that has only its token: the server's time is requested first", async () => {
    const accounts = await openWindow();
    const { id } = await accounts.login(target(), harness.looker.apiKeyOf('Ada'), undefined, {
      keepsKey: false,
    });
    harness.wrongBy = 2 * HOUR;
    const window = await openWindow();
    window.renewDueAccounts();
    assert.equal(window.active?.isExpiring, false);
    assert.ok(isAlive((await window.session(id)).token.value));
    assert.ok(window.active.timeLeft > 59 * MINUTE);
    assert.equal(harness.looker.requests.filter(({ path }) => path === '/versions').length, 1);
    harness.now += 61 * MINUTE;
    await assert.rejects(window.session(id), LoginNeededError);
    assert.equal(window.active.isExpiring, true);
  });

  it('neither speeds up nor delays the next attempt after a failure', async () => {
    harness.renewal = 'background';
    const { accounts } = await openWindowOf('Ada');
    harness.looker.fault({ kind: { is: 'reset' } });
    harness.now += 56 * MINUTE;
    accounts.renewDueAccounts();
    await until(() => accounts.active?.failure !== undefined);
    harness.wrongBy = -5 * HOUR;
    assert.equal(accounts.renewDueAccounts(), MINUTE);
    harness.now += MINUTE;
    const before = harness.looker.requests.length;
    accounts.renewDueAccounts();
    await until(() => harness.looker.requests.length > before);
  });
});
