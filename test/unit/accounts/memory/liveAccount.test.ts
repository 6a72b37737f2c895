import assert from 'node:assert/strict';
import { toLive, withSeen } from '../../../../src/accounts/memory/liveAccount';
import type { AccountRecord } from '../../../../src/accounts/store/accountRecord';

describe('what was seen of a token', () => {
  const record: AccountRecord = {
    account: {
      id: 'https://acme.looker.com#7',
      label: 'Ada (acme.looker.com)',
      baseUrl: 'https://acme.looker.com',
      apiVersion: '4.0',
      user: { id: '7', name: 'Ada' },
    },
    login: 'first',
    credential: { kind: 'none' },
    credentialChanges: 0,
    tokens: {
      production: {
        token: { value: 'a', issuedAt: 0, expiresAt: 1, clockAhead: 0 },
        replaced: [],
      },
    },
  };
  const rejected = withSeen(
    toLive(record, undefined, () => 0.5),
    'production',
    { isRejected: true },
  );
  const isRejectedIn = (next: AccountRecord) =>
    toLive(next, rejected, () => 0.5).tokens.production.isRejected;

  it('stays while the login has that token', () => {
    assert.equal(isRejectedIn({ ...record, credentialChanges: 1 }), true);
  });

  it('does not count for another login, even of the same token', () => {
    assert.equal(isRejectedIn({ ...record, login: 'second' }), false);
  });
});
