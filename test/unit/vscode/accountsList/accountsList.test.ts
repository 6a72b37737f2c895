import assert from 'node:assert/strict';
import type { AccountStatus } from '../../../../src/accounts/accountStatus';
import { UnreachableError } from '../../../../src/looker/errors/network';
import { ApiKeyRefusedError, SudoRefusedError } from '../../../../src/looker/errors/refusal';
import { accountActions, nameOfAccount } from '../../../../src/vscode/accountsList/accountActions';
import {
  accountsList,
  loginItems,
  type AccountsListState,
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

const offline = new UnreachableError(ADA.account.baseUrl, 'ECONNREFUSED');
const mayNot = new SudoRefusedError(ADA.account.baseUrl, 403, '12');

const stateOf = (state: Partial<AccountsListState>): AccountsListState => ({
  accounts: [ADA, GRACE_BY_ADA, elsewhere],
  active: ADA,
  unreadable: [],
  nameOf: (baseUrl) => (baseUrl === ADA.account.baseUrl ? 'Production' : 'looker.acme.dev'),
  remembered: () => undefined,
  ...state,
});
/** The lines of each section, as text. */
const list = (state: Partial<AccountsListState> = {}) =>
  accountsList(stateOf(state)).map(({ lines }) => lines.map(spoken));
/** Only the lines of accounts. */
const accountsIn = (state: Partial<AccountsListState>) => list(state).slice(1, -1).flat();
const actions = ({ account: { id } }: AccountStatus, state: Partial<AccountsListState> = {}) =>
  accountActions(id, stateOf(state)) ?? assert.fail('The account is gone.');
const labels = (lines: readonly { label: string }[]) => lines.map(({ label }) => label);
/** What a screen reader reads out. */
const spoken = (line: { label: string; description?: string; detail?: string }) =>
  [line.label, line.description, line.detail].filter(Boolean).join(', ');

describe('the accounts list', () => {
  it('has login and logout first, then a section for each instance, then everything else', () => {
    assert.deepEqual(list(), [
      ['Log In…', 'Log Out…'],
      [
        'Ada Lovelace, active · Production (acme.cloud.looker.com)',
        'Grace Hopper, sudo by Ada Lovelace, Production (acme.cloud.looker.com)',
      ],
      ['Emmy Noether, looker.acme.dev'],
      ['Import from looker.ini…', 'Show Log'],
    ]);
  });

  it('has the active account first, and its instance', () => {
    assert.deepEqual(accountsIn({ active: elsewhere }), [
      'Emmy Noether, active · looker.acme.dev',
      'Ada Lovelace, Production (acme.cloud.looker.com)',
      'Grace Hopper, sudo by Ada Lovelace, Production (acme.cloud.looker.com)',
    ]);
    assert.match(
      accountsIn({ active: GRACE_BY_ADA })[0] ?? '',
      /^Grace Hopper, sudo by Ada Lovelace, active · /,
    );
  });

  const states: [state: string, status: AccountStatus, icon: string, remark: string][] = [
    ['fine', ADA, 'account', ''],
    ['fine, for a user acted as', GRACE_BY_ADA, 'eye', ''],
    ['being renewed', { ...ADA, isRenewing: true }, 'sync~spin', 'renewing the token · '],
    [
      'about to expire, and not being renewed',
      { ...ADA, timeLeft: 240_000, isExpiring: true, renewsItself: false, canRenew: false },
      'watch',
      'token valid for 4 minutes, then log in again · ',
    ],
    [
      'offline',
      { ...ADA, failure: offline },
      'debug-disconnect',
      'offline, token valid for 52 minutes · ',
    ],
    ['expired', { ...ADA, timeLeft: 0 }, 'circle-slash', 'token expired, will renew when used · '],
    [
      'refused',
      { ...ADA, timeLeft: 0, failure: refused },
      'error',
      'token expired, log in again · ',
    ],
    [
      'refused, for a user acted as',
      { ...GRACE_BY_ADA, timeLeft: 0, failure: mayNot },
      'error',
      'token expired, stop acting as this user · ',
    ],
  ];
  for (const [state, status, icon, remark] of states) {
    it(`shows for an account that is ${state}: ${remark || 'nothing'}`, () => {
      const accounts = [status];
      const [line] = accountsList(stateOf({ accounts, active: undefined }))[1]?.lines ?? [];
      assert.equal(line?.icon, icon);
      assert.equal(line.description, `${remark}Production (acme.cloud.looker.com)`);
      assert.equal(line.detail, undefined);
    });
  }

  it('marks the active account with a check mark and in words', () => {
    const [, production] = accountsList(stateOf({ active: GRACE_BY_ADA }));
    assert.deepEqual(
      production?.lines.map(({ icon }) => icon),
      ['check', 'account'],
    );
  });

  it('adds the ID if users have the same name', () => {
    const namesake: AccountStatus = {
      ...ADA,
      account: {
        ...ADA.account,
        id: `${ADA.account.baseUrl}#9`,
        user: { id: '9', name: 'Ada Lovelace' },
      },
    };
    assert.deepEqual(
      accountsIn({ accounts: [ADA, namesake, elsewhere] }).map((line) => line.split(',')[0]),
      ['Ada Lovelace (ID 7)', 'Ada Lovelace (ID 9)', 'Emmy Noether'],
    );
  });

  it('opens the actions of the chosen account', () => {
    const [, production] = accountsList(stateOf({}));
    assert.deepEqual(production?.lines[1]?.action, {
      do: 'showActions',
      accountId: GRACE_BY_ADA.account.id,
    });
  });

  it("shows an account with a record that can't be read", () => {
    const unreadable = [new UnreadableAccountError(GRACE_BY_ADA.account.id)];
    assert.deepEqual(accountsIn({ accounts: [ADA], unreadable }), [
      'Ada Lovelace, active · Production (acme.cloud.looker.com)',
      "Unknown account, can't be read · Production (acme.cloud.looker.com)",
    ]);
    const remembered = () => GRACE_BY_ADA.account;
    assert.match(
      accountsIn({ accounts: [ADA], unreadable, remembered })[1] ?? '',
      /^Grace Hopper, sudo by Ada Lovelace, can't be read/,
    );
  });

  it("offers logout only if there is an account, even one that can't be read", () => {
    assert.deepEqual(labels(loginItems(3)), ['Log In…', 'Log Out…']);
    assert.deepEqual(labels(loginItems(0)), ['Log In…']);
    assert.deepEqual(list({ accounts: [], active: undefined }), [
      ['Log In…'],
      ['Import from looker.ini…', 'Show Log'],
    ]);
  });

  it('gives each line a key, so that the focus stays on it', () => {
    const keys = accountsList(stateOf({})).flatMap(({ lines }) =>
      lines.map(({ key }: { key: string }) => key),
    );
    assert.equal(new Set(keys).size, keys.length);
  });
});

describe('the actions of an account', () => {
  it('start with a switch to it, and end with logout', () => {
    const { heading, lines } = actions(ADA, { active: elsewhere });
    assert.equal(heading, 'token valid for 52 minutes');
    assert.deepEqual(labels(lines), [
      'Switch to This Account',
      'Log In as User (Sudo)…',
      'Renew Token',
      'Copy Access Token',
      'Open Terminal',
      'Open in Browser',
      'Rename Instance…',
      'Log Out…',
    ]);
  });

  it("don't offer a switch to the active account", () => {
    const { heading, lines } = actions(ADA);
    assert.equal(heading, 'active, token valid for 52 minutes');
    assert.equal(labels(lines)[0], 'Log In as User (Sudo)…');
  });

  it('of a sudo account offer to stop acting, in place of acting as another user and logging out', () => {
    assert.deepEqual(labels(actions(GRACE_BY_ADA).lines), [
      'Switch to This Account',
      'Stop Acting as Grace Hopper',
      'Renew Token',
      'Copy Access Token',
      'Open Terminal',
      'Open in Browser',
      'Rename Instance…',
    ]);
  });

  it('start with a login if nothing else helps, and say why', () => {
    const broken = { ...ADA, timeLeft: 0, failure: refused };
    const { lines } = actions(ADA, { accounts: [broken], active: undefined });
    assert.deepEqual(labels(lines).slice(0, 2), ['Log In Again', 'Switch to This Account']);
    assert.equal(lines[0]?.detail, refused.verdict);
    assert.deepEqual(lines[0].action, {
      do: 'loginAgain',
      preset: { baseUrl: ADA.account.baseUrl, again: [ADA.account] },
    });
  });

  it('of a sudo account start with a login as the admin if only that helps', () => {
    const failure = refused;
    const accounts = [ADA, GRACE_BY_ADA].map((status) => ({ ...status, timeLeft: 0, failure }));
    const [first] = actions(GRACE_BY_ADA, { accounts }).lines;
    assert.equal(first?.label, 'Log In Again as Ada Lovelace');
    assert.deepEqual(first.action, {
      do: 'loginAgain',
      preset: { baseUrl: ADA.account.baseUrl, again: [ADA.account] },
    });
  });

  it('start with stopping if Looker no longer lets the admin act as the user', () => {
    const broken = { ...GRACE_BY_ADA, timeLeft: 0, failure: mayNot };
    const { lines } = actions(GRACE_BY_ADA, { accounts: [ADA, broken], active: broken });
    assert.deepEqual(labels(lines).slice(0, 2), ['Stop Acting as Grace Hopper', 'Renew Token']);
    assert.equal(lines[0]?.detail, mayNot.verdict);
  });

  it("don't offer a renewal if the key wasn't saved", () => {
    const { lines } = actions(ADA, { accounts: [{ ...ADA, canRenew: false }], active: undefined });
    assert.ok(!labels(lines).includes('Renew Token'));
    assert.deepEqual(labels(lines).slice(0, 3), [
      'Switch to This Account',
      'Log In as User (Sudo)…',
      'Log In Again',
    ]);
  });

  it('say why the last renewal failed', () => {
    const { lines } = actions(ADA, { accounts: [{ ...ADA, failure: offline }] });
    const renew = lines.find(({ label }) => label === 'Renew Token');
    assert.equal(renew?.detail, offline.verdict);
  });

  it("of an account that can't be read are login and logout", () => {
    const damaged = new UnreadableAccountError(GRACE_BY_ADA.account.id);
    const { lines } = actions(GRACE_BY_ADA, { accounts: [ADA], unreadable: [damaged] });
    assert.deepEqual(labels(lines), ['Log In Again', 'Log Out…']);
    assert.equal(lines[0]?.detail, damaged.message);
  });

  it('are gone once the account is', () => {
    assert.equal(accountActions('gone', stateOf({})), undefined);
  });

  it('name the account and its instance', () => {
    assert.equal(
      nameOfAccount(GRACE_BY_ADA.account.id, stateOf({})),
      'Grace Hopper, sudo by Ada Lovelace · Production (acme.cloud.looker.com)',
    );
  });
});
