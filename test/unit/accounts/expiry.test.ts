import assert from 'node:assert/strict';
import { isGood, needsRenewal, renewalTime, timeLeft } from '../../../src/accounts/expiry';

const MINUTE = 60_000;

describe("a token's life", () => {
  const token = (life: number) => ({ value: 'x', issuedAt: 0, expiresAt: life, clockAhead: 0 });

  it('is renewed 5 minutes before its end', () => {
    assert.ok(!needsRenewal(token(60 * MINUTE), 55 * MINUTE - 1));
    assert.ok(needsRenewal(token(60 * MINUTE), 55 * MINUTE));
  });

  it('is renewed in its last third where it is short', () => {
    assert.ok(!needsRenewal(token(9000), 5999));
    assert.ok(needsRenewal(token(9000), 6000));
  });

  it('is renewed later by a window that gives way to others, but well before its end', () => {
    assert.equal(renewalTime(token(60 * MINUTE), 0), 55 * MINUTE);
    assert.equal(renewalTime(token(60 * MINUTE), 1), 57.5 * MINUTE);
    assert.equal(renewalTime(token(9000), 1), 7500);
  });

  it('is good for handing out with a minute left', () => {
    assert.ok(isGood(token(60 * MINUTE), 59 * MINUTE));
    assert.ok(!isGood(token(60 * MINUTE), 59 * MINUTE + 1));
  });

  it('is good for handing out with a third left where it is short', () => {
    assert.ok(isGood(token(9000), 6000));
    assert.ok(!isGood(token(9000), 6001));
  });

  it('is over when the time is', () => {
    assert.equal(timeLeft(token(1000), 1500), -500);
    assert.ok(!isGood(token(1000), 1500));
    assert.ok(needsRenewal(token(1000), 1500));
  });
});
