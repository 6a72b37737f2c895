import assert from 'node:assert/strict';
import type { Accounts } from '../../src/accounts/accounts';
import type { AccountStatus } from '../../src/accounts/accountStatus';
import type { ApiKey, LookerApi } from '../../src/looker/api/lookerApi';
import { probe } from '../../src/looker/api/probe';
import type { ApiVersion } from '../../src/looker/api/apiVersion';

/** The moments at which a fault can happen: actions of the user, and background events. */
export const MOMENTS = [
  'login',
  'first login',
  'sudo',
  'renewal',
  'sudo renewal',
  'logout',
  'background renewal',
  'background sudo renewal',
  'once it is over',
  'start',
  'start, tokens due',
  'start, tokens expired',
  'development mode',
  'development renewal',
] as const;
export type Moment = (typeof MOMENTS)[number];

/** The setting of a moment: Ada is the admin, Alan is the user she acts as, and Grace isn't involved. */
export interface Scenario {
  readonly accounts: Accounts;
  readonly baseUrl: string;
  readonly apiVersion: ApiVersion;
  /** Ada's key. */
  readonly apiKey: ApiKey;
  /** ID of Grace's account. */
  readonly grace: string;
  /** Signals that the user cancels. */
  readonly signal: AbortSignal | undefined;
  readonly connect: (baseUrl: string, apiVersion: ApiVersion) => LookerApi;
  /** Ends the fault. */
  readonly mend: () => void;
  /** Lets time pass. */
  readonly pass: (ms: number) => void;
  /** Ms from a login until its token is due but still valid. */
  readonly untilDue: number;
  /** Ends a step, whose requests are counted: waits until nothing is pending anymore. */
  readonly step: () => Promise<void>;
}

type Person = 'Ada' | 'Alan' | 'Grace';

/** The accounts that are logged in at that moment. */
export const LOGGED_IN: Readonly<Record<Moment, readonly Person[]>> = {
  login: [],
  'first login': [],
  sudo: ['Ada'],
  renewal: ['Ada', 'Alan'],
  'sudo renewal': ['Ada', 'Alan'],
  logout: ['Ada', 'Alan'],
  'background renewal': ['Ada', 'Grace'],
  'background sudo renewal': ['Ada', 'Alan', 'Grace'],
  'once it is over': ['Ada'],
  start: ['Ada', 'Alan'],
  'start, tokens due': ['Ada'],
  'start, tokens expired': ['Ada'],
  'development mode': ['Ada'],
  'development renewal': ['Ada'],
};

/** How long VS Code has been closed before that moment, for tokens with this lifetime. All spans are in ms. */
export function closedFor(moment: Moment, tokenLifeMs: number): number {
  if (moment === 'start, tokens due') return untilDue(tokenLifeMs);
  return moment === 'start, tokens expired' ? tokenLifeMs + MINUTE : 0;
}

/** However often an account without a token is used, a request is sent at most once in this time. */
const TRIED_EVERY = 5000;

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/**
 * Tokens are due in their last 5 minutes, or the last third of a short lifetime, and usable until their last minute.
 */
export function untilDue(tokenLifeMs: number): number {
  return tokenLifeMs - Math.floor(Math.min(4 * MINUTE, tokenLifeMs / 3));
}

/** What happens at each moment. Returns the errors reported to the user, and throws the one that stops their action. */
export const SCENARIOS: Readonly<
  Record<Moment, (harness: Scenario) => Promise<readonly unknown[]>>
