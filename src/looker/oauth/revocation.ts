import { RefusedError } from '../errors';
import { send } from '../http';
import type { LookerApiOptions } from '../lookerApi';
import { isRefusalReply, notLooker, rateLimitIn, refuseOthers } from '../replies';
import { BrowserLoginEndedError, BrowserLoginNotSetUpError } from './errors';
import { refresh, type Asker, type Grant } from './tokenEndpoint';

/** What of a login is ended: its access token, which may have expired, and its refresh token, where it has one. */
export interface Ending {
  /** Value of the access token. */
  readonly accessToken: string;
  /** Whether that is still good, as far as is known. */
  readonly isAlive: boolean;
  readonly refreshToken: string | undefined;
}

/** What has become of a login. */
export interface Ended {
  /** Whether Looker has ended the refresh token, and says so. */
  readonly isRefreshTokenDead: boolean;
}

/** The way that the API's description has, which speaks of the access token alone. */
const LOGOUT = '/api/4.0/logout';

/** The way that ends the refresh token too, says the source of Looker's own SDK (`oauthSession.ts`). */
const LOGOUT_OF_BOTH = '/api/logout';

/**
 * Ends a login at Looker. Which of its tokens a logout ends is not documented; so the refresh token is tried afterwards,
 * and where it still works, it is ended the other way, and tried once more.
 * @throws LookerError where Looker could not be asked, or lets nobody log out: the tokens may live on. CancelledError
 */
export async function endLogin(
  options: LookerApiOptions,
  asker: Asker,
  { accessToken, isAlive, refreshToken }: Ending,
  signal?: AbortSignal,
): Promise<Ended> {
  let latest = refreshToken;
  const refreshed = async () => {
    const grant = await next(options, asker, latest, signal);
    latest = grant?.refreshToken ?? latest;
    return grant?.token.value;
  };
  // A token that has expired ends nothing: the refresh token would live on for up to a month.
  const first = isAlive ? accessToken : await refreshed();
  if (first === undefined) return { isRefreshTokenDead: true };
  await logOut(options, LOGOUT, first, signal);
  const second = await refreshed();
  if (second === undefined) return { isRefreshTokenDead: true };
  await logOut(options, LOGOUT_OF_BOTH, second, signal);
  await logOut(options, LOGOUT, second, signal);
  const third = await refreshed();
  if (third === undefined) return { isRefreshTokenDead: true };
  await logOut(options, LOGOUT, third, signal);
  return { isRefreshTokenDead: false };
}

/** What a refresh token still brings; undefined where that is nothing any more. */
async function next(
  options: LookerApiOptions,
  asker: Asker,
  refreshToken: string | undefined,
  signal: AbortSignal | undefined,
): Promise<Grant | undefined> {
  if (refreshToken === undefined) return undefined;
  try {
    return await refresh(options, asker, refreshToken, signal);
  } catch (error) {
    const isDead =
      error instanceof BrowserLoginEndedError || error instanceof BrowserLoginNotSetUpError;
    if (!isDead) throw error;
    return undefined;
  }
}

/** Ends an access token. @throws LookerError where it is not sure that it is worth nothing afterwards */
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
  const isLookers = isRefusalReply(reply);
  if (isLookers && (reply.status === 404 || reply.status === 401)) return;
  const rateLimited = rateLimitIn(options, reply);
  if (rateLimited) throw rateLimited;
  refuseOthers(baseUrl, reply);
  throw isLookers ? new RefusedError(baseUrl, reply.status) : notLooker(baseUrl, reply);
}
