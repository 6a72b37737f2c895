import assert from 'node:assert/strict';
import { NewerAccountError, UnreadableAccountError } from '../../../../src/accounts/errors';
import { UnreachableError, ProxyError, TimeoutError } from '../../../../src/looker/errors/network';
import { NotLookerApiError } from '../../../../src/looker/errors/notLooker';
import {
  ApiKeyRefusedError,
  DisabledUserError,
  UnknownUserError,
} from '../../../../src/looker/errors/refusal';
import { NotLoggedInError } from '../../../../src/vscode/account/errors';
import { nextStep } from '../../../../src/vscode/messages/nextStep';
import { ADA } from '../../../support/accountStatus';

const { account } = ADA;
const { baseUrl } = account;

describe('the next step after an error', () => {
  it('is a connection check if the network failed', () => {
    for (const error of [
      new UnreachableError(baseUrl, 'ENOTFOUND'),
      new TimeoutError(baseUrl, 30_000),
      new ProxyError(baseUrl, 407),
    ]) {
      assert.deepEqual(nextStep(error), { do: 'checkConnection', baseUrl });
    }
  });

  it('is a login if nobody is logged in', () => {
    assert.deepEqual(nextStep(new NotLoggedInError()), { do: 'login' });
  });

  it("is something on the error's instance, even if the account is unknown", () => {
    const refused = new ApiKeyRefusedError(baseUrl, 404);
    assert.deepEqual(nextStep(refused), { do: 'login', baseUrl });
    assert.deepEqual(nextStep(refused, account), { do: 'login', baseUrl, again: [account] });
    assert.deepEqual(nextStep(new NotLookerApiError(baseUrl, 200)), {
      do: 'openInstance',
      baseUrl,
    });
  });

  it("is what the error recommends for an account that can't be read", () => {
    assert.deepEqual(nextStep(new NewerAccountError(account.id)), { do: 'showExtension' });
    assert.deepEqual(nextStep(new UnreadableAccountError(account.id), account), {
      do: 'loginAgain',
      baseUrl,
      again: [account],
    });
  });

  it('is the log if nothing else helps', () => {
    assert.deepEqual(nextStep(new Error('odd')), { do: 'showLog' });
    assert.equal(nextStep(new DisabledUserError(baseUrl, 'Edsger'), account).do, 'openInstance');
    assert.deepEqual(nextStep(new UnknownUserError(baseUrl, '404')), { do: 'showLog' });
  });
});
