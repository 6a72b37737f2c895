import { LoginNeededError } from '../../src/accounts/errors';
import { certificateOf } from '../../src/looker/tls/certificate';
import { CanceledError } from '../../src/looker/errors/expectedError';
import { ProxyError, TimeoutError, UnreachableError } from '../../src/looker/errors/network';
import {
  ApiElsewhereError,
  InterceptedError,
  NotLookerApiError,
  RedirectedError,
} from '../../src/looker/errors/notLooker';
import { CaFileError } from '../../src/looker/errors/protection';
import {
  ApiKeyRefusedError,
  DevModeRefusedError,
  RefusedError,
  SudoMismatchError,
  SudoRefusedError,
  TokenRejectedError,
  UnknownUserError,
} from '../../src/looker/errors/refusal';
import {
  RateLimitedError,
  ResponseTooLargeError,
  ServerError,
  UnexpectedResponseError,
} from '../../src/looker/errors/response';
import { ChangedCertificateError, UntrustedCertificateError } from '../../src/looker/errors/tls';
import {
  leftAlone,
  NO_KEY,
  noDevMode,
  noSudo,
  passing,
  refusing,
  SHORT_LIFE,
  SMOOTH,
  SMOOTH_AT_LAST,
  somebodyElse,
  TOKEN_ONLY,
  unknownUser,
  versions,
  without,
  type Cells,
} from './outcomes';
import * as faults from './injectFault';
import { answering, busy, having, redirectedAway, type InjectFault } from './injectFault';
import { certificate } from './servers';
import { UNVERIFIED, type Unverified } from './unverified';
import type { Given } from './harness';

/** One fault, and its result at each moment where it can happen. */
export interface Row {
  readonly fault: string;
  readonly injectFault: InjectFault;
  readonly cells: Cells;
  /** What is different from the usual situation before the fault. */
  readonly given?: Partial<Given>;
  /** It affects one user, and no others on the same instance. Otherwise it affects no other instance. */
  readonly isPersonal?: boolean;
  /** How verification is turned off for the rest of the process, if at all. */
  readonly unverified?: Unverified;
  /** The fault is that there is no response, so the timeout has to end it. */
  readonly isSilent?: boolean;
  /** Looker asks to wait this long, and is asked once more after that. */
  readonly waitsMs?: number;
}

/** The second step of a login, and of sudo. */
const WHOSE = { path: '/user' };
/** The last step of sudo. */
const WHO_ACTS = { path: '/session' };
/** The second step of a session in Development Mode. */
const ENTER_DEV_MODE = { path: '/session', method: 'PATCH' };
/** The very first step, if the API version isn't known. */
const VERSIONS = { path: '/versions' };

const JSON_TYPE = { 'Content-Type': 'application/json' };
const HTML_TYPE = { 'Content-Type': 'text/html' };
const LARGE = 100 * 1024 * 1024;
const HOUR = 60 * 60 * 1000;
const YEAR = 365 * 24 * HOUR;

/** Responses that take too long. */
const ENDLESS = [
  ['10 years', '315360000'],
  ['a date in 10 years', { afterMs: 10 * YEAR }],
  ['beyond all numbers', '9'.repeat(400)],
] as const;

/** Responses that make no sense. */
const SENSELESS = [
  ['negative', '-5'],
  ['nonsense', 'when it rains'],
  ['in no calendar', 'Mon, 99 Foo 2026 99:99:99 GMT'],
] as const;

/** What bot protection adds to each response that passes it, and its own pages if there is no response. */
const BEHIND_BOT_PROTECTION: readonly (readonly [
  product: string,
  body: string,
  headers?: Readonly<Record<string, string>>,
])[] = [
  ['Imperva', '<h1>Bad Gateway</h1>', { 'X-Iinfo': '8-123', 'X-CDN': 'Imperva' }],
  [
    'Imperva, in its own words',
    '<iframe src="/_Incapsula_Resource?incident=1">Request unsuccessful. Incapsula incident ID: 8-1</iframe>',
    { 'X-Iinfo': '8-123' },
  ],
  ['DataDome', '<h1>Bad Gateway</h1>', { 'X-DataDome': 'protected' }],
  ['Akamai', '<h1>Error</h1>Reference #97.1 https://errors.edgesuite.net/97.1'],
  ['Cloudflare', '<h1>Bad Gateway</h1><script src="/cdn-cgi/challenge-platform/main.js"></script>'],
];

