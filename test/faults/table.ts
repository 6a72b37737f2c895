import {
  ApiKeyRefusedError,
  LookerError,
  NotLookerApiError,
  RateLimitedError,
  RedirectedError,
  RefusedError,
  ReplyTooLargeError,
  ServerError,
  SudoRefusedError,
  TimeoutError,
  TokenRejectedError,
  UnexpectedReplyError,
  UnknownUserError,
  UnreachableError,
  UntrustedCertificateError,
} from '../../src/looker/errors';
import type { Kept } from './kept';
import type { Moment } from './moments';
import * as strikes from './strikes';
import { answering, busy, having, type Strike } from './strikes';

/** The error the user is told of, and where that is not all, what its sentence says. */
export type Sees = 'no error' | ErrorClass | readonly [ErrorClass, RegExp];

export type ErrorClass = typeof LookerError | (new (...facts: never[]) => LookerError);

export type Cell = readonly [sees: Sees, kept: Kept];

/** One fault, and what comes of it at each moment at which it makes sense. */
export interface Row {
  readonly fault: string;
  readonly strike: Strike;
  readonly cells: Readonly<Partial<Record<Moment, Cell>>>;
  /** The fault is that nothing comes: the time-out has to end it. */
  readonly isSilent?: boolean;
  /** Looker asks for this much patience and gets it, and is then asked once more. */
  readonly waitsMs?: number;
}

/** Accounts and good tokens are there at once, whatever the network does: nobody is asked. */
const START = { start: ['no error', 'as before'] } as const;

/** All goes on as if nothing had happened. */
const SMOOTH = {
  ...START,
  'log-in': ['no error', 'new account'],
  sudo: ['no error', 'new account'],
  renewal: ['no error', 'new token'],
  'sudo renewal': ['no error', 'new token'],
  'log-out': ['no error', 'gone, ended'],
} as const satisfies Row['cells'];

/** A fault that says nothing about who is logged in: nothing new is kept, and nothing is lost but by log-out. */
function passing(sees: Sees): Required<Row['cells']> {
  return {
    ...START,
    'log-in': [sees, 'nothing'],
    sudo: [sees, 'as before'],
    renewal: [sees, 'as before'],
    'sudo renewal': [sees, 'as before'],
    'log-out': [sees, 'gone, alive there'],
  };
}

/** Looker's own refusals: an API key, a sudo and a token are each refused in their own words. */
function refusing(sudo: Sees, logout: Cell): Row['cells'] {
  return {
    ...passing(ApiKeyRefusedError),
    sudo: [sudo, 'as before'],
    'sudo renewal': [sudo, 'as before'],
    'log-out': logout,
  };
}

/** A token is there already, and is not kept. */
function unknownUser(sees: Sees): Row['cells'] {
  return { 'log-in': [sees, 'nothing'], sudo: [sees, 'as before'] };
}

/** The second step of a log-in, and of sudo. */
const WHOSE = { path: '/user' };

const JSON_TYPE = { 'Content-Type': 'application/json' };
const LARGE = 100 * 1024 * 1024;
const httpDate = (fromNow: number) => new Date(Date.now() + fromNow).toUTCString();

