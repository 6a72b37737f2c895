/** How an instance is shown to the user: its host, and its port if it isn't the scheme's default. */
export function hostOf(baseUrl: string): string {
  return URL.canParse(baseUrl) ? new URL(baseUrl).host : baseUrl;
}

/** Whether two base URLs have the same host, on any port. */
export function isSameHost(baseUrl: string, other: string): boolean {
  return new URL(baseUrl).hostname === new URL(other).hostname;
}

/** The port of the API alone, on self-hosted and older Looker-hosted instances. */
export const API_PORT = '19999';

/** The ports of Looker's API: 443 (which URLs leave out), and 19999 on older instances. */
const USUAL_PORTS = ['', API_PORT];

/**
 * Whether two base URLs name the same instance: they are equal, or differ only in their port, and both ports are
 * usual ones.
 */
export function isSameInstance(baseUrl: string, other: string): boolean {
  return baseUrl === other || withoutUsualPort(baseUrl) === withoutUsualPort(other);
}

/**
 * Position of an instance in a list of base URLs: of exactly this one, or else of another that names the same instance.
 * @returns -1 if it isn't in the list
 */
export function indexOfInstance(
  baseUrls: readonly (string | undefined)[],
  baseUrl: string,
): number {
  const exact = baseUrls.indexOf(baseUrl);
  return exact >= 0
    ? exact
    : baseUrls.findIndex((other) => other !== undefined && isSameInstance(other, baseUrl));
}

/** The base URL without a usual port, so that all base URLs of an instance become equal. */
export function withoutUsualPort(baseUrl: string): string {
  if (!URL.canParse(baseUrl)) return baseUrl;
  const url = new URL(baseUrl);
  if (url.protocol === 'https:' && USUAL_PORTS.includes(url.port)) url.port = '';
  return url.origin;
}

/** The port that requests to this base URL use, even if it is the scheme's default. */
export function portOf(baseUrl: string): string {
  const { port, protocol } = new URL(baseUrl);
  return port || (protocol === 'https:' ? '443' : '80');
}

/** The names of this machine that VS Code never sends to a proxy (`useProxySettings` in @vscode/proxy-agent). */
const LOOPBACK = /^https?:\/\/(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/;

/**
 * Whether requests to this base URL, an origin, never leave the machine. `dev.localhost` and `127.0.0.2` are also this
 * machine, but VS Code sends requests for them to its proxy.
 */
export function isLoopback(baseUrl: string): boolean {
  return LOOPBACK.test(baseUrl);
}

/** DNS doesn't allow longer names. */
const LONGEST_HOST = 253;
const LABEL = /^(?!-)[a-z\d_-]{1,63}(?<!-)$/;

/**
 * Whether this is a host, as `URL` writes it: letters, digits, `-` (at no end of a label), `_` and `.` (other scripts are
 * punycode by then), or an IPv6 address in brackets. `URL` itself also accepts `$(x).evil.test` and
 * `acme.com(eu).evil.test`.
 */
export function isHost(hostname: string): boolean {
  if (hostname.startsWith('[')) return /^\[[\da-f:.]{2,45}\]$/.test(hostname);
  return hostname.length <= LONGEST_HOST && hostname.split('.').every((label) => LABEL.test(label));
}

/**
 * The origin of a URL from a server's response, checked so that it can be shown and offered.
 * @param base what a relative URL is resolved against
 * @returns undefined if it isn't `http` or `https`, or its host isn't valid ({@link isHost})
 */
export function namedOrigin(url: string, base?: string): string | undefined {
  if (!URL.canParse(url, base)) return undefined;
  const { origin, protocol, hostname } = new URL(url, base);
  return /^https?:$/.test(protocol) && isHost(hostname) ? origin : undefined;
}

/** The same for a URL that an instance names as its own: undefined, too, if it is less secure than the instance's. */
export function safeOrigin(url: string | undefined, baseUrl: string): string | undefined {
  const origin = url === undefined ? undefined : namedOrigin(url);
  return origin?.startsWith('https:') || baseUrl.startsWith('http:') ? origin : undefined;
}

/** Whether a text is a base URL in the form that accounts store: an origin with a valid host ({@link isHost}). */
export function isBaseUrl(text: string): boolean {
  if (!/^https?:/.test(text) || !URL.canParse(text)) return false;
  const { origin, hostname } = new URL(text);
  return origin === text && isHost(hostname);
}
