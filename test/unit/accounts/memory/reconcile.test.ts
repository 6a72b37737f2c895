import assert from 'node:assert/strict';
import { NewerAccountError, UnreadableAccountError } from '../../../../src/accounts/errors';
import {
  reconcile,
  type ReconcileInput,
  type Reconciled,
} from '../../../../src/accounts/memory/reconcile';
import type { AccountRecord, TokenRecord } from '../../../../src/accounts/store/accountRecord';

const id = 'https://acme.looker.com#7';

/** The record of a token with that value. */
function tokenOf(value: string, refusal?: { isAcknowledged: boolean }): TokenRecord {
  return {
    token: { value, issuedAt: 0, expiresAt: 1, clockAhead: 0 },
    replaced: [],
    ...(refusal && { refusal: { message: 'no', ...refusal } }),
  };
}

function recordOf(
  login: string,
  production: TokenRecord,
  more: { dev?: TokenRecord; changes?: number } = {},
): AccountRecord {
  const { dev, changes = 0 } = more;
  return {
    account: {
      id,
      label: 'Ada (acme.looker.com)',
      baseUrl: 'https://acme.looker.com',
      apiVersion: '4.0',
      user: { id: '7', name: 'Ada' },
    },
    login,
    credential: { kind: 'apiKey', clientId: 'client', clientSecret: `secret ${changes}` },
    credentialChanges: changes,
    tokens: { production, ...(dev && { dev }) },
  };
}

const first = recordOf('first login', tokenOf('a'));
const renewed = recordOf('first login', tokenOf('b'));
const elsewhere = recordOf('first login', tokenOf('c'));
const second = recordOf('second login', tokenOf('d'));
const refused = recordOf('first login', tokenOf('a', { isAcknowledged: false }));
const acknowledged = recordOf('first login', tokenOf('a', { isAcknowledged: true }));
const withDev = recordOf('first login', tokenOf('a'), { dev: tokenOf('dev') });
const unreadable = new UnreadableAccountError(id);
const newer = new NewerAccountError(id);

const login = (replaces: boolean) => ({ kind: 'login', replaces }) as const;
const renewal = (over: { production?: string; dev?: string }) =>
  ({ kind: 'renewal', over }) as const;
const logout = { kind: 'logout' } as const;

const stored = (record?: AccountRecord): Reconciled => ({ kind: 'stored', record });
const behind = (
  record: AccountRecord | undefined,
  write: Extract<Reconciled, { kind: 'behind' }>['write'],
): Reconciled => ({ kind: 'behind', record, write });

type Row = readonly [
  what: string,
  known: Partial<Omit<ReconcileInput, 'replacedLogins'>> & {
    readonly replaced?: readonly string[];
  },
  result: Reconciled,
];

