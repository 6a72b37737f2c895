import * as v from 'valibot';
import { isChallenge } from '../api/interception';
import { send, type Reply } from '../network/http';
import type { LookerApiOptions } from '../api/lookerApiOptions';
import {
  isRefusal,
  tryJson,
  notLookerError,
  parseReply,
  rateLimitIn,
  refuseOthers,
} from '../api/replies';
import { RefreshToken } from '../api/shapes';
import { AccessTokenReply, toToken, type Token } from '../api/token';
import {
  BrowserLoginEndedError,
  BrowserLoginFailedError,
  BrowserLoginForbiddenError,
  BrowserLoginNotSetUpError,
  BrowserLoginUnsupportedError,
  CodeRejectedError,
} from './errors';

/** What Looker gives for a code, or for a refresh token. */
export interface Grant {
  readonly token: Token;
  /** What the next one is got with, for about a month. The schema of Looker's reply lets it be null, or left out. */
  readonly refreshToken: string | undefined;
}

/** The client that asks, and the redirect URI of the login it asks for. Neither is a secret. */
export interface Asker {
  readonly clientId: string;
  readonly redirectUri: string;
}

/** `POST /api/token`, which only the API host has, and which has no version. The one place a refresh token is sent to. */
const PATH = '/api/token';

const GrantReply = v.object({
  ...AccessTokenReply.entries,
  refresh_token: v.nullish(RefreshToken),
});

/** RFC 6749, 5.2. Some servers answer so, Looker's own API has another shape, and it is not known which one it is here. */
const OAuthErrorReply = v.object({ error: v.pipe(v.string(), v.maxLength(64)) });

/** A code that nobody has, of a plausible shape. */
const NO_CODE = 'looker-auth-asks-whether-this-client-is-registered';

/** A verifier that goes with it: 43 characters, as the shortest there may be. */
const NO_VERIFIER = 'looker-auth-asks-whether-it-is-registered--';

/**
 * Redeems a code. It works once, and is never tried again.
 * @throws CodeRejectedError; BrowserLoginNotSetUpError; BrowserLoginForbiddenError; BrowserLoginUnsupportedError;
 *   BrowserLoginFailedError; any other LookerError; CanceledError
 */
export function redeemCode(
  options: LookerApiOptions,
  asker: Asker,
  code: string,
  verifier: string,
  signal?: AbortSignal,
): Promise<Grant> {
  const { baseUrl } = options;
  const json = { grant_type: 'authorization_code', code, code_verifier: verifier };
  return ask(options, asker, json, (status) => new CodeRejectedError(baseUrl, status), signal);
}

/**
 * Gets the next access token. The reply may bring another refresh token, after which the one that was sent may be worth
 * nothing any more.
 * @throws BrowserLoginEndedError; BrowserLoginNotSetUpError, BrowserLoginForbiddenError where an admin has switched the
 *   client off; any other LookerError, which says nothing about the refresh token; CanceledError
 */
export function refresh(
  options: LookerApiOptions,
  asker: Asker,
  refreshToken: string,
  signal?: AbortSignal,
): Promise<Grant> {
  const { baseUrl } = options;
  const json = { grant_type: 'refresh_token', refresh_token: refreshToken };
  return ask(options, asker, json, (status) => new BrowserLoginEndedError(baseUrl, status), signal);
}

/**
 * Whether an instance knows a client, as far as that can be found out without a user: by redeeming a code that nobody
 * has, which a client that is not registered may not even try.
 * @returns undefined where the instance does not tell
 * @throws LookerError where nobody answers, or somebody else does; CanceledError
 */
export async function isRegistered(
  options: LookerApiOptions,
  asker: Asker,
  signal?: AbortSignal,
): Promise<boolean | undefined> {
  const grant = { grant_type: 'authorization_code', code: NO_CODE, code_verifier: NO_VERIFIER };
  const reply = await post(options, asker, grant, signal);
  switch (oauthWordIn(reply)) {
    case 'invalid_grant':
      return true;
    case 'invalid_client':
    case 'unauthorized_client':
      return false;
    case undefined: {
      // Looker's own shape of error does not tell which of the two it was.
      const error = refusalOf(
        options,
        asker.clientId,
        reply,
        (status) => new CodeRejectedError(options.baseUrl, status),
      );
      if (!(error instanceof CodeRejectedError)) throw error;
      return undefined;
    }
    default:
      return undefined;
  }
}

/** @param rejected what it means that Looker does not take what is asked with */
async function ask(
  options: LookerApiOptions,
  asker: Asker,
  grant: Readonly<Record<string, string>>,
  rejected: (status: number) => Error,
  signal: AbortSignal | undefined,
): Promise<Grant> {
  const reply = await post(options, asker, grant, signal);
  if (reply.status >= 300) throw refusalOf(options, asker.clientId, reply, rejected);
  const { refresh_token: refreshToken, ...token } = parseReply(GrantReply, reply, options.baseUrl);
  options.serverClock.hear(reply.date, reply.sentAt);
  return {
    token: toToken(token, options.serverClock, reply.sentAt),
    refreshToken: refreshToken ?? undefined,
  };
}

function post(
  options: LookerApiOptions,
  { clientId, redirectUri }: Asker,
  grant: Readonly<Record<string, string>>,
  signal: AbortSignal | undefined,
): Promise<Reply> {
  const json = { ...grant, client_id: clientId, redirect_uri: redirectUri };
  return send(options, { method: 'POST', path: PATH, json, signal });
}

/** OAuth's word for why there is no token; undefined where the reply has none. */
function oauthWordIn({ status, body }: Reply): string | undefined {
  const parsed = v.safeParse(OAuthErrorReply, tryJson(body));
  return status >= 400 && parsed.success ? parsed.output.error : undefined;
}

/** What a reply means that brings no token: Looker's own word, in either shape, or nothing about the login. */
function refusalOf(
  options: LookerApiOptions,
  clientId: string,
  reply: Reply,
  rejected: (status: number) => Error,
): Error {
  const { baseUrl } = options;
  const { status } = reply;
  const isLookers = isRefusal(reply);
  if (!isLookers && isChallenge(reply)) return notLookerError(baseUrl, reply);
  const rateLimited = rateLimitIn(options.baseUrl, options.serverClock, reply);
  if (rateLimited) return rateLimited;
  refuseOthers(baseUrl, reply);
  const word = oauthWordIn(reply);
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
  if (!isLookers) return notLookerError(baseUrl, reply);
  if (status === 403) return new BrowserLoginForbiddenError(baseUrl, status);
  // A Looker without OAuth has no such endpoint, and says so as of any other.
  if (status === 404) return new BrowserLoginUnsupportedError(baseUrl, status);
  return rejected(status);
}
