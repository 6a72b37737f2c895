import assert from 'node:assert/strict';
import type { Accounts } from '../../src/accounts/accounts';
import type { ApiKey } from '../../src/looker/lookerApi';

/** The moments at which a fault can strike. */
export const MOMENTS = ['log-in', 'sudo', 'renewal', 'sudo renewal', 'log-out', 'start'] as const;
export type Moment = (typeof MOMENTS)[number];

/** Where a moment happens: Ada is the admin, Alan whom she acts as. */
export interface Scene {
  readonly accounts: Accounts;
  readonly baseUrl: string;
  /** Ada's. */
  readonly apiKey: ApiKey;
}

/** Who is logged in when it comes. */
export const LOGGED_IN: Readonly<Record<Moment, 'nobody' | 'Ada' | 'Ada and Alan'>> = {
  'log-in': 'nobody',
  sudo: 'Ada',
  renewal: 'Ada and Alan',
  'sudo renewal': 'Ada and Alan',
  'log-out': 'Ada and Alan',
  start: 'Ada and Alan',
};

/** What the user does then. Gives back the errors they are told of, throws the one they run into. */
export const PLAY: Readonly<Record<Moment, (scene: Scene) => Promise<readonly unknown[]>>> = {
  'log-in': async ({ accounts, baseUrl, apiKey }) => {
    await accounts.login({ baseUrl, apiVersion: '4.0' }, apiKey);
    return [];
  },
  sudo: async ({ accounts, baseUrl }) => {
    const admin = accounts.peek(adaIn(baseUrl))?.account;
    assert.ok(admin);
    await accounts.loginAs(admin, '3');
    return [];
  },
  renewal: ({ accounts, baseUrl }) => renew(accounts, adaIn(baseUrl)),
  'sudo renewal': ({ accounts, baseUrl }) => renew(accounts, alanIn(baseUrl)),
  'log-out': async ({ accounts, baseUrl }) => {
    const unrevoked = await accounts.logout([adaIn(baseUrl)]);
    return unrevoked.map(({ error }) => error);
  },
  start: async ({ accounts, baseUrl }) => {
    accounts.renewDue();
    await Promise.all([accounts.session(adaIn(baseUrl)), accounts.session(alanIn(baseUrl))]);
    return [];
  },
};

/** Ids of the accounts on that instance. */
const adaIn = (baseUrl: string) => `${baseUrl}#1`;
const alanIn = (baseUrl: string) => `${baseUrl}#1>3`;

/** A renewal that fails is shown in the status bar too, and the account goes on with the token it has. */
async function renew(accounts: Accounts, id: string): Promise<readonly unknown[]> {
  const old = accounts.peek(id)?.token.value;
  try {
    await accounts.renew(id);
    return [];
  } catch (error) {
    const status = accounts.all().find(({ account }) => account.id === id);
    assert.equal(status?.failure, error, 'the failure is not shown');
    assert.equal((await accounts.session(id)).token.value, old, 'the old token is of no use');
    throw error;
  }
}
