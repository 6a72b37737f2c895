import * as v from 'valibot';
import { isHost, isSameHost } from '../instance/host';
import { send } from '../network/http';
import type { LookerApiOptions } from '../api/lookerApiOptions';
import { tryJson } from '../api/replies';
import { RedirectedError } from '../errors/notLooker';
import { MetadataElsewhereError } from './errors';

/** Where hosted instances describe their OAuth (RFC 8414, 3); older ones, and those that others host, may not. */
const PATH = '/.well-known/oauth-authorization-server';

const Endpoint = v.pipe(
  v.string(),
  v.maxLength(2048),
  v.check((text) => URL.canParse(text)),
  v.transform((text) => new URL(text)),
);

/** RFC 8414, 2, as far as we need it. */
const MetadataReply = v.object({
  issuer: Endpoint,
  authorization_endpoint: Endpoint,
  token_endpoint: Endpoint,
  code_challenge_methods_supported: v.optional(v.array(v.string())),
  grant_types_supported: v.optional(v.array(v.string())),
});

/** What an instance says of its OAuth. */
export interface Metadata {
  /** Address of the page to log in at: origin and path. On the instance's own host, and no less secure. */
  readonly authorizationEndpoint: string;
  /** Whether a login can be renewed without the browser. */
  readonly hasRefreshTokens: boolean;
}

/**
 * Asks an instance where people log in. It only confirms what is known without it: whoever answers there may say
 * anything, so an endpoint on another host, or a less secure one, is refused, and none of them ever gets a token.
 * @returns undefined where the instance does not say
 * @throws MetadataElsewhereError; LookerError where nobody answers; CanceledError
 */
export async function readMetadata(
  options: LookerApiOptions,
  signal?: AbortSignal,
): Promise<Metadata | undefined> {
  const { baseUrl } = options;
  let body: string;
  try {
    const reply = await send(options, { method: 'GET', path: PATH, signal });
    if (reply.status !== 200) return undefined;
    ({ body } = reply);
  } catch (error) {
    // A server that has no such document may send everybody to its own login page.
    if (error instanceof RedirectedError) return undefined;
    throw error;
  }
  const parsed = v.safeParse(MetadataReply, tryJson(body));
  if (!parsed.success) return undefined;
  const { issuer, authorization_endpoint, token_endpoint, ...supported } = parsed.output;
  for (const endpoint of [issuer, authorization_endpoint, token_endpoint]) {
    if (!isOwn(baseUrl, endpoint)) {
      throw new MetadataElsewhereError(baseUrl, shownOrigin(endpoint));
    }
  }
  if (supported.code_challenge_methods_supported?.includes('S256') === false) return undefined;
  return {
    authorizationEndpoint: authorization_endpoint.origin + authorization_endpoint.pathname,
    hasRefreshTokens: supported.grant_types_supported?.includes('refresh_token') ?? true,
  };
}

/** Whether an address is of the instance's own host, no less secure, and has nothing else in it. */
function isOwn(baseUrl: string, { href, origin, protocol, pathname }: URL): boolean {
  if (protocol !== 'https:' && protocol !== new URL(baseUrl).protocol) return false;
  const isPlain = href === origin + pathname;
  return isPlain && isSameHost(baseUrl, origin);
}

/** What is shown of an address that nobody has checked. */
function shownOrigin({ protocol, hostname, host }: URL): string {
  return isHost(hostname) ? `${protocol}//${host}` : protocol;
}
