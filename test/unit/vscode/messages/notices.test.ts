import assert from 'node:assert/strict';
import type { AccountStatus } from '../../../../src/accounts/accountStatus';
import {
  RefusedBeforeError,
  NewerAccountError,
  UnreadableAccountError,
} from '../../../../src/accounts/errors';
import { UnreachableError } from '../../../../src/looker/errors/network';
import { NotLookerApiError, RedirectedError } from '../../../../src/looker/errors/notLooker';
import {
  ApiKeyRefusedError,
  SudoRefusedError,
  UnknownUserError,
} from '../../../../src/looker/errors/refusal';
import {
  UntrustedCertificateError,
  ChangedCertificateError,
} from '../../../../src/looker/errors/tls';
import { noticesOf, type NoticeState } from '../../../../src/vscode/messages/notices';
import { ADA } from '../../../support/accountStatus';

const baseUrl = 'https://acme.looker.com';
const ada: AccountStatus = {
  ...ADA,
  account: {
    id: `${baseUrl}#1`,
    label: 'Ada (acme.looker.com)',
    baseUrl,
    apiVersion: '4.0',
    user: { id: '1', name: 'Ada' },
  },
  timeLeft: 240_000,
  isExpiring: true,
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
const nothing: NoticeState = {
  accounts: [],
  unreadable: [],
  lost: [],
  remembered: () => undefined,
  storeFailure: undefined,
};
const notices = (accounts: readonly AccountStatus[]) => noticesOf({ ...nothing, accounts });

describe('the notices', () => {
  it('are empty if all is well, or will be without the user', () => {
    const offline = new UnreachableError(baseUrl, 'ECONNREFUSED');
    assert.deepEqual(notices([ada, grace, { ...ada, failure: offline }]), []);
  });

  const refusals: [what: string, failure: Error, status: AccountStatus, step: string][] = [
    ['an API key that is refused', new ApiKeyRefusedError(baseUrl, 404), ada, 'login'],
    ['a refusal in another window', new RefusedBeforeError('no'), ada, 'login'],
    ['an admin demoted', new SudoRefusedError(baseUrl, 403, '2'), grace, 'stopActing'],
    ['a user deleted', new UnknownUserError(baseUrl, '2', 404), grace, 'stopActing'],
    ['the same, told by another window', new RefusedBeforeError('no'), grace, 'stopActing'],
    ['a login page', new NotLookerApiError(baseUrl, 200), ada, 'openInstance'],
    ['a redirect', new RedirectedError(baseUrl, 302, undefined), ada, 'openInstance'],
    ['an unknown CA', new UntrustedCertificateError(baseUrl, 'CERT'), ada, 'showCertificate'],
    // A single click here must not trust it.
    ['a changed certificate', new ChangedCertificateError(baseUrl, 'A', 'B'), ada, 'showLog'],
  ];
  for (const [what, failure, status, step] of refusals) {
    it(`include ${what}, with one next step`, () => {
      const [notice, ...others] = notices([{ ...status, failure }]);
      const whose = `Couldn't renew the token for ${status.account.label}.`;
      assert.equal(notice?.message, `${whose} ${failure.message}`);
      assert.equal(notice.step.do, step);
      assert.deepEqual(others, []);
    });
  }

  it('leave out what another window has shown', () => {
    const failure = new ApiKeyRefusedError(baseUrl, 404);
    assert.deepEqual(notices([{ ...ada, failure, isAcknowledged: true }]), []);
  });

  it("include an admin's failure once, not for each user they act as", () => {
    const failure = new ApiKeyRefusedError(baseUrl, 404);
    assert.equal(
      notices([
        { ...ada, failure },
        { ...grace, failure },
      ]).length,
      1,
    );
  });

  it("include a token that expires if its API key wasn't saved", () => {
    const [notice] = notices([{ ...ada, canRenew: false }]);
    assert.match(notice?.message ?? '', /^The token for Ada .* expires in 4 minutes/);
    assert.deepEqual(notice?.step, { do: 'loginAgain', baseUrl, again: [ada.account] });
    assert.match(
      notices([{ ...ada, canRenew: false, timeLeft: -1 }])[0]?.message ?? '',
      /has expired/,
    );
    assert.deepEqual(notices([{ ...ada, canRenew: false, isExpiring: false }]), []);
  });

  it("include a token that expires if its browser login wasn't saved, without mentioning a key", () => {
    const unsaved: AccountStatus = { ...ada, how: 'browser', canRenew: false };
    for (const timeLeft of [240_000, -1]) {
      const [notice = assert.fail()] = notices([{ ...unsaved, timeLeft }]);
      assert.match(notice.message, /the login wasn't saved/);
      assert.doesNotMatch(notice.message, /API key/);
    }
  });

  it("include a user's token that expires with the admin's login, which the admin has to repeat", () => {
    for (const [how, what] of [
      ['browser', "the login wasn't saved"],
      ['apiKey', "the API key wasn't saved"],
    ] as const) {
      const admin: AccountStatus = { ...ada, how, canRenew: false, isExpiring: false };
      const [notice = assert.fail()] = notices([
        admin,
        { ...grace, how: undefined, canRenew: false },
      ]);
      assert.ok(notice.message.includes(what));
      assert.deepEqual(notice.step, { do: 'loginAgain', baseUrl, again: [ada.account] });
    }
  });

  it("include records that can't be read, or are from a newer version", () => {
    const unreadable = [new UnreadableAccountError(`${baseUrl}#1`), new NewerAccountError('x#1')];
    const steps = noticesOf({ ...nothing, unreadable });
    assert.deepEqual(
      steps.map(({ step }) => step),
      [{ do: 'loginAgain', baseUrl }, { do: 'showExtension' }],
    );
  });

  it('name the account to log in again, if it is known', () => {
    const unreadable = [new UnreadableAccountError(ada.account.id)];
    const remembered = (id: string) => (id === ada.account.id ? ada.account : undefined);
    const [notice] = noticesOf({ ...nothing, unreadable, remembered });
    assert.deepEqual(notice?.step, { do: 'loginAgain', baseUrl, again: [ada.account] });
  });

  it('include all lost accounts at once, without the users they acted as', () => {
    const bob = {
      ...ada.account,
      id: 'https://b.example#1',
      label: 'Bob',
      baseUrl: 'https://b.example',
    };
    const [one, ...others] = noticesOf({ ...nothing, lost: [ada.account, grace.account] });
    assert.match(
      one?.message ?? '',
      /^VS Code's secret storage no longer has the login of Ada \(acme.looker.com\)\./,
    );
    assert.deepEqual(one?.step, { do: 'loginAgain', baseUrl, again: [ada.account, grace.account] });
    assert.deepEqual(others, []);
    const [both] = noticesOf({ ...nothing, lost: [ada.account, bob] });
    assert.match(
      both?.message ?? '',
      /^VS Code's secret storage no longer has these logins: Ada \(acme.looker.com\), Bob\./,
    );
    assert.deepEqual(both?.step, {
      do: 'loginAgain',
      baseUrl: undefined,
      again: [ada.account, bob],
    });
  });

  it('name a few of many lost accounts', () => {
    const lost = Array.from({ length: 30 }, (_, index) => ({
      ...ada.account,
      id: `${baseUrl}#${100 + index}`,
      label: `User ${index} (acme.cloud.looker.com)`,
    }));
    const [notice] = noticesOf({ ...nothing, lost });
    assert.match(
      notice?.message ?? '',
      /: User 0 \(acme\.cloud\.looker\.com\), .*, and 25 more\. /,
    );
  });

  it('include a failing secret storage', () => {
    const storeFailure = new Error('locked');
    const [notice] = noticesOf({ ...nothing, storeFailure });
    assert.equal(notice?.message, 'locked');
  });
});
