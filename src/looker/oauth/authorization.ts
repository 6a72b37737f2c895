import * as v from 'valibot';
import { LONGEST_PASTE, withoutDecoration, withoutInvisible } from '../pastedText';
import { isSameSecret } from '../../base/sha256';
import {
  BrowserLoginDeniedError,
  BrowserLoginFailedError,
  BrowserLoginNotSetUpError,
  ForeignRedirectError,
  NoRedirectError,
} from './errors';

/** An authorization request in progress in the browser. */
export interface Authorization {
  readonly baseUrl: string;
  readonly clientId: string;
  readonly redirectUri: string;
  readonly state: string;
}

/** The only scope of Looker's OAuth; without it, Looker responds with `invalid_scope`. */
const SCOPE = 'cors_api';

/** A code as RFC 6749 defines it (appendix A.11), at most as long as a URL can be. */
const Code = v.pipe(v.string(), v.maxLength(2048), v.regex(/^[\x20-\x7e]+$/));

/** An error code as RFC 6749 defines it (appendix A.7). */
const ErrorCode = v.pipe(v.string(), v.maxLength(64), v.regex(/^[\x20-\x21\x23-\x5b\x5d-\x7e]+$/));

/**
 * The URL in Looker where users log in and give consent: `GET /auth`, which only the web host has.
 * @param endpoint origin and path, without query
 */
export function authorizationUrl(
  endpoint: string,
  { clientId, redirectUri, state }: Authorization,
  challenge: string,
): string {
  const parameters = new URLSearchParams({
    response_type: 'code',
    client_id: clientId,
    redirect_uri: redirectUri,
    scope: SCOPE,
    state,
    code_challenge: challenge,
    code_challenge_method: 'S256',
  });
  return `${endpoint}?${parameters.toString()}`;
}

/**
 * The code in the URL that Looker redirected the browser to. Nothing in it is used unless its `state` matches.
 * @param address the full URL, as the browser shows it
 * @throws NoRedirectError if it isn't a redirect URL at all; ForeignRedirectError if it belongs to another login;
 *   BrowserLoginDeniedError, BrowserLoginNotSetUpError, BrowserLoginFailedError if Looker sent no code
 */
export function codeIn(address: string, authorization: Authorization): string {
  const { baseUrl, clientId, redirectUri, state } = authorization;
  const parameters = parametersIn(address, redirectUri);
  if (!parameters) throw new NoRedirectError(redirectUri);
  const only = (name: string) => {
    const values = parameters.getAll(name);
    return values.length > 1 ? undefined : (values[0] ?? '');
  };
  if (!isSameSecret(only('state') ?? '', state)) throw new ForeignRedirectError(baseUrl);
  const error = v.safeParse(ErrorCode, only('error'));
  if (error.success) throw redirectError(baseUrl, clientId, error.output);
  const code = v.safeParse(Code, only('code'));
  if (!code.success) throw new BrowserLoginFailedError(baseUrl, 'no_code');
  return code.output;
}

/**
 * Like {@link codeIn}, for a URL the user pasted: with quotes, blanks and line breaks from mail and chat, and without
 * the `http://` that some browsers leave out.
 * @throws as {@link codeIn}
 */
export function codeInPaste(pasted: string, authorization: Authorization): string {
  if (pasted.length > LONGEST_PASTE) throw new NoRedirectError(authorization.redirectUri);
  const address = withoutDecoration(withoutInvisible(pasted))
    .replace(/\s+/g, '')
    .replaceAll('&amp;', '&');
  const hasScheme = /^[a-z][a-z\d+.-]*:\/\//i.test(address);
  const { protocol } = new URL(authorization.redirectUri);
  return codeIn(hasScheme ? address : `${protocol}//${address}`, authorization);
}

/** The query parameters; undefined if the URL isn't exactly the redirect URI. */
function parametersIn(address: string, redirectUri: string): URLSearchParams | undefined {
  if (address.length > LONGEST_PASTE || !URL.canParse(address)) return undefined;
  const url = new URL(address);
  const expected = new URL(redirectUri);
  const isIt =
    url.origin === expected.origin &&
    url.protocol === expected.protocol &&
    url.pathname === expected.pathname &&
    url.username + url.password === '';
  return isIt ? url.searchParams : undefined;
}

function redirectError(baseUrl: string, clientId: string, code: string) {
  switch (code) {
    case 'access_denied':
      return new BrowserLoginDeniedError(baseUrl);
    case 'unauthorized_client':
    case 'invalid_client':
      return new BrowserLoginNotSetUpError(baseUrl, clientId);
    default:
      return new BrowserLoginFailedError(baseUrl, code);
  }
}
