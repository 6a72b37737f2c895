import { RefusedError } from '../errors/refusal';
import { send } from '../network/http';
import type { LookerApiOptions } from '../api/lookerApiOptions';
import { isLookersError, notLookerError, passingFailure } from '../api/responses';
import {
  BrowserLoginEndedError,
  BrowserLoginNotSetUpError,
  RefreshTokenSurvivesError,
} from './errors';
import { refresh, type LoginClient, type OAuthTokens } from './tokenEndpoint';

/** The documented endpoint, which mentions only the access token. */
const LOGOUT = '/api/4.0/logout';

/** Also revokes the refresh token, according to the source of Looker's own SDK (`oauthSession.ts`). */
const LOGOUT_OF_BOTH = '/api/logout';

/**
 * Revokes a login on the server. It isn't documented which of its tokens a logout revokes. So the refresh token is
 * tried afterwards; if it still works, it is revoked the other way and tried once more.
 * @throws RefreshTokenSurvivesError if it still works then; LookerError if Looker couldn't be reached or refuses the
 *   logout, so that the tokens may still be valid; CanceledError
 */
export async function endLogin(
  options: LookerApiOptions,
  loginClient: LoginClient,
  refreshToken: string,
  signal?: AbortSignal,
): Promise<void> {
  let latest = refreshToken;
  const refreshed = async () => {
    const grant = await next(options, loginClient, latest, signal);
    latest = grant?.refreshToken ?? latest;
    return grant?.token.value;
  };
  // Logging out with an expired token has no effect: the refresh token would stay valid for up to a month.
  const first = await refreshed();
  if (first === undefined) return;
  await logOut(options, LOGOUT, first, signal);
  const second = await refreshed();
  if (second === undefined) return;
  await logOut(options, LOGOUT_OF_BOTH, second, signal);
  await logOut(options, LOGOUT, second, signal);
  const third = await refreshed();
  if (third === undefined) return;
  await logOut(options, LOGOUT, third, signal);
  throw new RefreshTokenSurvivesError(options.baseUrl);
}

/** Refreshes once more; undefined if the refresh token no longer works. */
async function next(
  options: LookerApiOptions,
  loginClient: LoginClient,
  refreshToken: string,
  signal: AbortSignal | undefined,
): Promise<OAuthTokens | undefined> {
  try {
    return await refresh(options, loginClient, refreshToken, signal);
  } catch (error) {
    const isDead =
      error instanceof BrowserLoginEndedError || error instanceof BrowserLoginNotSetUpError;
    if (!isDead) throw error;
    return undefined;
  }
}

/** Revokes an access token. @throws LookerError unless it is certain that the token is invalid afterwards */
async function logOut(
  options: LookerApiOptions,
  path: string,
  token: string,
  signal: AbortSignal | undefined,
): Promise<void> {
  const { baseUrl } = options;
  const response = await send(options, { method: 'DELETE', path, token, signal });
  if (response.status === 204 || path === LOGOUT_OF_BOTH) return;
  // For a token that is already invalid, Looker responds with 404 or 401.
  const isLookers = isLookersError(response);
  if (isLookers && (response.status === 404 || response.status === 401)) return;
  const passing = passingFailure(options, response);
  if (passing) throw passing;
  throw isLookers ? new RefusedError(baseUrl, response.status) : notLookerError(baseUrl, response);
}
