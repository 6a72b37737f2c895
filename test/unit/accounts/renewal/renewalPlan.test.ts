import assert from 'node:assert/strict';
import type { AccountUser } from '../../../../src/accounts/account';
import type { StoredCredential } from '../../../../src/accounts/credentials/storedCredential';
import { RefusedBeforeError } from '../../../../src/accounts/errors';
import {
  toLive,
  withSeen,
  type LiveAccount,
  type TokenState,
} from '../../../../src/accounts/memory/liveAccount';
import { plan, type Moment, type Plan } from '../../../../src/accounts/renewal/renewalPlan';
import type { Refusal } from '../../../../src/accounts/store/accountRecord';
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

/** A token of an hour for `production`, got with an API key; the window has the focus and renews in the background. */
interface Given extends Partial<Moment> {
  /** How long ago the token was issued, in ms. */
  readonly age?: number;
  readonly life?: number;
  readonly credential?: StoredCredential;
  readonly refusal?: Refusal;
  readonly seen?: Partial<TokenState>;
  /** What was seen of the admin's token, for a sudo account; `undefined` where the admin is logged out. */
  readonly admin?: Given | undefined;
  readonly workspace?: Workspace;
}

/** This machine's time; the server's is another one. */
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
  return withSeen(live, given.workspace ?? 'production', seen);
}

const unreachable = new UnreachableError(baseUrl, 'ECONNRESET');
const refused = new ApiKeyRefusedError(baseUrl, 404);
const intercepted = new NotLookerApiError(baseUrl, 200);
const rateLimited = new RateLimitedError(baseUrl, 429, 4 * MINUTE);

/** A renewal that failed so long ago. */
const failed = (error: Error, ago: number, count = 1): Partial<TokenState> => ({
  failure: { error, count, at: NOW - ago },
});

type Row = readonly [what: string, given: Given, expected: Partial<Plan>];

