import assert from 'node:assert/strict';
import { Expiry } from '../../../src/accounts/expiry';
import { Clock, ServerClock } from '../../../src/looker/clock';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const DAY = 24 * 60 * MINUTE;

describe("a token's life", () => {
  let now = 0;
  const clock = new Clock(
    () => now,
    () => now,
  );
  const expiry = new Expiry(() => new ServerClock(clock));
  /** A session whose token was issued at 0. */
  const session = (life: number) => ({
    account: {
      id: 'https://acme.looker.com#7',
      label: 'Ada',
      baseUrl: 'https://acme.looker.com',
      apiVersion: '4.0' as const,
      user: { id: '7', name: 'Ada' },
    },
    token: { value: 'x', issuedAt: 0, expiresAt: life, clockAhead: 0 },
  });

  const lives: [what: string, life: number, renewedAt: number, goodUntil: number][] = [
    ['an hour', 60 * MINUTE, 55 * MINUTE, 59 * MINUTE],
    ['30 days', 30 * DAY, 30 * DAY - 5 * MINUTE, 30 * DAY - MINUTE],
    ['9 seconds', 9 * SECOND, 6 * SECOND, 6 * SECOND],
    ['1 second', SECOND, SECOND - SECOND / 3, SECOND - SECOND / 3],
  ];
  for (const [what, life, renewedAt, goodUntil] of lives) {
    it(`of ${what} is renewed ahead of its end, and handed out while there is enough of it`, () => {
      now = renewedAt - 1;
      assert.equal(expiry.needsRenewal(session(life)), false);
      now = Math.ceil(renewedAt);
      assert.equal(expiry.needsRenewal(session(life)), true);
      now = Math.floor(goodUntil);
      assert.equal(expiry.isGood(session(life)), true);
      now = Math.floor(goodUntil) + 1;
      assert.equal(expiry.isGood(session(life)), false);
    });
  }

  it('is renewed later by a window that gives way to others, but well before its end', () => {
    now = 0;
    assert.equal(expiry.untilRenewal(session(60 * MINUTE), 0), 55 * MINUTE);
    assert.equal(expiry.untilRenewal(session(60 * MINUTE), 1), 58.5 * MINUTE);
  });

  it('is negative once it is over', () => {
    now = 61 * MINUTE;
    assert.equal(expiry.timeLeft(session(60 * MINUTE)), -MINUTE);
  });
});
