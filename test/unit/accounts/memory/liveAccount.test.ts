import assert from 'node:assert/strict';
import { AccountCache } from '../../../../src/accounts/memory/accountCache';
import { Announcements } from '../../../../src/accounts/memory/announcements';
import { toLive, withTokenState } from '../../../../src/accounts/memory/liveAccount';
import type { AccountRecord } from '../../../../src/accounts/store/accountRecord';
import { ADAS_RECORD } from '../../../support/accountRecord';

describe('the observed state of a token', () => {
  const record: AccountRecord = { ...ADAS_RECORD, credential: { kind: 'none' } };
  const rejected = withTokenState(
    toLive(record, undefined, () => 0.5),
    'production',
    { isRejected: true },
  );
  const isRejectedIn = (next: AccountRecord) =>
    toLive(next, rejected, () => 0.5).tokens.production.isRejected;

  it('stays while the login has that token', () => {
    assert.equal(isRejectedIn({ ...record, credentialChanges: 1 }), true);
  });

  it("doesn't apply to another login, even with the same token", () => {
    assert.equal(isRejectedIn({ ...record, login: 'second' }), false);
  });

  it('starts with a delay that is long in most windows', () => {
    assert.equal(toLive(record, undefined, () => 0.125).tokens.production.jitter, 0.5);
  });

  it("isn't recorded for a token that the account no longer has", () => {
    const cache = new AccountCache(new Announcements(), () => 0.5);
    const { id } = record.account;
    cache.set(id, record);
    cache.setTokenState(id, 'production', 'an earlier one', { isRejected: true });
    assert.equal(cache.get(id)?.tokens.production.isRejected, false);
    cache.setTokenState(id, 'production', 'a', { isRejected: true });
    assert.equal(cache.get(id)?.tokens.production.isRejected, true);
  });
});