const tables: Readonly<Record<string, readonly Row[]>> = {
  'a token that is fresh': [
    [
      'is handed out, and renewed five minutes before its end',
      { age: 0 },
      {
        timeLeft: HOUR,
        isUsable: true,
        isDue: false,
        dueIn: 55 * MINUTE,
        renewIn: 55 * MINUTE,
        renewsBeside: false,
        failure: undefined,
        blockedBy: undefined,
      },
    ],
    [
      'of 30 days is renewed five minutes before its end',
      { life: 30 * DAY },
      { renewIn: 30 * DAY - 5 * MINUTE },
    ],
    [
      'of 9 seconds is renewed when a third of its life is left',
      { life: 9 * SECOND },
      { renewIn: 6 * SECOND },
    ],
    [
      'is renewed later by a window without the focus, but well before its end',
      { isFocused: false, seen: { jitter: 1 } },
      { dueIn: 55 * MINUTE, renewIn: 58.5 * MINUTE },
    ],
    [
      'of a minute is renewed by a window without the focus before its end, too',
      { life: MINUTE, age: 39 * SECOND, isFocused: false, seen: { jitter: 1 } },
      { dueIn: SECOND, renewIn: 15 * SECOND },
    ],
    [
      'is not renewed within 5 seconds of a renewal, however short it lives',
      { life: SECOND, age: SECOND, seen: { receivedAt: NOW - SECOND } },
      { isDue: true, renewIn: 4 * SECOND },
    ],
    ['can be renewed at once after a login', { life: SECOND, age: SECOND }, { renewIn: 0 }],
  ],
  'a token near its end': [
    [
      'is not due a moment before',
      { age: 55 * MINUTE - 1 },
      { isDue: false, dueIn: 1, renewIn: 1, renewsBeside: false },
    ],
    [
      'is handed out, and renewed beside',
      { age: 55 * MINUTE },
      { isUsable: true, isDue: true, dueIn: 0, renewIn: 0, renewsBeside: true },
    ],
    [
      'is left to the window with the focus for up to 30 seconds, from when it was seen to be due',
      { age: 59 * MINUTE, isFocused: false, seen: { jitter: 1, firstDueAt: NOW - 10 * SECOND } },
      { isDue: true, renewIn: 20 * SECOND, renewsBeside: false },
    ],
    [
      'is left to it for the whole time where that was never noted',
      { age: 59 * MINUTE, isFocused: false, seen: { jitter: 0.5 } },
      { renewIn: 15 * SECOND },
    ],
    ['is still handed out with a minute to live', { age: 59 * MINUTE }, { isUsable: true }],
    [
      'is not handed out with less',
      { age: 59 * MINUTE + 1 },
      { isUsable: false, timeLeft: MINUTE - 1, renewsBeside: false },
    ],
    [
      'of 9 seconds is handed out while a third of its life is left',
      { life: 9 * SECOND, age: 6 * SECOND },
      { isUsable: true },
    ],
    [
      'of 9 seconds is not handed out with less',
      { life: 9 * SECOND, age: 6 * SECOND + 1 },
      { isUsable: false },
    ],
    [
      'is renewed beside where tokens are renewed on use, by whichever window',
      { age: 56 * MINUTE, mode: 'onUse', isFocused: false },
      { renewsBeside: true, renewIn: undefined, renewsItself: false, renewsOnUse: true },
    ],
    [
      'is left alone where renewal is off',
      { age: 56 * MINUTE, mode: 'off' },
      { isDue: true, renewsBeside: false, renewsItself: false, renewsOnUse: false },
    ],
  ],
  'a token that has expired': [
    ['is past its time', { age: 61 * MINUTE }, { timeLeft: -MINUTE, isUsable: false, isDue: true }],
    [
      'is replaced on use unless renewal is off',
      { age: 61 * MINUTE, mode: 'onUse' },
      { blockedBy: undefined },
    ],
    [
      'blocks whoever asks where renewal is off',
      { age: 61 * MINUTE, mode: 'off' },
      { blockedBy: 'off' },
    ],
  ],
  'a token that the server has rejected': [
    [
      'is worth nothing, whatever its time',
      { seen: { isRejected: true } },
      { timeLeft: 0, isUsable: false, isDue: true, dueIn: -Infinity, blockedBy: undefined },
    ],
    [
      'is worth nothing where there is nothing to renew it with',
      { credential: NONE, seen: { isRejected: true } },
      { timeLeft: 0, isUsable: false, isDue: true },
    ],
    [
      'is renewed in the background as soon as the last one was 5 seconds in use',
      { seen: { isRejected: true, receivedAt: NOW - 2 * SECOND } },
      { renewIn: 3 * SECOND },
    ],
  ],
  'a token whose credential was not kept': [
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
      "is not due before the server's time was asked: this machine's clock may be wrong",
      { credential: NONE, age: 56 * MINUTE },
      { isDue: false, dueIn: -MINUTE },
    ],
    [
      'is not due while that is being asked',
      { credential: NONE, age: 56 * MINUTE, seen: { timeCheck: Promise.resolve() } },
      { isDue: false },
    ],
    [
      'is due once it was asked, and not renewed',
      { credential: NONE, age: 56 * MINUTE, seen: { timeCheck: 'done' } },
      { isDue: true, renewsBeside: false },
    ],
  ],
  'a renewal that failed': [
    [
      'is tried again a minute later in the background, and after 5 seconds on use',
      { age: 56 * MINUTE, seen: failed(unreachable, 6 * SECOND) },
      {
        failure: unreachable,
        renewIn: 54 * SECOND,
        renewsBeside: false,
        blockedBy: undefined,
        renewsItself: true,
      },
    ],
    [
      'blocks whoever asks within 5 seconds',
      { age: 61 * MINUTE, seen: failed(unreachable, 4 * SECOND) },
      { blockedBy: unreachable, renewsOnUse: true },
    ],
    [
      'is tried again later each time',
      { age: 56 * MINUTE, seen: failed(unreachable, 0, 3) },
      { renewIn: 4 * MINUTE },
    ],
    [
      'is tried again after 10 minutes at the latest',
      { age: 56 * MINUTE, seen: failed(unreachable, 0, 9) },
      { renewIn: 10 * MINUTE },
    ],
    [
      'is tried again later by windows without the focus, so that not all try at once',
      { age: 56 * MINUTE, isFocused: false, seen: { ...failed(unreachable, 0), jitter: 0.5 } },
      { renewIn: 1.5 * MINUTE },
    ],
    [
      'is not tried beside on use while the background would not, either',
      { age: 56 * MINUTE, mode: 'onUse', seen: failed(unreachable, 59 * SECOND) },
      { renewsBeside: false },
    ],
    [
      'is tried beside on use from then on',
      { age: 56 * MINUTE, mode: 'onUse', seen: failed(unreachable, 60 * SECOND) },
      { renewsBeside: true },
    ],
    [
      'waits as long as Looker asks for, on use too',
      { age: 56 * MINUTE, seen: failed(rateLimited, MINUTE) },
      { renewIn: 3 * MINUTE, blockedBy: rateLimited },
    ],
    [
      'waits 10 minutes at most, however long Looker asks for',
      { age: 56 * MINUTE, seen: failed(new RateLimitedError(baseUrl, 429, HOUR), 0) },
      { renewIn: 10 * MINUTE },
    ],
    [
      'waits for a use where the reply was not Looker’s',
      { age: 56 * MINUTE, seen: failed(intercepted, HOUR) },
      {
        renewsItself: false,
        renewsOnUse: true,
        renewIn: undefined,
        renewsBeside: false,
        blockedBy: undefined,
      },
    ],
    [
      'is not tried again by itself once Looker has refused, and the token is handed out to its end',
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
  'a refusal that is stored': [
    [
      'counts as if this window had been refused',
      { refusal: { message: 'no', isAcknowledged: false } },
      { renewsItself: false, renewsOnUse: false, isAcknowledged: false },
    ],
    [
      'tells whether the user has read it',
      { refusal: { message: 'no', isAcknowledged: true } },
      { isAcknowledged: true },
    ],
    [
      'counts more than a passing failure in this window',
      { refusal: { message: 'no', isAcknowledged: false }, seen: failed(unreachable, DAY) },
      { renewsItself: false },
    ],
    [
      'counts less than what this window was refused itself, which says more',
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
      "cannot be renewed where the admin's key was not kept",
      { admin: { credential: NONE } },
      { canRenew: false },
    ],
    ['cannot be renewed once the admin is logged out', { admin: undefined }, { canRenew: false }],
    [
      'fails with its admin, and is tried again no sooner',
      { age: 56 * MINUTE, admin: { seen: failed(unreachable, 10 * SECOND) } },
      { failure: unreachable, renewIn: 50 * SECOND },
    ],
    [
      'waits for the later of its own next try and its admin’s',
      {
        age: 56 * MINUTE,
        seen: failed(unreachable, 2 * SECOND),
        admin: { seen: failed(rateLimited, SECOND) },
      },
      { failure: unreachable, blockedBy: unreachable, renewIn: 4 * MINUTE - SECOND },
    ],
    [
      'is refused with its admin, and what the user has read of that counts',
      { admin: { refusal: { message: 'no', isAcknowledged: true } } },
      { renewsOnUse: false, isAcknowledged: true },
    ],
    [
      'goes on with a good token while its admin has none',
      { admin: { age: 2 * HOUR } },
      { isUsable: true, failure: undefined },
    ],
  ],
  'Development Mode': [
    [
      'has no token before somebody asks, and none is got in the background',
      { workspace: 'dev' },
      {
        timeLeft: 0,
        isUsable: false,
        isDue: false,
        dueIn: Infinity,
        canRenew: true,
        renewIn: undefined,
        renewsBeside: false,
        blockedBy: undefined,
      },
    ],
    [
      'may fail by itself',
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

  it('is for one workspace: what fails for `dev` is no failure for `production`', () => {
    const live = withSeen(liveFor({}, false), 'dev', {
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

  it('says the same error each time for the same refusal, which is the one that is stored', () => {
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
