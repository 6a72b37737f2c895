import assert from 'node:assert/strict';
import type { AccountStatus } from '../../../../src/accounts/accountStatus';
import { ApiKeyRefusedError } from '../../../../src/looker/errors/refusal';
import {
  accountsList,
  titleItems,
  type AccountsListState,
  type Row,
} from '../../../../src/vscode/accountsList/accountsList';
import { ADA, GRACE_BY_ADA } from '../../../support/accountStatus';
import { UnreadableAccountError } from '../../../../src/accounts/errors';

const elsewhere: AccountStatus = {
  ...ADA,
  account: {
    ...ADA.account,
    id: 'https://looker.acme.dev#1',
    label: 'Emmy Noether (looker.acme.dev)',
    baseUrl: 'https://looker.acme.dev',
    user: { id: '1', name: 'Emmy Noether' },
  },
};
const refused = new ApiKeyRefusedError(ADA.account.baseUrl, 404);

const list = (state: Partial<AccountsListState>) =>
  accountsList({
    accounts: [ADA, GRACE_BY_ADA, elsewhere],
    active: ADA,
    unreadable: [],
    nameOf: (baseUrl) => (baseUrl === ADA.account.baseUrl ? 'Production' : 'looker.acme.dev'),
    whoWas: () => undefined,
    ...state,
  });
const linesOf = (state: Partial<AccountsListState>) => list(state).flatMap(({ lines }) => lines);
/** What a screen reader reads out. */
const spoken = ({ label, description, detail }: Row) =>
  [label.trim(), description, detail].filter(Boolean).join(', ');
const label = (lines: readonly { label: string }[] = []) => lines.map((line) => line.label);

describe('the accounts list', () => {
  it('has a section an instance, with sudo accounts under their admin', () => {
    const [production, other] = list({});
    assert.deepEqual(label(other?.lines), ['Emmy Noether']);
    const names = label(production?.lines);
    assert.equal(names[0], 'Ada Lovelace');
    assert.match(names[1] ?? '', /^\s+Grace Hopper, sudo by Ada Lovelace$/);
  });

  it('says once of each where it is, by name and host', () => {
    const { host } = new URL(ADA.account.baseUrl);
    const [ada, , emmy] = list({}).flatMap(({ heading, lines }) =>
      lines.map((line) => [heading, spoken(line)].filter(Boolean).join(', ')),
    );
    assert.equal(ada?.split(host).length, 2);
    assert.equal(ada.split('Production').length, 2);
    assert.equal(emmy?.split('looker.acme.dev').length, 2);
  });

  it('says in label which one is active, where each is and how it stands', () => {
    const [ada, grace] = linesOf({ active: GRACE_BY_ADA });
    assert.ok(ada && grace);
    assert.equal(
      spoken(ada),
      'Ada Lovelace, Production (acme.cloud.looker.com), Token good for 52 minutes.',
    );
    assert.equal(
      spoken(grace),
      'Grace Hopper, sudo by Ada Lovelace, $(check) active, Production (acme.cloud.looker.com), Token good for 52 minutes.',
    );
  });

  const states: [state: string, status: AccountStatus, icon: string, detail: RegExp][] = [
    ['good', ADA, 'account', /^Token good for 52 minutes\.$/],
    ['renewing', { ...ADA, isRenewing: true }, 'sync~spin', /^Renewing the token\.$/],
    ['expired', { ...ADA, timeLeft: 0 }, 'circle-slash', /expired; it is renewed when it is used/],
    [
      'refused',
      { ...ADA, timeLeft: 0, failure: refused },
      'error',
      /^Token expired: log in again\. Not renewed: .* rejected this API key/,
    ],
    ['sudo', GRACE_BY_ADA, 'eye', /^Token good for/],
  ];
  for (const [state, status, icon, detail] of states) {
    it(`says that an account is ${state}`, () => {
      const [line] = linesOf({ accounts: [status], active: status });
      assert.equal(line?.icon, icon);
      assert.match(line.detail ?? '', detail);
    });
  }

  it('switches on Enter, and asks to log in again where nothing else helps', () => {
    const [ada, grace] = linesOf({});
    assert.deepEqual(grace?.action, { do: 'activate', account: GRACE_BY_ADA.account });
    assert.equal(ada?.action.do, 'activate');
    const [broken] = linesOf({ accounts: [{ ...ADA, timeLeft: 0, failure: refused }] });
    assert.deepEqual(broken?.action, {
      do: 'loginAgain',
      preset: { baseUrl: ADA.account.baseUrl, again: [ADA.account] },
    });
  });

  it('has buttons for all that can be done with an account', () => {
    const [ada, grace] = linesOf({});
    assert.deepEqual(label(ada?.buttons), [
      'Renew token',
      'Copy access token',
      'Log in as user…',
      'Open in browser',
      'Log out',
    ]);
    assert.deepEqual(label(grace?.buttons), [
      'Renew token',
      'Copy access token',
      'Open in browser',
      'Stop acting as Grace Hopper',
    ]);
  });

  it('offers no renewal where there is no key to renew with', () => {
    const [ada] = linesOf({ accounts: [{ ...ADA, canRenew: false }] });
    assert.ok(!label(ada?.buttons).includes('Renew token'));
    assert.equal(label(ada?.buttons)[0], 'Log in again');
  });

  it('has the same for the active account in lines, and what concerns all below', () => {
    const [, , mine, all] = list({});
    const [ada] = linesOf({});
    assert.equal(mine?.heading, 'With Ada Lovelace, the active account');
    assert.deepEqual(label(mine.lines), [...label(ada?.buttons), 'Open terminal…']);
    assert.deepEqual(label(all?.lines), [
      'Log in…',
      'Import from looker.ini…',
      'Log out of all accounts',
      'Show log',
    ]);
  });

  it('shows an account whose record cannot be read, and what to do', () => {
    const damaged = new UnreadableAccountError(GRACE_BY_ADA.account.id);
    const [ada, line] = linesOf({
      accounts: [ADA],
      unreadable: [damaged],
      whoWas: () => GRACE_BY_ADA.account,
    });
    assert.equal(ada?.key, ADA.account.id);
    assert.ok(line);
    assert.equal(line.label, 'Grace Hopper, sudo by Ada Lovelace');
    assert.equal(line.detail, damaged.message);
    assert.equal(line.action.do, 'loginAgain');
    assert.deepEqual(label(line.buttons), ['Log in again', 'Log out']);
  });

  it('keeps logging in and out in sight above any number of accounts', () => {
    assert.deepEqual(label(titleItems(3)), ['Log In…', 'Log Out…']);
    assert.deepEqual(label(titleItems(0)), ['Log In…']);
  });

  it('offers to log in where nobody is', () => {
    const lines = linesOf({ accounts: [], active: undefined });
    assert.deepEqual(label(lines), ['Log in…', 'Import from looker.ini…', 'Show log']);
  });

  it('names each line, so that the one in focus stays in focus', () => {
    const keys = linesOf({}).map(({ key }) => key);
    assert.equal(new Set(keys).size, keys.length);
  });
});
