import { RefusedError } from '../errors/refusal';
import { send } from '../network/http';
import type { LookerApiOptions } from '../api/lookerApiOptions';
import { isRefusal, notLookerError, rateLimitIn, refuseOthers } from '../api/replies';
import {
  BrowserLoginEndedError,
  BrowserLoginNotSetUpError,
  RefreshTokenSurvivesError,
} from './errors';
import { refresh, type Asker, type Grant } from './tokenEndpoint';

/** What of a login is to be ended. */
export interface Ending {
  /** Value of an access token, where there is one that is still good. */
  readonly accessToken?: string;
  readonly refreshToken: string;
}

/** The way that the API's description has, which speaks of the access token alone. */
const LOGOUT = '/api/4.0/logout';

/** The way that ends the refresh token too, says the source of Looker's own SDK (`oauthSession.ts`). */
const LOGOUT_OF_BOTH = '/api/logout';

/**
 * Ends a login at Looker. Which of its tokens a logout ends is not documented; so the refresh token is tried afterward,
 * and where it still works, it is ended the other way, and tried once more.
 * @throws RefreshTokenSurvivesError where it works even then; LookerError where Looker could not be asked, or lets nobody
 *   log out: the tokens may live on. CanceledError
 */
export async function endLogin(
  options: LookerApiOptions,
  asker: Asker,
  { accessToken, refreshToken }: Ending,
  signal?: AbortSignal,
): Promise<void> {
  let latest = refreshToken;
  const refreshed = async () => {
    const grant = await next(options, asker, latest, signal);
    latest = grant?.refreshToken ?? latest;
    return grant?.token.value;
  };
  // A token that has expired ends nothing: the refresh token would live on for up to a month.
  const first = accessToken ?? (await refreshed());
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

/** What a refresh token still brings; undefined where that is nothing any more. */
async function next(
  options: LookerApiOptions,
  asker: Asker,
  refreshToken: string,
  signal: AbortSignal | undefined,
): Promise<Grant | undefined> {
  try {
    return await refresh(options, asker, refreshToken, signal);
  } catch (error) {
    const isDead =
      error instanceof BrowserLoginEndedError || error instanceof BrowserLoginNotSetUpError;
    if (!isDead) throw error;
    return undefined;
  }
}

/** Ends an access token. @throws LookerError where it is not sure that it is worth nothing afterward */
async function logOut(
  options: LookerApiOptions,
  path: string,
  token: string,
  signal: AbortSignal | undefined,
): Promise<void> {
  const { baseUrl } = options;
  const reply = await send(options, { method: 'DELETE', path, token, signal });
  if (reply.status === 204 || path === LOGOUT_OF_BOTH) return;
  // Looker says of a token that is dead already that there is nothing there, or that it wants to know who asks.
  const isLookers = isRefusal(reply);
  if (isLookers && (reply.status === 404 || reply.status === 401)) return;
  const rateLimited = rateLimitIn(options.baseUrl, options.serverClock, reply);
  if (rateLimited) throw rateLimited;
  refuseOthers(baseUrl, reply);
  throw isLookers ? new RefusedError(baseUrl, reply.status) : notLookerError(baseUrl, reply);
}
