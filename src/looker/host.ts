/** What the user sees of an instance: its host, and its port where that is not the scheme's own. */
export function hostOf(baseUrl: string): string {
  return URL.canParse(baseUrl) ? new URL(baseUrl).host : baseUrl;
}

/** Whether two base URLs are of one host, on whichever ports. */
export function isSameHost(baseUrl: string, other: string): boolean {
  return new URL(baseUrl).hostname === new URL(other).hostname;
}

/** The port that requests to this base URL go to, the scheme's own one named too. */
export function portOf(baseUrl: string): string {
  const { port, protocol } = new URL(baseUrl);
  return port || (protocol === 'https:' ? '443' : '80');
}

/** The names of this machine that VS Code never hands to a proxy (`useProxySettings` in @vscode/proxy-agent). */
const LOOPBACK = /^https?:\/\/(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/;

/**
 * Whether requests to this base URL, an origin, never leave the machine. `dev.localhost` and `127.0.0.2` are of this
 * machine too, but where VS Code has a proxy, they are asked for there.
 */
export function isLoopback(baseUrl: string): boolean {
  return LOOPBACK.test(baseUrl);
}
