import * as v from 'valibot';
import { isHost, isSameHost } from '../instance/host';
import { send } from '../network/http';
import type { LookerApiOptions } from '../api/lookerApiOptions';
import { tryJson } from '../api/responses';
import { RedirectedError } from '../errors/notLooker';
import { MetadataElsewhereError } from './errors';

/** Where hosted instances describe their OAuth (RFC 8414, 3). Older and self-hosted instances may not have it. */
const PATH = '/.well-known/oauth-authorization-server';

const Endpoint = v.pipe(
  v.string(),
  v.maxLength(2048),
  v.check((text) => URL.canParse(text)),
  v.transform((text) => new URL(text)),
);

/** The parts of RFC 8414, section 2, that Looker Auth needs. */
const MetadataResponse = v.object({
  issuer: Endpoint,
  authorization_endpoint: Endpoint,
  token_endpoint: Endpoint,
  code_challenge_methods_supported: v.exactOptional(v.array(v.string())),
});

/** What an instance says about its OAuth. */
export interface Metadata {
  /** URL of the login page: origin and path. Always on the instance's own host, and no less secure. */
  readonly authorizationEndpoint: string;
}

/**
 * Reads where users log in. The response can't be trusted, so it can only confirm known facts: an endpoint on another
 * host, or a less secure one, is refused, and no token is ever sent to any of these endpoints.
 * @returns undefined if the instance has no such document, or it can't be used
 * @throws MetadataElsewhereError; LookerError if there is no response; CanceledError
 */
export async function readMetadata(
  options: LookerApiOptions,
  signal?: AbortSignal,
): Promise<Metadata | undefined> {
  const { baseUrl } = options;
  let body: string;
  try {
    const response = await send(options, { method: 'GET', path: PATH, signal });
    if (response.status !== 200) return undefined;
    ({ body } = response);
  } catch (error) {
    // A server without this document may redirect all requests to its sign-in page.
    if (error instanceof RedirectedError) return undefined;
    throw error;
  }
  const parsed = v.safeParse(MetadataResponse, tryJson(body));
  if (!parsed.success) return undefined;
  const { issuer, authorization_endpoint, token_endpoint, ...supported } = parsed.output;
  for (const endpoint of [issuer, authorization_endpoint, token_endpoint]) {
    if (!isOwn(baseUrl, endpoint)) {
      throw new MetadataElsewhereError(baseUrl, shownOrigin(endpoint));
    }
  }
  if (supported.code_challenge_methods_supported?.includes('S256') === false) return undefined;
  // VS Code decodes and encodes a URL that it opens, so other characters might turn into parts of the query.
  if (!/^[\w/.~-]*$/.test(authorization_endpoint.pathname)) return undefined;
  return {
    authorizationEndpoint: authorization_endpoint.origin + authorization_endpoint.pathname,
  };
}

/** Whether a URL is on the instance's own host, no less secure, and has only an origin and a path. */
function isOwn(baseUrl: string, { href, origin, protocol, pathname }: URL): boolean {
  if (protocol !== 'https:' && protocol !== new URL(baseUrl).protocol) return false;
  const isPlain = href === origin + pathname;
  return isPlain && isSameHost(baseUrl, origin);
}

/** The part of an unverified URL that is safe to show. */
function shownOrigin({ protocol, hostname, host }: URL): string {
  return isHost(hostname) ? `${protocol}//${host}` : protocol;
}