/** The table: what the user sees and what is kept, for each fault at each moment. */
export const FAULTS: readonly Row[] = [
  // Below HTTP
  {
    fault: 'DNS failure',
    strike: strikes.unknownHost,
    cells: passing([UnreachableError, /no such host is known|could not be looked up/]),
  },
  {
    fault: 'connection refused',
    strike: strikes.refused,
    cells: passing([UnreachableError, /the connection was refused/]),
  },
  {
    fault: 'connection reset',
    strike: answering({ is: 'reset' }),
    cells: passing([UnreachableError, /the connection broke off/]),
  },
  {
    fault: 'reset in mid-body',
    strike: answering({ is: 'reset', afterHeaders: true }),
    cells: passing([UnreachableError, /the connection broke off/]),
  },
  {
    fault: 'half-open connection',
    strike: answering({ is: 'halfOpen' }),
    isSilent: true,
    cells: passing(TimeoutError),
  },
  {
    fault: 'silence in mid-body',
    strike: answering({ is: 'halfOpen', afterHeaders: true }),
    isSilent: true,
    cells: passing(TimeoutError),
  },
  {
    fault: 'slow beyond the time-out',
    strike: answering({ is: 'slow', ms: 1000 }),
    isSilent: true,
    cells: passing(TimeoutError),
  },
  {
    fault: 'silence in the TLS handshake',
    strike: strikes.silentHandshake,
    isSilent: true,
    cells: passing(TimeoutError),
  },
  {
    fault: 'http where https is expected',
    strike: strikes.noTlsThere,
    cells: passing([UnreachableError, /it does not speak https there/]),
  },
  {
    fault: 'TLS certificate expired',
    strike: strikes.expiredCertificate,
    cells: passing([UntrustedCertificateError, /CERT_HAS_EXPIRED/]),
  },
  {
    fault: 'TLS certificate of another host',
    strike: strikes.othersCertificate,
    cells: passing([UntrustedCertificateError, /ERR_TLS_CERT_ALTNAME_INVALID/]),
  },
  {
    fault: 'TLS certificate of an unknown CA',
    strike: strikes.unknownCertificate,
    cells: passing(UntrustedCertificateError),
  },

  // Somebody in between
  {
    fault: "a proxy's 407 page",
    strike: answering({ is: 'html', status: 407 }),
    cells: passing([LookerError, /proxy/i]),
  },
  {
    fault: "a proxy's 407 in JSON",
    strike: answering({ is: 'json', status: 407, body: { error: 'Sign in to the proxy' } }),
    cells: passing([LookerError, /proxy/i]),
  },
  {
    fault: "a firewall's 403 page",
    strike: answering({ is: 'html', status: 403 }),
    cells: passing(NotLookerApiError),
  },
  {
    fault: 'redirect to another host',
    strike: strikes.redirectedAway,
    cells: passing([
      RedirectedError,
      /redirects to http:\/\/localhost:\d+\. Credentials are not sent there/,
    ]),
  },
  {
    fault: 'redirect to itself',
    strike: strikes.redirectedInCircles,
    cells: passing([RedirectedError, /asks for a sign-in in the browser/]),
  },
  {
    fault: '200 HTML sign-in page (single sign-on)',
    strike: answering({ is: 'html', status: 200 }),
    cells: passing(NotLookerApiError),
  },
  {
    fault: '404 HTML',
    strike: answering({ is: 'html', status: 404 }),
    cells: passing(NotLookerApiError),
  },
  {
    fault: '404 JSON null',
    strike: answering({ is: 'json', status: 404, body: null }),
    cells: passing(NotLookerApiError),
  },
  {
    fault: '502 HTML page',
    strike: answering({ is: 'html', status: 502 }),
    cells: passing(ServerError),
  },

  // Too much, or not what was asked for
  {
    fault: '100 MB body',
    strike: answering({ is: 'huge', bytes: LARGE }),
    cells: passing(ReplyTooLargeError),
  },
  {
    fault: 'gzip bomb of 100 MB',
    strike: answering({ is: 'gzipBomb', bytes: LARGE }),
    cells: passing(ReplyTooLargeError),
  },
  {
    fault: 'broken gzip',
    strike: answering({
      is: 'text',
      status: 200,
      body: Buffer.from('this is no gzip'),
      headers: { ...JSON_TYPE, 'Content-Encoding': 'gzip' },
    }),
    cells: passing([LookerError, /damaged/]),
  },
  {
    fault: 'thousands of headers',
    strike: answering({ is: 'headers', count: 3000 }),
    cells: passing([LookerError, /too many headers/]),
  },
  {
    fault: 'wrong charset (UTF-16 JSON)',
    strike: answering({
      is: 'text',
      status: 200,
      body: Buffer.from('{"access_token":"wide","expires_in":3600}', 'utf16le'),
      headers: { 'Content-Type': 'application/json; charset=utf-16' },
    }),
    cells: passing(NotLookerApiError),
  },
  {
    fault: 'invalid JSON',
    strike: answering({ is: 'text', status: 200, body: '{"access_token":', headers: JSON_TYPE }),
    cells: passing(NotLookerApiError),
  },
  {
    fault: 'JSON of the wrong shape',
    strike: answering({ is: 'json', status: 200, body: { access_token: 42, id: {} } }),
    cells: {
      ...passing([UnexpectedReplyError, /access_token is missing or not what it should be/]),
      'log-out': [LookerError, 'gone, alive there'],
    },
  },
  {
    fault: 'JSON null',
    strike: answering({ is: 'json', status: 200, body: null }),
    cells: {
      ...passing(UnexpectedReplyError),
      'log-out': [LookerError, 'gone, alive there'],
    },
  },
  {
    fault: 'empty body',
    strike: answering({ is: 'text', status: 200, body: '' }),
    // Even a log-out is not answered so: that has no body and says so (204).
    cells: passing(NotLookerApiError),
  },

  // Looker is busy
  {
    fault: '429, Retry-After short',
    strike: busy(429, '1', 1),
    waitsMs: 1000,
    cells: SMOOTH,
  },
  {
    fault: '429, Retry-After long',
    strike: busy(429, '3600'),
    cells: passing([RateLimitedError, /Try again in 3600 seconds/]),
  },
  {
    fault: '429, Retry-After a date',
    strike: (looker) => busy(429, httpDate(7_200_000))(looker),
    cells: passing([RateLimitedError, /Try again in 7[12]\d\d seconds/]),
  },
  {
    fault: '429, Retry-After 10 years',
    strike: busy(429, '315360000'),
    cells: passing([RateLimitedError, /Try again later/]),
  },
  {
    fault: '429, Retry-After negative',
    strike: busy(429, '-5'),
    cells: passing([RateLimitedError, /Try again later/]),
  },
  {
    fault: '429, Retry-After nonsense',
    strike: busy(429, 'when it rains'),
    cells: passing([RateLimitedError, /Try again later/]),
  },
  {
    fault: '429, no Retry-After',
    strike: busy(429, undefined),
    cells: passing([RateLimitedError, /Try again later/]),
  },
  {
    fault: '503, Retry-After short',
    strike: busy(503, '1', 1),
    waitsMs: 1000,
    cells: SMOOTH,
  },
  {
    fault: '503, Retry-After long',
    strike: busy(503, '3600'),
    cells: passing(RateLimitedError),
  },
  { fault: '503, no Retry-After', strike: busy(503, undefined), cells: passing(ServerError) },

  // Looker says no
  {
    fault: '500 JSON',
    strike: answering({ is: 'json', status: 500, body: { message: 'An error has occurred.' } }),
    cells: passing(ServerError),
  },
  {
    fault: '400 JSON',
    strike: answering({ is: 'json', status: 400, body: { message: 'Bad request' } }),
    cells: refusing(UnknownUserError, [RefusedError, 'gone, alive there']),
  },
  {
    fault: '401 JSON',
    strike: answering({ is: 'json', status: 401, body: { message: 'Requires authentication.' } }),
    // Sudo asks for a new token of the admin, which is refused to their API key.
    cells: refusing(ApiKeyRefusedError, ['no error', 'gone']),
  },
  {
    fault: '403 JSON',
    strike: answering({ is: 'json', status: 403, body: { message: 'Forbidden' } }),
    cells: refusing(SudoRefusedError, [RefusedError, 'gone, alive there']),
  },
  {
    fault: '404 JSON',
    strike: answering({ is: 'json', status: 404, body: { message: 'Not found' } }),
    cells: refusing(UnknownUserError, ['no error', 'gone']),
  },

  // Looker hands out a token and will not say whose it is: the token is ended again
  {
    fault: 'GET /user: reset',
    strike: answering({ is: 'reset' }, WHOSE),
    cells: unknownUser(UnreachableError),
  },
  {
    fault: 'GET /user: silence',
    strike: answering({ is: 'halfOpen' }, WHOSE),
    isSilent: true,
    cells: unknownUser(TimeoutError),
  },
  {
    fault: 'GET /user: 502 HTML page',
    strike: answering({ is: 'html', status: 502 }, WHOSE),
    cells: unknownUser(ServerError),
  },
  {
    fault: 'GET /user: JSON null',
    strike: answering({ is: 'json', status: 200, body: null }, WHOSE),
    cells: unknownUser(UnexpectedReplyError),
  },
  {
    fault: 'GET /user: 401 JSON',
    strike: answering({ is: 'json', status: 401, body: {} }, WHOSE),
    cells: unknownUser(TokenRejectedError),
  },
  {
    fault: 'GET /user: 403 JSON',
    strike: answering({ is: 'json', status: 403, body: {} }, WHOSE),
    cells: unknownUser(RefusedError),
  },

  // Somebody changed something at Looker
  {
    fault: 'API key revoked',
    strike: having((looker) => {
      looker.revokeApiKey(looker.apiKeyOf('Ada').clientId);
    }),
    cells: {
      ...SMOOTH,
      'log-in': [ApiKeyRefusedError, 'nothing'],
      renewal: [ApiKeyRefusedError, 'as before'],
    },
  },
  {
    fault: 'user disabled',
    strike: having((looker) => {
      looker.disable('Ada');
    }),
    cells: {
      ...passing(ApiKeyRefusedError),
      'log-out': ['no error', 'gone, ended'],
    },
  },
  {
    fault: 'admin demoted',
    strike: having((looker) => {
      looker.setRoles('Ada', ['developer']);
    }),
    cells: {
      ...SMOOTH,
      sudo: [SudoRefusedError, 'as before'],
      'sudo renewal': [SudoRefusedError, 'as before'],
    },
  },
  {
    fault: 'sudo target deleted',
    strike: having((looker) => {
      looker.removePerson('Alan');
    }),
    cells: {
      ...SMOOTH,
      sudo: [UnknownUserError, 'as before'],
      'sudo renewal': [UnknownUserError, 'as before'],
    },
  },
  {
    fault: 'tokens revoked before their time',
    strike: having((looker) => {
      looker.revokeTokens();
    }),
    cells: SMOOTH,
  },
];
