import { LoginNeededError } from '../../src/accounts/errors';
import { ApiKeyRefusedError } from '../../src/looker/errors/refusal';
import type { Kept } from './kept';
import type { Moment } from './moments';

/** The error the user is told of, exactly, and where that is not all, what its sentence says. */
export type Sees = 'no error' | ErrorClass | readonly [ErrorClass, RegExp];

export type ErrorClass = new (...facts: never[]) => Error;

/**
 * What comes of a fault. Where a moment has steps, how many requests are made in each; and whether the
 * account is still renewed in the background afterward.
 */
export type Cell = readonly [
  sees: Sees,
  kept: Kept,
  asks?: readonly number[],
  renewal?: 'goes on' | 'stops',
];

export type Cells = Readonly<Partial<Record<Moment, Cell>>>;

/** Accounts and good tokens are there at once, whatever the network does: nobody is asked. */
const START = { start: ['no error', 'as before', [0]] } as const satisfies Cells;

/** All goes on as if nothing had happened. */
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

/** The same, but that the first request is made twice. */
export const SMOOTH_AT_LAST = {
  ...SMOOTH,
  'background renewal': ['no error', 'new token', [2, 1, 0], 'goes on'],
  'background sudo renewal': ['no error', 'new token', [3, 2, 0], 'goes on'],
  'start, tokens due': ['no error', 'new token', [2], 'goes on'],
  'start, tokens expired': ['no error', 'new token', [2, 0, 0], 'goes on'],
} as const satisfies Cells;

/**
 * A fault that says nothing about who is logged in: nothing new is kept, and nothing is lost but by
 * logout. It is tried again, and of a sudo account first the admin's own renewal.
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

/** A session in Development Mode is not to be had. All else is as ever, and no token is left over. */
export function noDevMode(sees: Sees): Cells {
  return {
    'development mode': [sees, 'as before'],
    'development renewal': [sees, 'as before'],
  };
}

/** Looker asks to be left alone, and for a minute at least it is, by those too who use the account. */
export function leftAlone(sees: Sees): Cells {
  return {
    ...passing(sees),
    'background renewal': [sees, 'as before', [1, 1, 0], 'goes on'],
    'background sudo renewal': [sees, 'as before', [2, 1, 0], 'goes on'],
    'start, tokens expired': [sees, 'as before', [1, 0, 0], 'goes on'],
  };
}

/**
 * Somebody else answers where Looker was: nobody tries again but who uses the account, and all goes on
 * once that works again.
 */
export function somebodyElse(sees: Sees): Cells {
  return {
    ...passing(sees),
    'background renewal': [sees, 'as before', [1, 0, 1], 'stops'],
    'background sudo renewal': [sees, 'as before', [2, 0, 1], 'stops'],
    'start, tokens due': [sees, 'as before', [1], 'stops'],
    // The renewal by hand revokes the token it replaces.
    'once it is over': ['no error', 'new token', [1, 2, 1], 'goes on'],
    'start, tokens expired': [sees, 'as before', [1, 0, 1], 'stops'],
  };
}

/** What is refused is not asked for again. */
export const NO_KEY = {
  login: [ApiKeyRefusedError, 'nothing'],
  'first login': [ApiKeyRefusedError, 'nothing'],
  renewal: [ApiKeyRefusedError, 'as before'],
  'background renewal': [ApiKeyRefusedError, 'as before', [1, 0, 0], 'stops'],
  'start, tokens due': [ApiKeyRefusedError, 'as before', [1], 'stops'],
  'start, tokens expired': [ApiKeyRefusedError, 'as before', [1, 0, 0], 'stops'],
  ...noDevMode(ApiKeyRefusedError),
} as const satisfies Cells;

/** The admin's own account is as ever; one renewal of theirs an hour. */
export function noSudo(sees: Sees): Cells {
  return {
    ...SMOOTH,
    sudo: [sees, 'as before'],
    'sudo renewal': [sees, 'as before'],
    'background sudo renewal': [sees, 'new token', [2, 1, 0], 'stops'],
  };
}

/** Looker's own refusals: an API key, a sudo and a token are each refused in their own words. */
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

/** A token is there already, and is not kept. */
export function unknownUser(sees: Sees): Cells {
  return {
    login: [sees, 'nothing'],
    'first login': [sees, 'nothing'],
    sudo: [sees, 'as before'],
  };
}

/** Only the first login asks which API versions there are. */
export function versions(sees: Sees): Cells {
  return { 'first login': sees === 'no error' ? SMOOTH.login : [sees, 'nothing'] };
}

/** There is no API key to renew with; only the time is asked, once, before a token is said to end. */
export const TOKEN_ONLY = {
  ...without(without(SMOOTH, 'background sudo renewal'), 'development renewal'),
  'development mode': [LoginNeededError, 'as before'],
  renewal: [[LoginNeededError, /the API key wasn't saved/], 'as before'],
  'background renewal': [LoginNeededError, 'as before', [1, 0, 0], 'stops'],
  'start, tokens due': ['no error', 'as before', [1], 'stops'],
  'start, tokens expired': [LoginNeededError, 'as before', [1, 0, 0], 'stops'],
} as const satisfies Cells;

/** There is no time in which tokens are due and still good. They expire whenever they are not looked at. */
export const SHORT_LIFE = {
  ...without(SMOOTH, 'start, tokens due'),
  'background renewal': ['no error', 'new token', [1, 1, 1], 'goes on'],
  'background sudo renewal': ['no error', 'new token', [2, 2, 2], 'goes on'],
  'start, tokens expired': ['no error', 'new token', [1, 1, 1], 'goes on'],
} as const satisfies Cells;

export function without(cells: Cells, moment: Moment): Cells {
  return Object.fromEntries(Object.entries(cells).filter(([name]) => name !== moment));
}
