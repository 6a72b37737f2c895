import assert from 'node:assert/strict';
import { accountId } from '../../../src/accounts/account';
import { accountLabel } from '../../../src/accounts/login/accountLabel';

const baseUrl = 'https://acme.cloud.looker.com';
const ada = { id: '7', name: 'Ada Lovelace' };
const grace = { id: '12', name: 'Grace Hopper' };

describe('an account', () => {
  it('is labeled with its user and host', () => {
    const label = accountLabel({ baseUrl, user: ada }, new Set());
    assert.equal(label, 'Ada Lovelace (acme.cloud.looker.com)');
  });

  it('is labeled with both users if one acts as the other', () => {
    const label = accountLabel({ baseUrl, user: grace, admin: ada }, new Set());
    assert.equal(label, 'Grace Hopper, sudo by Ada Lovelace (acme.cloud.looker.com)');
  });

  it('puts a Hebrew name before a host that starts with a number', () => {
    const label = accountLabel(
      { baseUrl: 'https://10.0.0.7', user: { id: '7', name: 'דוד לוי' } },
      new Set(),
    );
    assert.equal(label, '\u2068דוד לוי\u2069 (10.0.0.7)');
  });

  it('gets its ID into the label if another one has the same name', () => {
    const taken = new Set(['Ada Lovelace (acme.cloud.looker.com)']);
    const label = accountLabel({ baseUrl, user: ada }, taken);
    assert.equal(label, 'Ada Lovelace #7 (acme.cloud.looker.com)');
  });

  it('never gets a label that is taken, even if a name looks like name and ID', () => {
    const taken = new Set<string>();
    const label = (id: string, name: string) => {
      const given = accountLabel({ baseUrl, user: { id, name } }, taken);
      assert.equal(taken.has(given), false);
      taken.add(given);
      return given;
    };
    assert.equal(label('9', 'Ada #7'), 'Ada #7 (acme.cloud.looker.com)');
    assert.equal(label('5', 'Ada'), 'Ada (acme.cloud.looker.com)');
    assert.equal(label('7', 'Ada'), 'Ada #7, 2 (acme.cloud.looker.com)');
    assert.equal(label('8', 'Ada #7, 2'), 'Ada #7, 2 #8 (acme.cloud.looker.com)');
  });

  it("shows the port if it isn't the usual one", () => {
    const label = accountLabel({ baseUrl: 'https://looker.acme.dev:19999', user: ada }, new Set());
    assert.equal(label, 'Ada Lovelace (looker.acme.dev:19999)');
  });

  it('has a different ID for each instance, user and admin', () => {
    const ids = [
      accountId(baseUrl, '7'),
      accountId(baseUrl, '12'),
      accountId(baseUrl, '12', '7'),
      accountId(baseUrl, '12', '8'),
      accountId('https://other.looker.com', '7'),
    ];
    assert.equal(new Set(ids).size, ids.length);
  });
});
