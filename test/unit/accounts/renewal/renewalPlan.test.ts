import assert from 'node:assert/strict';
import type { AccountUser } from '../../../../src/accounts/account';
import type { StoredCredential } from '../../../../src/accounts/credentials/storedCredential';
import { RefusedBeforeError } from '../../../../src/accounts/errors';
import {
  toLive,
  withTokenState,
  type LiveAccount,
  type TokenState,
} from '../../../../src/accounts/memory/liveAccount';
import { plan, type Moment, type Plan } from '../../../../src/accounts/renewal/renewalPlan';
import type { RenewalRefusal } from '../../../../src/accounts/store/accountRecord';
import { UnreachableError } from '../../../../src/looker/errors/network';
import { NotLookerApiError } from '../../../../src/looker/errors/notLooker';
import { ApiKeyRefusedError } from '../../../../src/looker/errors/refusal';
import { RateLimitedError } from '../../../../src/looker/errors/response';
import type { Workspace } from '../../../../src/looker/workspace';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const baseUrl = 'https://acme.looker.com';
const ADMIN: AccountUser = { id: '7', name: 'Ada' };
const API_KEY: StoredCredential = { kind: 'apiKey', clientId: 'client', clientSecret: 'secret' };
const NONE: StoredCredential = { kind: 'none' };

/**
 * By default, a `production` token of an hour from an API key; the window has the focus and renews in the background.
 */
interface Given extends Partial<Moment> {
  /** How long ago the token was issued, in ms. */
  readonly age?: number;
  readonly life?: number;
  readonly credential?: StoredCredential;
  readonly refusal?: RenewalRefusal;
  readonly seen?: Partial<TokenState>;
  /** The observed state of the admin's token, for a sudo account; `undefined` if the admin is logged out. */
  readonly admin?: Given | undefined;
  readonly workspace?: Workspace;
}

/** This machine's time, which differs from the server's. */
const NOW = 1_000_000_000_000;
const SERVER_NOW = NOW + 7 * HOUR;

function planFor(given: Given): Plan {
  const live = liveFor(given, 'admin' in given);
  const admin = given.admin && liveFor(given.admin, false);
  const { mode = 'background', isFocused = true, workspace = 'production' } = given;
  return plan(live, admin, workspace, { mode, isFocused, now: NOW, serverNow: SERVER_NOW });
}

function liveFor(given: Given, isSudo: boolean): LiveAccount {
  const { age = 0, life = HOUR, refusal, seen = {} } = given;
  const issuedAt = SERVER_NOW - age;
  const record = {
    account: {
      id: `${baseUrl}#7${isSudo ? '>12' : ''}`,
      label: 'Ada',
      baseUrl,
      apiVersion: '4.0' as const,
      user: ADMIN,
      ...(isSudo && { sudo: { adminAccountId: `${baseUrl}#7`, admin: ADMIN } }),
    },
    login: 'login',
    credential: given.credential ?? (isSudo ? { kind: 'sudo' as const } : API_KEY),
    credentialChanges: 0,
    tokens: {
      production: {
        token: { value: 'token', issuedAt, expiresAt: issuedAt + life, clockAhead: 0 },
        replaced: [],
        ...(refusal && { refusal }),
      },
    },
  };
  const live = toLive(record, undefined, () => 1);
  return withTokenState(live, given.workspace ?? 'production', seen);
}

const unreachable = new UnreachableError(baseUrl, 'ECONNRESET');
const refused = new ApiKeyRefusedError(baseUrl, 404);
const intercepted = new NotLookerApiError(baseUrl, 200);
const rateLimited = new RateLimitedError(baseUrl, 429, 4 * MINUTE);

/** A renewal that failed some time ago. */
const failed = (error: Error, ago: number, count = 1): Partial<TokenState> => ({
  failure: { error, count, at: NOW - ago },
});

type Row = readonly [what: string, given: Given, expected: Partial<Plan>];

