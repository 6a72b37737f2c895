import { isSameInstance } from '../../looker/instance/host';
import type { HeaderValues } from './headerValues';

/**
 * Request headers that are passed on to the instance. Everything else is dropped: hop-by-hop headers, cookies,
 * forwarding headers, method overrides, and the broker's own token.
 */
const OF_REQUESTS =
  /^(accept|accept-(encoding|language)|cache-control|content-(encoding|language|length|type)|if-[a-z-]+|prefer|range|user-agent|x-looker-appid)$/;

/**
 * Response headers that are passed on to the program: what the content is, and how to page, retry and cache it. Headers
 * that send a client elsewhere or make it store something are dropped: cookies, `Location`,
 * `Strict-Transport-Security`, `Alt-Svc`, and CORS.
 */
const OF_RESPONSES =
  /^(age|cache-control|content-(disposition|encoding|language|length|range|type)|date|etag|expires|last-modified|link|retry-after|vary|warning|x-(looker|ratelimit|request|total)-[a-z-]+|ratelimit(-[a-z]+)?)$/;

/**
 * The headers to send to the instance.
 * @param token the account's token; undefined if the request needs no login
 */
export function requestHeaders(
  headers: HeaderValues,
  token: string | undefined,
): Record<string, string> {
  // Some firewalls refuse clients without a user agent.
  const passed: Record<string, string> = { 'user-agent': 'looker-auth' };
  // Headers that `Connection` names are meant for this connection only (RFC 9110, 7.6.1).
  const ours = (headers.get('connection') ?? [])
    .join()
    .toLowerCase()
    .split(/[,\s]+/);
  for (const [name, values] of headers) {
    if (OF_REQUESTS.test(name) && !ours.includes(name)) passed[name] = values.join(', ');
  }
  if (token !== undefined) passed['authorization'] = `token ${token}`;
  return passed;
}

/**
 * The headers to send to the program.
 * @param asked the requested URL at the instance
 * @param origin the broker's own origin
 */
export function responseHeaders(
  status: number,
  headers: HeaderValues,
  asked: string,
  origin: string,
): Record<string, string> {
  const passed: Record<string, string> = {};
  for (const [name, values] of headers) {
    // A 204 has no body. With a Content-Length, the client would wait for one (RFC 9110, 8.6).
    if (!OF_RESPONSES.test(name) || (status === 204 && name === 'content-length')) continue;
    const value = values.join(', ');
    const shown = name === 'link' ? linksHere(value, asked, origin) : value;
    if (shown !== undefined) passed[name] = shown;
  }
  return Object.assign(passed, NOT_FOR_PAGES);
}

/** A link and its parameters, whose quoted values may contain commas (RFC 8288, 3). */
const LINK = /<([^<>]*)>((?:[^,"<>]|"(?:[^"\\]|\\.)*")*)/g;

/**
 * SDKs follow `Link` to the next page with the broker's token, so links to the instance are rewritten to the broker and
 * all others are dropped.
 */
function linksHere(value: string, asked: string, origin: string): string | undefined {
  const links = [...value.matchAll(LINK)].flatMap(([, target = '', parameters = '']) => {
    if (!URL.canParse(target, asked)) return [];
    const url = new URL(target, asked);
    const isWeb = url.protocol === 'https:' || url.protocol === 'http:';
    if (!isWeb || !isSameInstance(url.origin, new URL(asked).origin)) return [];
    return [`<${origin}${url.pathname}${url.search}${url.hash}>${parameters.trimEnd()}`];
  });
  return links.length > 0 ? links.join(', ') : undefined;
}

/** Headers that keep web pages from using the broker's responses. */
export const NOT_FOR_PAGES = {
  'cross-origin-resource-policy': 'same-origin',
  'x-content-type-options': 'nosniff',
} as const;
