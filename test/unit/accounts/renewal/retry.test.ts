import assert from 'node:assert/strict';
import { toLive } from '../../../../src/accounts/memory/liveAccount';
import { failedWith } from '../../../../src/accounts/renewal/retry';
import { UnreachableError } from '../../../../src/looker/errors/network';
import { ADAS_RECORD } from '../../../support/accountRecord';

describe('the failure to record', () => {
  const unseen = toLive(ADAS_RECORD, undefined, () => 0).tokens.production;
  const error = new UnreachableError('https://acme.looker.com', 'ECONNREFUSED');
  const failure = { error, count: 2, at: 100 };

  it('counts failures in a row', () => {
    assert.deepEqual(failedWith(error, unseen, undefined, 100), { error, count: 1, at: 100 });
    const next = new UnreachableError('https://acme.looker.com', 'ENOTFOUND');
    assert.deepEqual(failedWith(next, { ...unseen, failure }, undefined, 200), {
      error: next,
      count: 3,
      at: 200,
    });
  });

  it("isn't a new one if the same error comes up again", () => {
    assert.equal(failedWith(error, { ...unseen, failure }, undefined, 200), failure);
  });

  it("is cleared if the error is the admin's", () => {
    assert.equal(failedWith(error, unseen, { ...unseen, failure }, 200), undefined);
  });
});