const tables: Readonly<Record<string, readonly Row[]>> = {
  'a fresh token': [
    [
      'is handed out, and renewed five minutes before it expires',
      { age: 0 },
      {
        timeLeft: HOUR,
        isUsable: true,
        isExpiring: false,
        dueIn: 55 * MINUTE,
        renewIn: 55 * MINUTE,
        renewsAhead: false,
        failure: undefined,
        blockedBy: undefined,
      },
    ],
    [
      'of 30 days is renewed five minutes before it expires',
      { life: 30 * DAY },
      { renewIn: 30 * DAY - 5 * MINUTE },
    ],
    [
      'of 9 seconds is renewed when a third of its lifetime is left',
      { life: 9 * SECOND },
      { renewIn: 6 * SECOND },
    ],
    [
      'is renewed later by a window without the focus, but well before it expires',
      { isFocused: false, seen: { jitter: 1 } },
      { dueIn: 55 * MINUTE, renewIn: 58.5 * MINUTE },
    ],
    [
      'of a minute is also renewed by a window without the focus before it expires',
      { life: MINUTE, age: 39 * SECOND, isFocused: false, seen: { jitter: 1 } },
      { dueIn: SECOND, renewIn: 15 * SECOND },
    ],
    [
      "isn't renewed within 5 seconds of a renewal, however short its lifetime",
      { life: SECOND, age: SECOND, seen: { receivedAt: NOW - SECOND } },
      { isExpiring: true, renewIn: 4 * SECOND },
    ],
    ['can be renewed at once after a login', { life: SECOND, age: SECOND }, { renewIn: 0 }],
  ],
  'a token that expires soon': [
    [
      "isn't due a moment before",
      { age: 55 * MINUTE - 1 },
      { isExpiring: false, dueIn: 1, renewIn: 1, renewsAhead: false },
    ],
    [
      'is handed out while being renewed',
      { age: 55 * MINUTE },
      { isUsable: true, isExpiring: true, dueIn: 0, renewIn: 0, renewsAhead: true },
    ],
    [
      'waits up to 30 seconds for the focused window, from when it was seen to be due',
      { age: 59 * MINUTE, isFocused: false, seen: { jitter: 1, firstDueAt: NOW - 10 * SECOND } },
      { isExpiring: true, renewIn: 20 * SECOND, renewsAhead: false },
    ],
    [
      'waits the whole time if that was never recorded',
      { age: 59 * MINUTE, isFocused: false, seen: { jitter: 0.5 } },
      { renewIn: 15 * SECOND },
    ],
    ['is still handed out if it is valid for a minute', { age: 59 * MINUTE }, { isUsable: true }],
    [
      "isn't handed out with less",
      { age: 59 * MINUTE + 1 },
      { isUsable: false, timeLeft: MINUTE - 1, renewsAhead: false },
    ],
    [
      'of 9 seconds is handed out while a third of its lifetime is left',
      { life: 9 * SECOND, age: 6 * SECOND },
      { isUsable: true },
    ],
    [
      "of 9 seconds isn't handed out with less",
      { life: 9 * SECOND, age: 6 * SECOND + 1 },
      { isUsable: false },
    ],
    [
      'is renewed on use by any window, while being handed out',
      { age: 56 * MINUTE, mode: 'onUse', isFocused: false },
      { renewsAhead: true, renewIn: undefined, renewsItself: false, renewsOnUse: true },
    ],
    [
      "isn't renewed if renewal is off",
      { age: 56 * MINUTE, mode: 'off' },
      { isExpiring: true, renewsAhead: false, renewsItself: false, renewsOnUse: false },
    ],
  ],
  'a token that has expired': [
    [
      'is no longer usable',
      { age: 61 * MINUTE },
      { timeLeft: -MINUTE, isUsable: false, isExpiring: true },
    ],
    [
      'is replaced on use unless renewal is off',
      { age: 61 * MINUTE, mode: 'onUse' },
      { blockedBy: undefined },
    ],
    ['blocks requests if renewal is off', { age: 61 * MINUTE, mode: 'off' }, { blockedBy: 'off' }],
    [
      'blocks requests with the reason for a failed renewal, even if renewal is off',
      { age: 61 * MINUTE, mode: 'off', seen: failed(refused, DAY) },
      { blockedBy: refused },
    ],
  ],
  'a token that the server has rejected': [
    [
      "isn't usable, even if it hasn't expired",
      { seen: { isRejected: true } },
      { timeLeft: 0, isUsable: false, isExpiring: true, dueIn: -Infinity, blockedBy: undefined },
    ],
    [
      "isn't usable if there is nothing to renew it with",
      { credential: NONE, seen: { isRejected: true } },
      { timeLeft: 0, isUsable: false, isExpiring: true },
    ],
    [
      'is renewed in the background 5 seconds after the last renewal',
      { seen: { isRejected: true, receivedAt: NOW - 2 * SECOND } },
      { renewIn: 3 * SECOND },
    ],
  ],
  'a token without a saved credential': [
    [
      'is handed out like any other',
      { credential: NONE },
      {
        isUsable: true,
        canRenew: false,
        renewsItself: false,
        renewsOnUse: false,
        renewIn: undefined,
      },
    ],
    [
      "isn't due before the server's time is known, since this machine's clock may be wrong",
      { credential: NONE, age: 56 * MINUTE },
      { isExpiring: false, dueIn: -MINUTE },
    ],
    [
      "isn't due while the server's time is being requested",
      { credential: NONE, age: 56 * MINUTE, seen: { timeCheck: Promise.resolve() } },
      { isExpiring: false },
    ],
    [
      "is due once the server's time is known, and isn't renewed",
      { credential: NONE, age: 56 * MINUTE, seen: { timeCheck: 'done' } },
      { isExpiring: true, renewsAhead: false },
    ],
  ],
  'a failed renewal': [
    [
      'is retried after a minute in the background, and after 5 seconds on use',
      { age: 56 * MINUTE, seen: failed(unreachable, 6 * SECOND) },
      {
        failure: unreachable,
        renewIn: 54 * SECOND,
        renewsAhead: false,
        blockedBy: undefined,
        renewsItself: true,
      },
    ],
    [
      'blocks requests for 5 seconds',
      { age: 61 * MINUTE, seen: failed(unreachable, 4 * SECOND) },
      { blockedBy: unreachable, renewsOnUse: true },
    ],
    [
      'is retried later each time',
      { age: 56 * MINUTE, seen: failed(unreachable, 0, 3) },
      { renewIn: 4 * MINUTE },
    ],
    [
      'is retried after 10 minutes at the latest',
      { age: 56 * MINUTE, seen: failed(unreachable, 0, 9) },
      { renewIn: 10 * MINUTE },
    ],
    [
      'is retried later by windows without the focus, so that not all try at once',
      { age: 56 * MINUTE, isFocused: false, seen: { ...failed(unreachable, 0), jitter: 0.5 } },
      { renewIn: 1.5 * MINUTE },
    ],
    [
      "isn't retried on use before it would be in the background, while the token is handed out",
      { age: 56 * MINUTE, mode: 'onUse', seen: failed(unreachable, 59 * SECOND) },
      { renewsAhead: false },
    ],
    [
      'is retried on use from then on',
      { age: 56 * MINUTE, mode: 'onUse', seen: failed(unreachable, 60 * SECOND) },
      { renewsAhead: true },
    ],
    [
      'waits as long as Looker asks for, also on use',
      { age: 56 * MINUTE, seen: failed(rateLimited, MINUTE) },
      { renewIn: 3 * MINUTE, blockedBy: rateLimited },
    ],
    [
      'waits at most 10 minutes, however long Looker asks for',
      { age: 56 * MINUTE, seen: failed(new RateLimitedError(baseUrl, 429, HOUR), 0) },
      { renewIn: 10 * MINUTE },
    ],
    [
      "waits for a use if the response wasn't Looker’s",
      { age: 56 * MINUTE, seen: failed(intercepted, HOUR) },
      {
        renewsItself: false,
        renewsOnUse: true,
        renewIn: undefined,
        renewsAhead: false,
        blockedBy: undefined,
      },
    ],
    [
      "isn't retried automatically once Looker has refused, and the token is handed out until it expires",
      { age: 56 * MINUTE, seen: failed(refused, DAY) },
      {
        isUsable: true,
        renewsItself: false,
        renewsOnUse: false,
        renewIn: undefined,
        blockedBy: refused,
        failure: refused,
      },
    ],
  ],
  'a stored refusal': [
    [
      'counts as if this window had been refused',
      { refusal: { message: 'no', isAcknowledged: false } },
      { renewsItself: false, renewsOnUse: false, isAcknowledged: false },
    ],
    [
      'records whether the user has read it',
      { refusal: { message: 'no', isAcknowledged: true } },
      { isAcknowledged: true },
    ],
    [
      'counts more than a temporary failure in this window',
      { refusal: { message: 'no', isAcknowledged: false }, seen: failed(unreachable, DAY) },
      { renewsItself: false },
    ],
    [
      'counts less than a refusal in this window, which has more details',
      { refusal: { message: 'no', isAcknowledged: false }, seen: failed(refused, DAY) },
      { failure: refused },
    ],
  ],
  'a sudo account': [
    [
      "is renewed with its admin's credential",
      { admin: {} },
      { canRenew: true, renewsItself: true },
    ],
    [
      "can't be renewed if the admin's key wasn't saved",
      { admin: { credential: NONE } },
      { canRenew: false },
    ],
    ["can't be renewed once the admin is logged out", { admin: undefined }, { canRenew: false }],
    [
      "fails with its admin, and isn't retried sooner",
      { age: 56 * MINUTE, admin: { seen: failed(unreachable, 10 * SECOND) } },
      { failure: unreachable, renewIn: 50 * SECOND },
    ],
    [
      'waits for the later of its own next attempt and its admin’s',
      {
        age: 56 * MINUTE,
        seen: failed(unreachable, 2 * SECOND),
        admin: { seen: failed(rateLimited, SECOND) },
      },
      { failure: unreachable, blockedBy: unreachable, renewIn: 4 * MINUTE - SECOND },
    ],
    [
      'is refused with its admin, and counts as read if the user has read that',
      { admin: { refusal: { message: 'no', isAcknowledged: true } } },
      { renewsOnUse: false, isAcknowledged: true },
    ],
    [
      'keeps using a valid token while its admin has none',
      { admin: { age: 2 * HOUR } },
      { isUsable: true, failure: undefined },
    ],
  ],
  'Development Mode': [
    [
      'has no token before one is requested, and gets none in the background',
      { workspace: 'dev' },
      {
        timeLeft: 0,
        isUsable: false,
        isExpiring: false,
        dueIn: Infinity,
        canRenew: true,
        renewIn: undefined,
        renewsAhead: false,
        blockedBy: undefined,
      },
    ],
    [
      'may fail on its own',
      { workspace: 'dev', seen: failed(unreachable, 0) },
      { failure: unreachable, blockedBy: unreachable },
    ],
  ],
};

