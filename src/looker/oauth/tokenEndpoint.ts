import * as v from 'valibot';
import { send, type HttpResponse } from '../network/http';
import type { LookerApiOptions } from '../api/lookerApiOptions';
import {
  isLookersError,
  tryJson,
  notLookerError,
  parseResponse,
  passingFailure,
} from '../api/responses';
import { RefreshToken } from '../api/shapes';
import { AccessTokenResponse, toToken, type Token } from '../api/token';
import {
  BrowserLoginEndedError,
  BrowserLoginFailedError,
  BrowserLoginForbiddenError,
  BrowserLoginNotSetUpError,
  BrowserLoginUnsupportedError,
  CodeRejectedError,
} from './errors';

/** What Looker issues for a code or a refresh token. */
export interface OAuthTokens {
  readonly token: Token;
  /** Gets the next token, for about a month. In the schema of Looker's response, it may be null or missing. */
  readonly refreshToken: string | undefined;
}

/** The client that sends a request, and the redirect URI of its login. Neither is a secret. */
export interface LoginClient {
  readonly clientId: string;
  readonly redirectUri: string;
}

/**
 * `POST /api/token`, which only the API host has, without an API version. Refresh tokens are sent to no other endpoint.
 */
const PATH = '/api/token';

const GrantResponse = v.object({
  ...AccessTokenResponse.entries,
  refresh_token: v.nullish(RefreshToken),
});

/**
 * The error format of RFC 6749 (5.2). Looker's own API has another format, and it isn't documented which one is used
 * here.
 */
const OAuthErrorResponse = v.object({ error: v.pipe(v.string(), v.maxLength(64)) });

/** A code that was never issued, of a plausible shape. */
const NO_CODE = 'looker-auth-asks-whether-this-client-is-registered';

/** A verifier to go with it: 43 characters, the minimum. */
const NO_VERIFIER = 'looker-auth-asks-whether-it-is-registered--';

/**
 * Redeems a code. A code works only once, so this is never retried.
 * @throws CodeRejectedError; BrowserLoginNotSetUpError; BrowserLoginForbiddenError; BrowserLoginUnsupportedError;
 *   BrowserLoginFailedError; any other LookerError; CanceledError
 */
export function redeemCode(
  options: LookerApiOptions,
  loginClient: LoginClient,
  code: string,
  verifier: string,
  signal?: AbortSignal,
): Promise<OAuthTokens> {
  const { baseUrl } = options;
  const json = { grant_type: 'authorization_code', code, code_verifier: verifier };
  return requestTokens(
    options,
    loginClient,
    json,
    (status) => new CodeRejectedError(baseUrl, status),
    signal,
  );
}

/**
 * Gets the next access token. The response may contain a new refresh token, and then the one that was sent may no
 * longer work.
 * @throws BrowserLoginEndedError; BrowserLoginNotSetUpError, BrowserLoginForbiddenError if an admin has disabled the
 *   client; any other LookerError, which says nothing about the refresh token; CanceledError
 */
export function refresh(
  options: LookerApiOptions,
  loginClient: LoginClient,
  refreshToken: string,
  signal?: AbortSignal,
): Promise<OAuthTokens> {
  const { baseUrl } = options;
  const json = { grant_type: 'refresh_token', refresh_token: refreshToken };
  return requestTokens(
    options,
    loginClient,
    json,
    (status) => new BrowserLoginEndedError(baseUrl, status),
    signal,
  );
}

/**
 * Whether an instance knows a client, as far as can be determined without a user: it redeems a code that was never
 * issued, which an unregistered client may not even try.
 * @returns undefined if the instance doesn't say
 * @throws LookerError if there is no response, or it isn't Looker's; CanceledError
 */
export async function isRegistered(
  options: LookerApiOptions,
  loginClient: LoginClient,
  signal?: AbortSignal,
): Promise<boolean | undefined> {
  const grant = { grant_type: 'authorization_code', code: NO_CODE, code_verifier: NO_VERIFIER };
  const response = await post(options, loginClient, grant, signal);
  switch (oauthErrorCode(response)) {
    case 'invalid_grant':
      return true;
    case 'invalid_client':
    case 'unauthorized_client':
      return false;
    case undefined: {
      // Looker's own error format doesn't say whether the client or the code was rejected.
      const error = refusalOf(
        options,
        loginClient.clientId,
        response,
        (status) => new CodeRejectedError(options.baseUrl, status),
      );
      if (!(error instanceof CodeRejectedError)) throw error;
      return undefined;
    }
    default:
      return undefined;
  }
}

/** @param rejected the error for a code or refresh token that Looker rejects */
async function requestTokens(
  options: LookerApiOptions,
  loginClient: LoginClient,
  grant: Readonly<Record<string, string>>,
  rejected: (status: number) => Error,
  signal: AbortSignal | undefined,
): Promise<OAuthTokens> {
  const response = await post(options, loginClient, grant, signal);
  if (response.status >= 300) throw refusalOf(options, loginClient.clientId, response, rejected);
  const { refresh_token: refreshToken, ...token } = parseResponse(
    GrantResponse,
    response,
    options.baseUrl,
  );
  options.serverClock.hear(response.date, response.sentAt);
  return {
    token: toToken(token, options.serverClock, response.sentAt),
    refreshToken: refreshToken ?? undefined,
  };
}

function post(
  options: LookerApiOptions,
  { clientId, redirectUri }: LoginClient,
  grant: Readonly<Record<string, string>>,
  signal: AbortSignal | undefined,
): Promise<HttpResponse> {
  const json = { ...grant, client_id: clientId, redirect_uri: redirectUri };
  return send(options, { method: 'POST', path: PATH, json, signal });
}

/** OAuth's error code; undefined if the response has none. */
function oauthErrorCode({ status, body }: HttpResponse): string | undefined {
  const parsed = v.safeParse(OAuthErrorResponse, tryJson(body));
  return status >= 400 && parsed.success ? parsed.output.error : undefined;
}

/**
 * The error for a response without a token: Looker's own refusal in either format, or an error that says nothing about
 * the login.
 */
function refusalOf(
  options: LookerApiOptions,
  clientId: string,
  response: HttpResponse,
  rejected: (status: number) => Error,
): Error {
  const { baseUrl } = options;
  const { status } = response;
  const passing = passingFailure(options, response);
  if (passing) return passing;
  const word = oauthErrorCode(response);
  switch (word) {
    case undefined:
      break;
    case 'invalid_grant':
      return rejected(status);
    case 'invalid_client':
    case 'unauthorized_client':
      return new BrowserLoginNotSetUpError(baseUrl, clientId, status);
    case 'access_denied':
      return new BrowserLoginForbiddenError(baseUrl, status);
    default:
      return new BrowserLoginFailedError(baseUrl, word, status);
  }
  if (!isLookersError(response)) return notLookerError(baseUrl, response);
  if (status === 403) return new BrowserLoginForbiddenError(baseUrl, status);
  // A Looker release without OAuth responds as for any unknown endpoint.
  if (status === 404) return new BrowserLoginUnsupportedError(baseUrl, status);
  return rejected(status);
}