> = {
  login: async ({ accounts, baseUrl, apiVersion, apiKey, signal }) => {
    await accounts.login({ baseUrl, apiVersion }, apiKey, signal);
    return [];
  },
  'first login': async ({ accounts, baseUrl, apiKey, signal, connect }) => {
    const options = { connect, configuredVersion: () => undefined };
    const { apiVersion } = await probe(baseUrl, options, signal ?? new AbortController().signal);
    await accounts.login({ baseUrl, apiVersion }, apiKey, signal);
    return [];
  },
  sudo: async ({ accounts, baseUrl, signal }) => {
    const admin = accounts.peek(adaIn(baseUrl))?.account;
    assert.ok(admin);
    await accounts.loginAs(admin, '3', undefined, signal);
    return [];
  },
  renewal: ({ accounts, baseUrl }) => renew(accounts, adaIn(baseUrl)),
  'sudo renewal': ({ accounts, baseUrl }) => renew(accounts, alanIn(baseUrl)),
  logout: async ({ accounts, baseUrl, signal }) => {
    const unrevoked = await accounts.logout([adaIn(baseUrl)], signal);
    return unrevoked.map(({ error }) => error);
  },
  'background renewal': (harness) => renewInBackground(harness, adaIn(harness.baseUrl)),
  'background sudo renewal': (harness) => renewInBackground(harness, alanIn(harness.baseUrl)),
  'once it is over': async ({ accounts, baseUrl, pass, untilDue, step, mend }) => {
    pass(untilDue);
    accounts.renewDueAccounts();
    await step();
    mend();
    await accounts.renew(adaIn(baseUrl));
    await step();
    pass(HOUR);
    accounts.renewDueAccounts();
    await step();
    const { failure } = statusOf(accounts, adaIn(baseUrl));
    return failure ? [failure] : [];
  },
  start: async ({ accounts, baseUrl, step }) => {
    accounts.renewDueAccounts();
    await Promise.all([accounts.session(adaIn(baseUrl)), accounts.session(alanIn(baseUrl))]);
    await step();
    return [];
  },
  'start, tokens due': async ({ accounts, baseUrl, step }) => {
    const id = adaIn(baseUrl);
    const old = accounts.peek(id)?.token.value;
    accounts.renewDueAccounts();
    assert.equal((await accounts.session(id)).token.value, old, 'the good token is not served');
    const { isRenewing, canRenew } = statusOf(accounts, id);
    assert.equal(isRenewing, canRenew, 'it is not renewed beside');
    await step();
    const { failure } = statusOf(accounts, id);
    return failure ? [failure] : [];
  },
  'start, tokens expired': async (harness) => {
    harness.accounts.renewDueAccounts();
    const id = adaIn(harness.baseUrl);
    const errors = await use(harness, id);
    for (const span of [TRIED_EVERY - SECOND, 2 * SECOND]) {
      harness.pass(span);
      errors.push(...(await use(harness, id)));
    }
    return errors;
  },
  'development mode': async ({ accounts, baseUrl }) => {
    await accounts.session(adaIn(baseUrl), undefined, 'dev');
    return [];
  },
  'development renewal': async ({ accounts, baseUrl }) => {
    const old = accounts.peek(adaIn(baseUrl), 'dev')?.token.value;
    assert.ok(old, 'there is no session in Development Mode');
    try {
      await accounts.renew(adaIn(baseUrl), undefined, 'dev');
    } finally {
      const { failure } = statusOf(accounts, adaIn(baseUrl));
      assert.equal(failure, undefined, 'the account itself seems to fail');
    }
    return [];
  },
};

/** The account that a moment is about, if it is about one that is already logged in. */
export function subjectOf(moment: Moment, baseUrl: string): string {
  return moment.includes('sudo') ? alanIn(baseUrl) : adaIn(baseUrl);
}

/** IDs of the accounts on that instance. */
const adaIn = (baseUrl: string) => `${baseUrl}#1`;
const alanIn = (baseUrl: string) => `${baseUrl}#1>3`;

/**
 * A failed renewal is also shown in the status bar, unless it already shows that renewal is impossible. The account
 * keeps using the token it has.
 */
async function renew(accounts: Accounts, id: string): Promise<readonly unknown[]> {
  const old = accounts.peek(id)?.token.value;
  try {
    await accounts.renew(id);
    return [];
  } catch (error) {
    const { failure, canRenew } = statusOf(accounts, id);
    if (canRenew) assert.equal(failure, error, 'the failure is not shown');
    assert.equal((await accounts.session(id)).token.value, old, 'the old token is of no use');
    throw error;
  }
}

/**
 * Three steps: the tokens become due; an hour later they have expired, or are due again; then the account is used. No
 * other account is affected.
 */
async function renewInBackground(harness: Scenario, id: string): Promise<readonly unknown[]> {
  const { accounts, grace } = harness;
  for (const span of [harness.untilDue, HOUR]) {
    harness.pass(span);
    accounts.renewDueAccounts();
    await harness.step();
    const { isExpiring, failure } = statusOf(accounts, grace);
    assert.deepEqual([isExpiring, failure], [false, undefined], 'Grace is not renewed');
  }
  harness.pass(TRIED_EVERY + SECOND);
  return use(harness, id);
}

/** Both a caller without a valid token and the status bar get the reason. */
async function use({ accounts, step }: Scenario, id: string): Promise<unknown[]> {
  const thrown = await accounts.session(id).then(
    () => [],
    (error: unknown) => [error],
  );
  await step();
  const { failure, canRenew } = statusOf(accounts, id);
  assert.equal(failure !== undefined || !canRenew, thrown.length > 0, 'the failure is not shown');
  return failure ? [failure, ...thrown] : thrown;
}

export function statusOf(accounts: Accounts, id: string): AccountStatus {
  return (
    accounts.statuses().find(({ account }) => account.id === id) ?? assert.fail(`${id} is gone`)
  );
}
