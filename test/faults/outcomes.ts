import { LoginNeededError } from '../../src/accounts/errors';
import { ApiKeyRefusedError } from '../../src/looker/errors/refusal';
import type { Kept } from './kept';
import type { Moment } from './moments';

/** The exact class of the error shown to the user and, if that isn't enough, a part of its sentence. */
export type Sees = 'no error' | ErrorClass | readonly [ErrorClass, RegExp];

export type ErrorClass = new (...facts: never[]) => Error;

/**
 * The result of a fault. If a moment has steps: the number of requests in each, and whether the account is still
 * renewed in the background afterwards.
 */
export type Cell = readonly [
  sees: Sees,
  kept: Kept,
  asks?: readonly number[],
  renewal?: 'goes on' | 'stops',
];

export type Cells = Readonly<Partial<Record<Moment, Cell>>>;

/** Accounts and valid tokens are available at once, whatever the network does: no request is sent. */
const START = { start: ['no error', 'as before', [0]] } as const satisfies Cells;

/** Everything works as if nothing had happened. */
export const SMOOTH = {
  ...START,
  login: ['no error', 'new account'],
  'first login': ['no error', 'new account'],
  sudo: ['no error', 'new account'],
  renewal: ['no error', 'new token'],
  'sudo renewal': ['no error', 'new token'],
  logout: ['no error', 'gone, ended'],
  'background renewal': ['no error', 'new token', [1, 1, 0], 'goes on'],
  'background sudo renewal': ['no error', 'new token', [2, 2, 0], 'goes on'],
  'start, tokens due': ['no error', 'new token', [1], 'goes on'],
  'start, tokens expired': ['no error', 'new token', [1, 0, 0], 'goes on'],
  'development mode': ['no error', 'new dev token'],
  'development renewal': ['no error', 'new dev token'],
} as const satisfies Cells;

/** The same, but the first request is sent twice. */
export const SMOOTH_AT_LAST = {
  ...SMOOTH,
  'background renewal': ['no error', 'new token', [2, 1, 0], 'goes on'],
  'background sudo renewal': ['no error', 'new token', [3, 2, 0], 'goes on'],
  'start, tokens due': ['no error', 'new token', [2], 'goes on'],
  'start, tokens expired': ['no error', 'new token', [2, 0, 0], 'goes on'],
} as const satisfies Cells;

/**
 * A fault that says nothing about who is logged in: nothing new is saved, and only a logout removes anything. It is
 * retried; for a sudo account, the admin's own renewal comes first.
 */
export function passing(sees: Sees): Cells {
  return {
    ...START,
    login: [sees, 'nothing'],
    'first login': [sees, 'nothing'],
    sudo: [sees, 'as before'],
    renewal: [sees, 'as before'],
    'sudo renewal': [sees, 'as before'],
    logout: [sees, 'gone, alive there'],
    'background renewal': [sees, 'as before', [1, 1, 1], 'goes on'],
    'background sudo renewal': [sees, 'as before', [2, 1, 1], 'goes on'],
    'start, tokens due': [sees, 'as before', [1], 'goes on'],
    'start, tokens expired': [sees, 'as before', [1, 0, 1], 'goes on'],
    ...noDevMode(sees),
  };
}

/** No session in Development Mode is available. Everything else works, and no token is left over. */
export function noDevMode(sees: Sees): Cells {
  return {
    'development mode': [sees, 'as before'],
    'development renewal': [sees, 'as before'],
  };
}

/** Looker asks to be left alone, and gets no requests for at least a minute, even when the account is used. */
export function leftAlone(sees: Sees): Cells {
  return {
    ...passing(sees),
    'background renewal': [sees, 'as before', [1, 1, 0], 'goes on'],
    'background sudo renewal': [sees, 'as before', [2, 1, 0], 'goes on'],
    'start, tokens expired': [sees, 'as before', [1, 0, 0], 'goes on'],
  };
}

/**
 * Another server responds in Looker's place: only using the account retries, and everything continues once Looker
 * responds again.
 */
export function somebodyElse(sees: Sees): Cells {
  return {
    ...passing(sees),
    'background renewal': [sees, 'as before', [1, 0, 1], 'stops'],
    'background sudo renewal': [sees, 'as before', [2, 0, 1], 'stops'],
    'start, tokens due': [sees, 'as before', [1], 'stops'],
    // Renewing by hand revokes the replaced token.
    'once it is over': ['no error', 'new token', [1, 2, 1], 'goes on'],
    'start, tokens expired': [sees, 'as before', [1, 0, 1], 'stops'],
  };
}

/** A refused request isn't sent again. */
export const NO_KEY = {
  login: [ApiKeyRefusedError, 'nothing'],
  'first login': [ApiKeyRefusedError, 'nothing'],
  renewal: [ApiKeyRefusedError, 'as before'],
  'background renewal': [ApiKeyRefusedError, 'as before', [1, 0, 0], 'stops'],
  'start, tokens due': [ApiKeyRefusedError, 'as before', [1], 'stops'],
  'start, tokens expired': [ApiKeyRefusedError, 'as before', [1, 0, 0], 'stops'],
  ...noDevMode(ApiKeyRefusedError),
} as const satisfies Cells;

/** The admin's own account isn't affected, and is renewed once an hour. */
export function noSudo(sees: Sees): Cells {
  return {
    ...SMOOTH,
    sudo: [sees, 'as before'],
    'sudo renewal': [sees, 'as before'],
    'background sudo renewal': [sees, 'new token', [2, 1, 0], 'stops'],
  };
}

/** Refusals by Looker itself: of an API key, of sudo and of a token, each with its own error. */
export function refusing(sudo: Sees, logout: Cell): Cells {
  return {
    ...START,
    ...NO_KEY,
    sudo: [sudo, 'as before'],
    'sudo renewal': [sudo, 'as before'],
    'background sudo renewal': [sudo, 'as before', [2, 0, 0], 'stops'],
    logout: logout,
  };
}

/** A token was issued and isn't used. */
export function unknownUser(sees: Sees): Cells {
  return {
    login: [sees, 'nothing'],
    'first login': [sees, 'nothing'],
    sudo: [sees, 'as before'],
  };
}

/** Only the first login requests the API versions. */
export function versions(sees: Sees): Cells {
  return { 'first login': sees === 'no error' ? SMOOTH.login : [sees, 'nothing'] };
}

/** There is no API key to renew with; only the server's time is requested, once, before a token is shown as expired. */
export const TOKEN_ONLY = {
  ...without(without(SMOOTH, 'background sudo renewal'), 'development renewal'),
  'development mode': [LoginNeededError, 'as before'],
  renewal: [[LoginNeededError, /the API key wasn't saved/], 'as before'],
  'background renewal': [LoginNeededError, 'as before', [1, 0, 0], 'stops'],
  'start, tokens due': ['no error', 'as before', [1], 'stops'],
  'start, tokens expired': [LoginNeededError, 'as before', [1, 0, 0], 'stops'],
} as const satisfies Cells;

/** Tokens are never due while still valid: each has expired by the next check. */
export const SHORT_LIFE = {
  ...without(SMOOTH, 'start, tokens due'),
  'background renewal': ['no error', 'new token', [1, 1, 1], 'goes on'],
  'background sudo renewal': ['no error', 'new token', [2, 2, 2], 'goes on'],
  'start, tokens expired': ['no error', 'new token', [1, 1, 1], 'goes on'],
} as const satisfies Cells;

export function without(cells: Cells, moment: Moment): Cells {
  return Object.fromEntries(Object.entries(cells).filter(([name]) => name !== moment));
}