/** Development Mode requests a token like the other moments; fewer simultaneous cells can unpack this much in time. */
const withoutDevMode = (cells: Cells) =>
  without(without(cells, 'development mode'), 'development renewal');

const nothing: InjectFault = () => ({});
const revokeKey = having((looker) => {
  looker.revokeApiKey(looker.apiKeyOf('Ada').clientId);
});
const revokeTokens = having((looker) => {
  looker.revokeTokens();
});
/** The instance names another host for its API. @param hasApi whether it has the API itself as well */
const splitPorts = (hasApi: boolean) =>
  having((looker) => {
    const api_server_url = 'https://api.acme.example:19999';
    const body = { supported_versions: [{ version: '4.0' }], api_server_url };
    looker.fault({ ...VERSIONS, kind: { is: 'json', status: 200, body } });
    if (!hasApi) looker.fault({ path: /^\/api\//, kind: { is: 'html', status: 404 } });
  });
const demote = having((looker) => {
  looker.setRoles('Ada', ['developer']);
});

/** A server that can't prove to be the instance is treated as another server, and stays one in these tests. */
const strangersCertificate = (sees: Parameters<typeof somebodyElse>[0]) =>
  without(somebodyElse(sees), 'once it is over');

/** A server with such a certificate gets no request, whatever the rest of the process does. */
const UNTRUSTED: readonly Row[] = [
  {
    fault: 'TLS certificate expired',
    injectFault: faults.expiredCertificate,
    cells: strangersCertificate([UntrustedCertificateError, /certificate of .* has expired/]),
  },
  {
    fault: 'TLS certificate of another host',
    injectFault: faults.othersCertificate,
    cells: strangersCertificate([
      UntrustedCertificateError,
      /certificate of .* is for another host/,
    ]),
  },
  {
    fault: 'TLS certificate of an unknown CA',
    injectFault: faults.unknownCertificate,
    cells: strangersCertificate(UntrustedCertificateError),
  },
  {
    fault: 'TLS certificate that the CA file has not signed',
    injectFault: faults.anotherCaFile,
    cells: strangersCertificate(UntrustedCertificateError),
  },
  {
    fault: 'TLS certificate that is not the trusted one',
    injectFault: faults.changedCertificate,
    cells: strangersCertificate([
      ChangedCertificateError,
      /certificate of .* changed, so nothing was sent/,
    ]),
  },
];

/** What can verify an instance: the system, a CA file, or exactly its certificate. */
const TRUSTS = {
  'the system': undefined,
  'a CA file': async () => faults.inCaFile(await certificate()),
  'a certificate': async () => ({ certificate: certificateOf((await certificate()).cert) }),
};

/** What the user sees and what is left, for each fault at each moment. */
export const FAULTS: readonly Row[] = [
  // Below HTTP
  {
    fault: 'DNS failure',
    injectFault: faults.unknownHost,
    cells: passing([UnreachableError, /host not found|DNS lookup failed/]),
  },
  {
    fault: 'connection refused',
    injectFault: faults.refused,
    cells: passing([UnreachableError, /connection refused/]),
  },
  {
    fault: 'connection reset',
    injectFault: answering({ is: 'reset' }),
    cells: passing([UnreachableError, /connection closed/]),
  },
  {
    fault: 'reset in mid-body',
    injectFault: answering({ is: 'reset', afterHeaders: true }),
    cells: passing([UnreachableError, /connection closed/]),
  },
  {
    fault: 'half-open connection',
    injectFault: answering({ is: 'halfOpen' }),
    isSilent: true,
    cells: passing(TimeoutError),
  },
  {
    fault: 'silence in mid-body',
    injectFault: answering({ is: 'halfOpen', afterHeaders: true }),
    isSilent: true,
    cells: passing(TimeoutError),
  },
  {
    fault: 'slow beyond the time-out',
    injectFault: answering({ is: 'slow', ms: 1000 }),
    isSilent: true,
    cells: passing(TimeoutError),
  },
  {
    fault: 'black hole',
    injectFault: faults.blackHoled,
    isSilent: true,
    cells: passing(TimeoutError),
  },
  {
    fault: 'silence in the TLS handshake',
    injectFault: faults.silentHandshake,
    isSilent: true,
    cells: passing(TimeoutError),
  },
  {
    fault: 'http where https is expected',
    injectFault: faults.noTlsThere,
    cells: passing([UnreachableError, /doesn't use HTTPS/]),
  },
  ...[undefined, ...UNVERIFIED].flatMap((how) =>
    UNTRUSTED.map((row) =>
      how ? { ...row, fault: `${row.fault}: ${how}`, unverified: how } : row,
    ),
  ),
  {
    fault: 'CA file that is missing',
    injectFault: faults.missingCaFile,
    cells: passing([CaFileError, /The file .* doesn't exist/]),
  },

  // Servers in between
  {
    fault: "a proxy's 407 page",
    injectFault: answering({ is: 'html', status: 407 }),
    cells: passing(ProxyError),
  },
  {
    fault: "a proxy's 407 page that denies access",
    injectFault: answering({
      is: 'text',
      status: 407,
      body: '<title>Access Denied (authentication_required)</title>',
      headers: HTML_TYPE,
    }),
    cells: passing(ProxyError),
  },
  {
    fault: "a proxy's 407 in JSON",
    injectFault: answering({ is: 'json', status: 407, body: { error: 'Sign in to the proxy' } }),
    cells: passing(ProxyError),
  },
  ...Object.entries(TRUSTS).flatMap(([by, trust]) =>
    [403, 405, 407, 503].map((status) => ({
      fault: `a proxy that opens no tunnel (${status}), to an instance trusted by ${by}`,
      injectFault: faults.behindProxy(status, trust),
      cells: passing([ProxyError, /(^Couldn't reach the|^The) proxy for/]),
    })),
  ),
  {
    fault: "a firewall's 403 page",
    injectFault: answering({ is: 'html', status: 403 }),
    cells: somebodyElse([InterceptedError, /A firewall or gateway blocked the request to/]),
  },
  ...[400, 401, 403, 404].map((status) => ({
    fault: `a gateway's ${status} in JSON`,
    injectFault: answering({ is: 'json', status, body: { error: 'Blocked by corporate policy' } }),
    cells: somebodyElse([401, 403].includes(status) ? InterceptedError : NotLookerApiError),
  })),
  {
    fault: 'a gateway that wants a header of its own',
    injectFault: answering({ is: 'text', status: 401, body: 'Missing X-Gateway-Key' }),
    cells: somebodyElse([InterceptedError, /requires its own credentials/]),
  },
  ...[403, 503].map((status) => ({
    fault: `a bot challenge (${status})`,
    injectFault: answering({
      is: 'text',
      status,
      body: '<html>Just a moment...</html>',
      headers: { ...HTML_TYPE, 'CF-Mitigated': 'challenge', 'Retry-After': '1' },
    }),
    cells: somebodyElse([InterceptedError, /Bot protection blocked the request to/]),
  })),
  ...[undefined, '1'].map((retryAfter) => ({
    fault: `a firewall's 503 page${retryAfter === undefined ? '' : ', Retry-After short'}`,
    injectFault: answering({
      is: 'text',
      status: 503,
      body: '<html><head><title>Web Page Blocked</title></head></html>',
      headers: {
        ...HTML_TYPE,
        ...(retryAfter !== undefined && { 'Retry-After': retryAfter }),
      },
    }),
    cells: somebodyElse([InterceptedError, /A firewall or gateway blocked the request to/]),
  })),
  ...[301, 303, 307, 308].map((status) => ({
    fault: `redirect to another host (${status})`,
    injectFault: redirectedAway(status),
    cells: somebodyElse([
      RedirectedError,
      /redirects to http:\/\/localhost:\d+, .*sent nothing there/,
    ]),
  })),
  {
    fault: 'redirect to itself',
    injectFault: answering({ is: 'redirect', to: '?again', status: 307 }),
    cells: somebodyElse([RedirectedError, /redirects API requests to a login page/]),
  },
  {
    fault: 'single sign-on: to an identity provider',
    injectFault: redirectedAway(302),
    cells: somebodyElse([
      RedirectedError,
      /redirects to http:\/\/localhost:\d+, perhaps for single sign-on/,
    ]),
  },
  {
    fault: 'single sign-on: to its own /login',
    injectFault: answering({ is: 'redirect', to: '/login', status: 302 }),
    cells: somebodyElse([RedirectedError, /redirects API requests to a login page/]),
  },
  {
    fault: 'single sign-on: a password page (200)',
    injectFault: answering({ is: 'html', status: 200 }),
    cells: somebodyElse([InterceptedError, /shows a login page/]),
  },
  {
    fault: '404 HTML',
    injectFault: answering({ is: 'html', status: 404 }),
    cells: somebodyElse(NotLookerApiError),
  },
  {
    fault: '404 JSON null',
    injectFault: answering({ is: 'json', status: 404, body: null }),
    cells: somebodyElse(NotLookerApiError),
  },
  {
    fault: '502 HTML page',
    injectFault: answering({ is: 'html', status: 502 }),
    cells: passing(ServerError),
  },
  ...BEHIND_BOT_PROTECTION.flatMap(([product, body, headers]) =>
    [408, 502, 503].map((status) => ({
      fault: `${status} behind ${product}`,
      injectFault: answering({ is: 'text', status, body, headers: { ...HTML_TYPE, ...headers } }),
      cells: passing(ServerError),
    })),
  ),
  {
    fault: '429 behind Imperva',
    injectFault: answering({
      is: 'text',
      status: 429,
      body: '<h1>429 Too Many Requests</h1>',
      headers: { ...HTML_TYPE, 'X-Iinfo': '8-123' },
    }),
    cells: passing([RateLimitedError, /Try again later/]),
  },
  {
    fault: "a firewall's 429 page",
    injectFault: answering({
      is: 'text',
      status: 429,
      body: '<title>Request Rejected</title>',
      headers: HTML_TYPE,
    }),
    cells: passing([RateLimitedError, /Try again later/]),
  },
  {
    fault: '429 behind DataDome, Retry-After long',
    injectFault: answering({
      is: 'text',
      status: 429,
      body: '<h1>429 Too Many Requests</h1>',
      headers: { ...HTML_TYPE, 'X-DataDome': 'protected', 'Retry-After': '3600' },
    }),
    cells: leftAlone([RateLimitedError, /Try again in 60 minutes/]),
  },

  {
    fault: 'a cache with responses of an hour ago',
    injectFault: faults.staleDates,
    cells: SMOOTH,
  },

  // Too much data, or the wrong data
  {
    fault: '100 MB body',
    injectFault: answering({ is: 'huge', bytes: LARGE }),
    cells: withoutDevMode(passing(ResponseTooLargeError)),
  },
  {
    fault: 'gzip bomb of 100 MB',
    injectFault: answering({ is: 'gzipBomb', bytes: LARGE }),
    cells: withoutDevMode(passing(ResponseTooLargeError)),
  },
  {
    fault: 'broken gzip',
    injectFault: answering({
      is: 'text',
      status: 200,
      body: Buffer.from('this is no gzip'),
      headers: { ...JSON_TYPE, 'Content-Encoding': 'gzip' },
    }),
    cells: passing([UnreachableError, /damaged/]),
  },
  {
    fault: 'thousands of headers',
    injectFault: answering({ is: 'headers', count: 3000 }),
    cells: passing([UnreachableError, /too many headers/]),
  },
  {
    fault: 'wrong charset (UTF-16 JSON)',
    injectFault: answering({
      is: 'text',
      status: 200,
      body: Buffer.from('{"access_token":"wide","expires_in":3600}', 'utf16le'),
      headers: { 'Content-Type': 'application/json; charset=utf-16' },
    }),
    cells: somebodyElse(NotLookerApiError),
  },
  {
    fault: 'invalid JSON',
    injectFault: answering({
      is: 'text',
      status: 200,
      body: '{"access_token":',
      headers: JSON_TYPE,
    }),
    cells: somebodyElse(NotLookerApiError),
  },
  {
    fault: 'JSON of the wrong shape',
    injectFault: answering({ is: 'json', status: 200, body: { access_token: 42, id: {} } }),
    cells: {
      ...passing([UnexpectedResponseError, /unexpected response \(no valid access_token\)/]),
      logout: [NotLookerApiError, 'gone, alive there'],
    },
  },
  {
    fault: 'JSON null',
    injectFault: answering({ is: 'json', status: 200, body: null }),
    cells: {
      ...passing(UnexpectedResponseError),
      logout: [NotLookerApiError, 'gone, alive there'],
    },
  },
  {
    fault: 'empty body',
    injectFault: answering({ is: 'text', status: 200, body: '' }),
    // Looker responds to a logout with an empty 204; with any other response, nothing was revoked.
    cells: somebodyElse(NotLookerApiError),
  },

  // Looker is rate-limiting requests
  ...([429, 503] as const).flatMap((status): readonly Row[] => [
    {
      fault: `${status}, Retry-After short`,
      injectFault: busy(status, '1', 1),
      waitsMs: 1000,
      cells: SMOOTH_AT_LAST,
    },
    {
      fault: `${status}, Retry-After a date soon, by a clock hours off`,
      injectFault: busy(status, { afterMs: 1000 }, 1),
      given: { clockAheadMs: -5 * HOUR },
      waitsMs: 1000,
      cells: SMOOTH_AT_LAST,
    },
    {
      fault: `${status}, Retry-After 0`,
      injectFault: busy(status, '0', 1),
      waitsMs: 0,
      cells: SMOOTH_AT_LAST,
    },
    {
      fault: `${status}, Retry-After a past date`,
      injectFault: busy(status, { afterMs: -HOUR }, 1),
      waitsMs: 0,
      cells: SMOOTH_AT_LAST,
    },
    {
      fault: `${status}, Retry-After long`,
      injectFault: busy(status, '3600'),
      cells: leftAlone([RateLimitedError, /Try again in 60 minutes/]),
    },
    {
      fault: `${status}, Retry-After a date`,
      injectFault: busy(status, { afterMs: 2 * HOUR }),
      given: { clockAheadMs: 5 * HOUR },
      cells: leftAlone([RateLimitedError, /Try again in 120 minutes/]),
    },
    ...ENDLESS.map(([what, retryAfter]) => ({
      fault: `${status}, Retry-After ${what}`,
      injectFault: busy(status, retryAfter),
      cells: leftAlone([RateLimitedError, /Try again later/]),
    })),
    ...SENSELESS.map(([what, retryAfter]) => ({
      fault: `${status}, Retry-After ${what}`,
      injectFault: busy(status, retryAfter),
      cells: passing([RateLimitedError, /Try again later/]),
    })),
  ]),
  {
    fault: '429, Retry-After 0, for ever',
    injectFault: busy(429, '0'),
    waitsMs: 0,
    cells: {
      ...passing(RateLimitedError),
      'background renewal': [RateLimitedError, 'as before', [3, 3, 3], 'goes on'],
      'background sudo renewal': [RateLimitedError, 'as before', [6, 3, 3], 'goes on'],
      'start, tokens due': [RateLimitedError, 'as before', [3], 'goes on'],
      'start, tokens expired': [RateLimitedError, 'as before', [3, 0, 3], 'goes on'],
    },
  },
  {
    fault: '429, no Retry-After',
    injectFault: answering({ is: 'refusal', status: 429 }),
    cells: passing([RateLimitedError, /Try again later/]),
  },
  {
    fault: '503, no Retry-After',
    injectFault: answering({ is: 'refusal', status: 503 }),
    cells: passing(ServerError),
  },

  // Looker refuses
  {
    fault: '500 JSON',
    injectFault: answering({ is: 'refusal', status: 500 }),
    cells: passing(ServerError),
  },
  {
    fault: '400 JSON',
    injectFault: answering({ is: 'refusal', status: 400 }),
    cells: refusing(UnknownUserError, [RefusedError, 'gone, alive there']),
  },
  {
    fault: '401 JSON',
    injectFault: answering({ is: 'refusal', status: 401 }),
    // Sudo needs a new token of the admin, which is refused to their API key.
    cells: refusing(ApiKeyRefusedError, ['no error', 'gone']),
  },
  {
    fault: '403 JSON',
    injectFault: answering({ is: 'refusal', status: 403 }),
    cells: refusing(SudoRefusedError, [RefusedError, 'gone, alive there']),
  },
  {
    fault: '404 JSON',
    injectFault: answering({ is: 'refusal', status: 404 }),
    cells: refusing(UnknownUserError, ['no error', 'gone']),
  },

  // Looker issues a token and won't say who the user is: the token is revoked again
  {
    fault: 'GET /user: reset',
    injectFault: answering({ is: 'reset' }, WHOSE),
    cells: unknownUser(UnreachableError),
  },
  {
    fault: 'GET /user: silence',
    injectFault: answering({ is: 'halfOpen' }, WHOSE),
    isSilent: true,
    cells: unknownUser(TimeoutError),
  },
  {
    fault: 'GET /user: 502 HTML page',
    injectFault: answering({ is: 'html', status: 502 }, WHOSE),
    cells: unknownUser(ServerError),
  },
  {
    fault: 'GET /user: JSON null',
    injectFault: answering({ is: 'json', status: 200, body: null }, WHOSE),
    cells: unknownUser(UnexpectedResponseError),
  },
  {
    fault: 'GET /user: 401 JSON',
    injectFault: answering({ is: 'refusal', status: 401 }, WHOSE),
    cells: unknownUser(TokenRejectedError),
  },
  {
    fault: 'GET /user: 403 JSON',
    injectFault: answering({ is: 'refusal', status: 403 }, WHOSE),
    cells: unknownUser(RefusedError),
  },

  {
    fault: 'GET /user: Latin-1',
    injectFault: answering(
      {
        is: 'text',
        status: 200,
        body: Buffer.from('{"id":"9","display_name":"Zoë Müller"}', 'latin1'),
        headers: { 'Content-Type': 'application/json; charset=iso-8859-1' },
      },
      WHOSE,
    ),
    cells: { login: SMOOTH.login, 'first login': SMOOTH['first login'] },
  },

  // Looker issues a token to act as a user, and then says that it belongs to somebody else
  {
    fault: 'GET /user: another user',
    injectFault: answering(
      { is: 'json', status: 200, body: { id: '9', display_name: 'Zoë' } },
      WHOSE,
    ),
    cells: {
      sudo: [[SudoMismatchError, /issued a token for user 9 instead of user 3/], 'as before'],
    },
  },
  {
    fault: 'GET /session: another admin',
    injectFault: answering({ is: 'json', status: 200, body: { sudo_user_id: '9' } }, WHO_ACTS),
    cells: {
      sudo: [[SudoMismatchError, /user 9 acting as user 3, but you're user 1/], 'as before'],
    },
  },
  // If the request is forbidden, nothing contradicts the login; but an error is a failure
  ...[401, 500].map((status): Row => ({
    fault: `GET /session: ${status} JSON`,
    injectFault: answering({ is: 'refusal', status }, WHO_ACTS),
    cells: { sudo: [status === 401 ? TokenRejectedError : ServerError, 'as before'] },
  })),
  {
    fault: 'GET /session: silence',
    injectFault: answering({ is: 'halfOpen' }, WHO_ACTS),
    isSilent: true,
    cells: { sudo: [TimeoutError, 'as before'] },
  },
  ...[403, 404].flatMap((status): readonly Row[] => [
    {
      fault: `GET /session: ${status} JSON`,
      injectFault: answering({ is: 'refusal', status }, WHO_ACTS),
      cells: { sudo: SMOOTH.sudo },
    },
    {
      fault: `GET /session: ${status} HTML`,
      injectFault: answering({ is: 'html', status }, WHO_ACTS),
      cells: { sudo: SMOOTH.sudo },
    },
  ]),
  {
    fault: 'GET /session: says nobody acts',
    injectFault: answering({ is: 'json', status: 200, body: { sudo_user_id: null } }, WHO_ACTS),
    cells: { sudo: SMOOTH.sudo },
  },

  // Looker doesn't say which API versions it speaks: login still works, but no response is a failure
  {
    fault: 'GET /versions: reset',
    injectFault: answering({ is: 'reset' }, VERSIONS),
    cells: versions(UnreachableError),
  },
  {
    fault: 'GET /versions: silence',
    injectFault: answering({ is: 'halfOpen' }, VERSIONS),
    isSilent: true,
    cells: versions(TimeoutError),
  },
  {
    fault: 'GET /versions: redirect to another host',
    injectFault: redirectedAway(302, '/versions'),
    cells: versions(RedirectedError),
  },
  {
    fault: 'GET /versions: redirect to its own /login',
    injectFault: answering({ is: 'redirect', to: '/login' }, VERSIONS),
    cells: versions('no error'),
  },
  ...[200, 404, 502].map((status) => ({
    fault: `GET /versions: ${status} HTML`,
    injectFault: answering({ is: 'html', status }, VERSIONS),
    cells: versions('no error'),
  })),
  ...[401, 403, 404, 429, 500].map((status) => ({
    fault: `GET /versions: ${status} JSON`,
    injectFault: answering({ is: 'json', status, body: {} }, VERSIONS),
    cells: versions('no error'),
  })),
  {
    fault: 'GET /versions: JSON null',
    injectFault: answering({ is: 'json', status: 200, body: null }, VERSIONS),
    cells: versions('no error'),
  },
  {
    fault: 'GET /versions: none of ours',
    injectFault: answering(
      { is: 'json', status: 200, body: { supported_versions: [{ version: '9.0' }] } },
      VERSIONS,
    ),
    cells: versions('no error'),
  },

  // The web server of an instance also responds to this request, and names the URL of its API
  {
    fault: 'GET /versions: the API is elsewhere',
    injectFault: splitPorts(false),
    cells: versions([ApiElsewhereError, /It says that the API is at api\.acme\.example:19999/]),
  },
  {
    fault: 'GET /versions: the API is elsewhere, and here',
    injectFault: splitPorts(true),
    cells: versions('no error'),
  },

  // Something was changed on the Looker server
  {
    fault: 'API key revoked',
    injectFault: revokeKey,
    isPersonal: true,
    cells: {
      ...SMOOTH,
      ...NO_KEY,
      // One more time with the token that the admin still has.
      'background sudo renewal': [ApiKeyRefusedError, 'new token', [2, 0, 0], 'stops'],
    },
  },
  {
    fault: 'user disabled',
    injectFault: having((looker) => {
      looker.disable('Ada');
    }),
    isPersonal: true,
    cells: refusing(ApiKeyRefusedError, ['no error', 'gone, ended']),
  },
  {
    fault: 'admin demoted',
    injectFault: demote,
    isPersonal: true,
    cells: noSudo(SudoRefusedError),
  },
  {
    fault: 'sudo target deleted',
    injectFault: having((looker) => {
      looker.removePerson('Alan');
    }),
    isPersonal: true,
    cells: noSudo(UnknownUserError),
  },
  {
    fault: 'tokens revoked before their time',
    injectFault: revokeTokens,
    cells: {
      ...SMOOTH,
      // The admin's old token is found to be invalid and replaced on the way.
      'background sudo renewal': ['no error', 'new token', [3, 2, 0], 'goes on'],
    },
  },
  {
    fault: 'tokens and API key revoked',
    injectFault: async (looker) => {
      await revokeTokens(looker);
      return revokeKey(looker);
    },
    isPersonal: true,
    cells: refusing(ApiKeyRefusedError, ['no error', 'gone, ended']),
  },

  // Development Mode
  {
    fault: 'Development Mode refused',
    injectFault: having((looker) => {
      looker.setRoles('Ada', ['viewer']);
    }),
    isPersonal: true,
    cells: noDevMode([DevModeRefusedError, /doesn't let this user work in Development Mode/]),
  },
  ...(['3.0', '3.1', '4.0'] as const).map((apiVersion) => ({
    fault: `Development Mode unknown to API ${apiVersion} (404)`,
    injectFault: answering({ is: 'refusal', status: 404 }, ENTER_DEV_MODE),
    given: { apiVersion, serves: [apiVersion] },
    cells: noDevMode(DevModeRefusedError),
  })),
  ...[false, true].map((afterHeaders) => ({
    fault: `Development Mode: the ${afterHeaders ? 'response' : 'request'} is lost`,
    injectFault: answering({ is: 'reset', afterHeaders }, ENTER_DEV_MODE),
    cells: noDevMode(UnreachableError),
  })),
  {
    fault: 'Development Mode: 502',
    injectFault: answering({ is: 'html', status: 502 }, ENTER_DEV_MODE),
    cells: noDevMode(ServerError),
  },
  ...[ENTER_DEV_MODE, WHO_ACTS].map((which) => ({
    fault: `Development Mode: Looker answers with production (${'method' in which ? 'PATCH' : 'any'})`,
    injectFault: answering(
      { is: 'json', status: 200, body: { workspace_id: 'production' } },
      which,
    ),
    cells: noDevMode([DevModeRefusedError, /didn't switch the session to Development Mode/]),
  })),
  {
    fault: 'Development Mode: its token revoked alone',
    injectFault: having((looker) => {
      for (const { workspace, value } of looker.liveTokens()) {
        if (workspace === 'dev') looker.revokeToken(value);
      }
    }),
    cells: SMOOTH,
  },

  // Only the token is saved
  {
    fault: 'token kept only',
    injectFault: nothing,
    given: { keepsKey: false },
    cells: TOKEN_ONLY,
  },
  {
    fault: 'token kept only: revoked before its time',
    injectFault: revokeTokens,
    given: { keepsKey: false },
    cells: {
      ...TOKEN_ONLY,
      sudo: [LoginNeededError, 'as before'],
      'sudo renewal': [LoginNeededError, 'as before'],
    },
  },
  {
    fault: 'token kept only: network away',
    injectFault: faults.refused,
    given: { keepsKey: false },
    cells: {
      ...TOKEN_ONLY,
      login: [UnreachableError, 'nothing'],
      'first login': [UnreachableError, 'nothing'],
      sudo: [UnreachableError, 'as before'],
      'sudo renewal': [UnreachableError, 'as before'],
      logout: [UnreachableError, 'gone, alive there'],
    },
  },

  // Other lifetimes, clocks and API versions
  {
    fault: 'tokens live 1 s',
    injectFault: nothing,
    given: { tokenLife: 1 },
    cells: SHORT_LIFE,
  },
  {
    fault: 'tokens live 1 s: connection reset',
    injectFault: answering({ is: 'reset' }),
    given: { tokenLife: 1 },
    cells: {
      ...without(passing(UnreachableError), 'start, tokens due'),
      // The admin's token comes first, and there is none.
      'background sudo renewal': [UnreachableError, 'as before', [1, 1, 1], 'goes on'],
    },
  },
  {
    fault: 'tokens live 30 days',
    injectFault: nothing,
    given: { tokenLife: 30 * 24 * 60 * 60 },
    cells: {
      ...SMOOTH,
      'background renewal': ['no error', 'new token', [1, 0, 0], 'goes on'],
      'background sudo renewal': ['no error', 'new token', [2, 0, 0], 'goes on'],
    },
  },
  {
    fault: 'tokens live 30 days: API key revoked',
    injectFault: revokeKey,
    isPersonal: true,
    given: { tokenLife: 30 * 24 * 60 * 60 },
    cells: NO_KEY,
  },
  ...[-5, 5].map((hours) => ({
    fault: `clock ${hours > 0 ? '5 hours fast' : '5 hours slow'}`,
    injectFault: nothing,
    given: { clockAheadMs: hours * HOUR },
    cells: SMOOTH,
  })),
  ...(['3.0', '3.1'] as const).map((apiVersion) => ({
    fault: `API ${apiVersion}`,
    injectFault: nothing,
    given: { apiVersion, serves: [apiVersion] },
    cells: SMOOTH,
  })),
  {
    fault: 'API 3.0: admin demoted',
    injectFault: demote,
    given: { apiVersion: '3.0', serves: ['3.0'] },
    isPersonal: true,
    // It answers 404, as if there were no such user.
    cells: noSudo([UnknownUserError, /Check the ID, and that you're an admin/]),
  },
  {
    fault: 'API 3.1: admin demoted',
    injectFault: demote,
    given: { apiVersion: '3.1', serves: ['3.1'] },
    isPersonal: true,
    cells: noSudo(SudoRefusedError),
  },
  {
    fault: 'API 3.1 given up by an upgrade',
    injectFault: answering({ is: 'html', status: 404 }, { path: /^\/api\/3\.1\// }),
    given: { apiVersion: '3.1' },
    cells: {
      ...somebodyElse(NotLookerApiError),
      'first login': SMOOTH['first login'],
    },
  },

  // The user cancels
  {
    fault: 'canceled by the user',
    injectFault: faults.canceled,
    cells: {
      login: [CanceledError, 'nothing'],
      'first login': [CanceledError, 'nothing'],
      sudo: [CanceledError, 'as before'],
      logout: [CanceledError, 'gone, alive there'],
    },
  },
];