describe('the plan for a token', () => {
  for (const [subject, rows] of Object.entries(tables)) {
    describe(subject, () => {
      for (const [what, given, expected] of rows) {
        it(what, () => {
          const result = planFor(given);
          const keys = Object.keys(expected) as (keyof Plan)[];
          const actual = Object.fromEntries(keys.map((key) => [key, result[key]]));
          assert.deepEqual(actual, expected);
        });
      }
    });
  }

  it("is for one workspace: failures of `dev` don't affect `production`", () => {
    const live = withTokenState(liveFor({}, false), 'dev', {
      ...failed(unreachable, 0),
      isRejected: true,
    });
    const moment = {
      mode: 'background' as const,
      isFocused: true,
      now: NOW,
      serverNow: SERVER_NOW,
    };
    const { failure, isUsable, renewsItself } = plan(live, undefined, 'production', moment);
    assert.deepEqual([failure, isUsable, renewsItself], [undefined, true, true]);
  });

  it('returns the same error each time for the same stored refusal', () => {
    const live = liveFor({ refusal: { message: 'no', isAcknowledged: false } }, false);
    const moment = {
      mode: 'onUse' as const,
      isFocused: true,
      now: NOW,
      serverNow: SERVER_NOW,
    };
    const { failure } = plan(live, undefined, 'production', moment);
    assert.ok(failure instanceof RefusedBeforeError);
    assert.equal(failure.message, 'no');
    const again = toLive(live.record, live, () => 1);
    assert.equal(plan(again, undefined, 'production', moment).failure, failure);
  });
});
