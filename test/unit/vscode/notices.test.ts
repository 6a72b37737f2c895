import assert from 'node:assert/strict';
import { NewerAccountError, UnreadableAccountError } from '../../../src/accounts/accountStore';
import type { AccountStatus } from '../../../src/accounts/accounts';
import { RefusedBeforeError } from '../../../src/accounts/errors';
import {
  ApiKeyRefusedError,
  NotLookerApiError,
  RedirectedError,
  SudoRefusedError,
  UnknownUserError,
  UnreachableError,
} from '../../../src/looker/errors';
import { nextStep, noticesOf } from '../../../src/vscode/notices';

const baseUrl = 'https://acme.looker.com';
const ada: AccountStatus = {
  account: {
    id: `${baseUrl}#1`,
    label: 'Ada (acme.looker.com)',
    baseUrl,
    apiVersion: '4.0',
    user: { id: '1', name: 'Ada' },
  },
  timeLeft: 240_000,
  isDue: true,
  renewsItself: true,
  renewsOnUse: true,
  isLast: false,
  isRenewing: false,
  isUnsaved: false,
  failure: undefined,
  isFailureTold: false,
};
const grace: AccountStatus = {
  ...ada,
  account: {
    ...ada.account,
    id: `${baseUrl}#1>2`,
    user: { id: '2', name: 'Grace' },
    sudo: { adminAccountId: ada.account.id, admin: ada.account.user },
  },
};
const notices = (accounts: readonly AccountStatus[]) =>
  noticesOf({ accounts, unreadable: [], storeFailure: undefined });

describe('what is told with nobody asking', () => {
  it('is nothing while all is well, or will be by itself', () => {
    const offline = new UnreachableError(baseUrl, 'ECONNREFUSED');
    assert.deepEqual(notices([ada, grace, { ...ada, failure: offline }]), []);
  });

  const refusals: [what: string, failure: Error, status: AccountStatus, step: string][] = [
    ['an API key that is refused', new ApiKeyRefusedError(baseUrl, 404), ada, 'login'],
    ['a refusal in another window', new RefusedBeforeError('no'), ada, 'login'],
    ['an admin demoted', new SudoRefusedError(baseUrl, 403, '2'), grace, 'stopActing'],
    ['a user deleted', new UnknownUserError(baseUrl, '2', 404), grace, 'stopActing'],
    ['the same, told by another window', new RefusedBeforeError('no'), grace, 'stopActing'],
    ['a sign-in page', new NotLookerApiError(baseUrl, 200), ada, 'openInstance'],
    ['a redirect', new RedirectedError(baseUrl, 302, undefined), ada, 'openInstance'],
  ];
  for (const [what, failure, status, step] of refusals) {
    it(`is ${what}, with one thing to do`, () => {
      const [notice, ...others] = notices([{ ...status, failure }]);
      assert.equal(notice?.message, failure.message);
      assert.equal(notice.step.do, step);
      assert.deepEqual(others, []);
    });
  }

  it('is not what another window has told', () => {
    const failure = new ApiKeyRefusedError(baseUrl, 404);
    assert.deepEqual(notices([{ ...ada, failure, isFailureTold: true }]), []);
  });

  it('is said of an admin once, not of everybody they act as', () => {
    const failure = new ApiKeyRefusedError(baseUrl, 404);
    assert.equal(
      notices([
        { ...ada, failure },
        { ...grace, failure },
      ]).length,
      1,
    );
  });

  it('is that a token ends whose API key was not kept', () => {
    const [notice] = notices([{ ...ada, isLast: true }]);
    assert.match(notice?.message ?? '', /^The token of Ada .* expires in 4 minutes/);
    assert.deepEqual(notice?.step, { do: 'loginAgain', baseUrl });
    assert.match(
      notices([{ ...ada, isLast: true, timeLeft: -1 }])[0]?.message ?? '',
      /has expired/,
    );
    assert.deepEqual(notices([{ ...ada, isLast: true, isDue: false }]), []);
  });

  it('is what cannot be read, and what is not for this version to read', () => {
    const unreadable = [new UnreadableAccountError(`${baseUrl}#1`), new NewerAccountError('x#1')];
    const steps = noticesOf({ accounts: [], unreadable, storeFailure: undefined });
    assert.deepEqual(
      steps.map(({ step }) => step),
      [{ do: 'loginAgain', baseUrl }, { do: 'update' }],
    );
  });

  it('is that the secret storage fails', () => {
    const storeFailure = new Error('locked');
    const [notice] = noticesOf({ accounts: [], unreadable: [], storeFailure });
    assert.equal(notice?.message, 'locked');
  });
});

describe('what helps after an error', () => {
  it('is the log where nothing else does', () => {
    assert.deepEqual(nextStep(new Error('odd')), { do: 'showLog' });
    assert.deepEqual(nextStep(new UnknownUserError(baseUrl, '404')), { do: 'showLog' });
  });
});
