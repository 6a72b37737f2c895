import { valuesOf } from './requestRules';

/**
 * What of a request goes on to the instance; all else stays here: hop-by-hop headers, cookies, who is forwarded for
 * whom, a method in place of the method, and the broker's own token.
 */
const OF_REQUESTS =
  /^(accept|accept-(encoding|language)|cache-control|content-(encoding|language|length|type)|if-[a-z-]+|prefer|range|user-agent|x-looker-appid)$/;

/**
 * What of a response goes on to the program: what it is, and how to page, retry and cache it. Nothing that tells a client
 * where else to go, or to remember something: no cookies, `Location`, `Strict-Transport-Security`, `Alt-Svc`, and no CORS.
 */
const OF_RESPONSES =
  /^(age|cache-control|content-(disposition|encoding|language|length|range|type)|date|etag|expires|last-modified|link|retry-after|vary|warning|x-(looker|ratelimit|request|total)-[a-z-]+|ratelimit(-[a-z]+)?)$/;

/**
 * The headers a request goes on with.
 * @param token of the account; none where nobody needs to be logged in
 */
export function requestHeaders(
  rawHeaders: readonly string[],
  token: string | undefined,
): Record<string, string> {
  // What `Connection` names is meant for this connection alone (RFC 9110, 7.6.1).
  const ours = new Set(
    valuesOf(rawHeaders, 'connection')
      .join()
      .toLowerCase()
      .split(',')
      .map((name) => name.trim()),
  );
  const passed = pairsOf(rawHeaders).filter(([name]) => OF_REQUESTS.test(name) && !ours.has(name));
  return {
    // Some firewalls refuse whoever does not say what it is.
    'user-agent': 'looker-auth',
    ...joined(passed),
    ...(token !== undefined && { authorization: `token ${token}` }),
  };
}

/** The headers a response goes on with. */
export function responseHeaders(
  headers: Iterable<readonly [string, string]>,
): Record<string, string> {
  const passed = [...headers].filter(([name]) => OF_RESPONSES.test(name.toLowerCase()));
  return { ...joined(passed), ...NOT_FOR_PAGES };
}

/** What keeps a browser from using whatever comes from here. */
export const NOT_FOR_PAGES = {
  'cross-origin-resource-policy': 'same-origin',
  'x-content-type-options': 'nosniff',
} as const;

function pairsOf(rawHeaders: readonly string[]): readonly (readonly [string, string])[] {
  return rawHeaders.flatMap((name, i) =>
    i % 2 === 0 ? [[name.toLowerCase(), rawHeaders[i + 1] ?? ''] as const] : [],
  );
}

function joined(pairs: readonly (readonly [string, string])[]): Record<string, string> {
  const all: Record<string, string> = {};
  for (const [name, value] of pairs) {
    const before = all[name];
    all[name] = before === undefined ? value : `${before}, ${value}`;
  }
  return all;
}