const tables: Readonly<Record<string, readonly Row[]>> = {
  'while nothing is pending': [
    ['nothing stays nothing', {}, stored()],
    ['a stored account is adopted', { stored: first }, stored(first)],
    ['another window’s renewal is adopted', { stored: renewed, mine: first }, stored(renewed)],
    ['another window’s logout is adopted', { mine: first }, stored()],
    ['another window’s login is adopted', { stored: second, mine: first }, stored(second)],
    [
      'an unreadable record is left in place',
      { stored: unreadable, mine: first },
      { kind: 'unreadable', error: unreadable },
    ],
  ],
  'a login that is still stored after this window replaced or ended it': [
    [
      'is overwritten by the login in memory',
      { stored: first, mine: second, replaced: ['first login'] },
      behind(second, login(true)),
    ],
    [
      'is deleted if the account is logged out here',
      { stored: first, replaced: ['first login'] },
      behind(undefined, logout),
    ],
    [
      'is overwritten even if a renewal is pending',
      {
        stored: first,
        mine: second,
        pending: renewal({ production: 'x' }),
        replaced: ['first login'],
      },
      behind(second, login(true)),
    ],
  ],
  'a login that could not be stored': [
    [
      'is stored if nothing else is',
      { mine: first, pending: login(false) },
      behind(first, login(false)),
    ],
    [
      'gives way to another window’s login, which came later',
      { stored: second, mine: first, pending: login(false) },
      stored(second),
    ],
    [
      'ends if an earlier stored login is gone, since another window has logged out',
      { mine: first, pending: login(true) },
      stored(),
    ],
    [
      'replaces an unreadable record',
      { stored: unreadable, mine: first, pending: login(false) },
      behind(first, login(true)),
    ],
    [
      'does not touch what a newer version has stored',
      { stored: newer, mine: first, pending: login(false) },
      { kind: 'unreadable', error: newer },
    ],
  ],
  'a logout that could not be stored': [
    ['is done if nothing is stored anymore', { pending: logout }, stored()],
    [
      'deletes an unreadable record',
      { stored: unreadable, pending: logout },
      behind(undefined, logout),
    ],
    [
      'does not touch what a newer version has stored',
      { stored: newer, pending: logout },
      { kind: 'unreadable', error: newer },
    ],
    [
      'gives way to another window’s new login',
      { stored: second, pending: logout },
      stored(second),
    ],
  ],
  'a renewal that could not be stored': [
    [
      'overwrites the token it has replaced',
      { stored: first, mine: renewed, pending: renewal({ production: 'a' }) },
      behind(renewed, renewal({ production: 'a' })),
    ],
    [
      'gives way to another window’s renewal',
      { stored: elsewhere, mine: renewed, pending: renewal({ production: 'a' }) },
      stored(elsewhere),
    ],
    [
      'ends with its login',
      { stored: second, mine: renewed, pending: renewal({ production: 'd' }) },
      stored(second),
    ],
    [
      'ends if the account was logged out',
      { mine: renewed, pending: renewal({ production: 'a' }) },
      stored(),
    ],
    [
      "ends if the stored record can't be read",
      { stored: unreadable, mine: renewed, pending: renewal({ production: 'a' }) },
      { kind: 'unreadable', error: unreadable },
    ],
    [
      'is done if it was stored after all',
      { stored: renewed, mine: renewed, pending: renewal({ production: 'a' }) },
      stored(renewed),
    ],
    [
      'without a refusal adopts another window’s refusal',
      { stored: refused, mine: first, pending: renewal({ production: 'x' }) },
      stored(refused),
    ],
  ],
  'a refusal that could not be stored': [
    [
      'is stored',
      { stored: first, mine: refused, pending: renewal({ production: 'a' }) },
      behind(refused, renewal({ production: 'a' })),
    ],
    [
      'gives way to the same refusal, which may be acknowledged by now',
      { stored: acknowledged, mine: refused, pending: renewal({ production: 'a' }) },
      stored(acknowledged),
    ],
    [
      'is stored again if it is acknowledged here',
      { stored: refused, mine: acknowledged, pending: renewal({ production: 'a' }) },
      behind(acknowledged, renewal({ production: 'a' })),
    ],
    [
      'gives way to a new token',
      { stored: renewed, mine: refused, pending: renewal({ production: 'a' }) },
      stored(renewed),
    ],
  ],
  'a renewal for one workspace': [
    [
      'leaves the other workspace as stored',
      { stored: renewed, mine: withDev, pending: renewal({ dev: '' }) },
      behind(recordOf('first login', tokenOf('b'), { dev: tokenOf('dev') }), renewal({ dev: '' })),
    ],
    [
      'gives way to another window’s token for that workspace',
      {
        stored: recordOf('first login', tokenOf('a'), { dev: tokenOf('other') }),
        mine: withDev,
        pending: renewal({ dev: '' }),
      },
      stored(recordOf('first login', tokenOf('a'), { dev: tokenOf('other') })),
    ],
    [
      'is written alone if the renewal for the other has ended',
      {
        stored: elsewhere,
        mine: recordOf('first login', tokenOf('b'), { dev: tokenOf('dev') }),
        pending: renewal({ production: 'a', dev: '' }),
      },
      behind(recordOf('first login', tokenOf('c'), { dev: tokenOf('dev') }), renewal({ dev: '' })),
    ],
  ],
  'a credential that changed with a token': [
    [
      'is stored with the token',
      {
        stored: first,
        mine: recordOf('first login', tokenOf('b'), { changes: 1 }),
        pending: renewal({ production: 'a' }),
      },
      behind(recordOf('first login', tokenOf('b'), { changes: 1 }), {
        ...renewal({ production: 'a' }),
        withCredential: true,
      }),
    ],
    [
      'is stored beside the token that there is where it came before one',
      {
        stored: first,
        mine: recordOf('first login', tokenOf('a'), { changes: 1 }),
        pending: renewal({ production: 'a' }),
      },
      behind(recordOf('first login', tokenOf('a'), { changes: 1 }), {
        ...renewal({ production: 'a' }),
        withCredential: true,
      }),
    ],
    [
      'gives way to one that has changed more often',
      {
        stored: recordOf('first login', tokenOf('a'), { changes: 2 }),
        mine: recordOf('first login', tokenOf('a'), { dev: tokenOf('dev'), changes: 1 }),
        pending: renewal({ dev: '' }),
      },
      behind(
        recordOf('first login', tokenOf('a'), { dev: tokenOf('dev'), changes: 2 }),
        renewal({ dev: '' }),
      ),
    ],
  ],
};

describe('memory and store disagree about an account', () => {
  for (const [subject, rows] of Object.entries(tables)) {
    describe(subject, () => {
      for (const [what, { replaced = [], ...known }, result] of rows) {
        it(what, () => {
          const nothing = { stored: undefined, mine: undefined, pending: undefined };
          const replacedLogins = new Set(replaced);
          assert.deepEqual(reconcile({ ...nothing, ...known, replacedLogins }), result);
        });
      }
    });
  }
});
