import * as l10n from '@vscode/l10n';
import { inertText } from '../inert';
import { hostOf, isHost, isLoopback, portOf } from '../instance/host';

/** VS Code's proxy settings. */
export interface ProxySettings {
  /** `http.proxy`; '' if not set. */
  readonly proxy: string;
  /** `http.noProxy`: hosts, with or without a port, that are reached without a proxy. */
  readonly noProxy: readonly string[];
  /** Whether `http.proxySupport` is `off`, so that VS Code uses no proxy at all. */
  readonly isOff: boolean;
}

/** How an instance is reached, as far as the configuration shows. */
export interface ProxyRoute {
  /** May contain a user name and a password: show {@link proxyName} instead. */
  readonly proxy?: URL;
  /** False if the system may have a proxy that VS Code knows and Looker Auth doesn't. */
  readonly isCertain: boolean;
  /** Whether a proxy is set that VS Code can't use. */
  readonly isIgnored?: boolean;
  /** For the user. */
  readonly sentence: string;
}

/** The URL schemes that VS Code accepts for a proxy. */
const PROXY_SCHEME = /^(https?|socks(4a?|5h?)?):$/;

/**
 * The proxy that VS Code uses for an instance, by its own rules (`useProxySettings` and `proxyFromConfigURL` in
 * `src/index.ts` of microsoft/vscode-proxy-agent, 0.44.0): none for this machine; none for hosts in `http.noProxy` or,
 * if that is empty, in `no_proxy` or `NO_PROXY`; then `http.proxy`; then the environment's, for http and https alike.
 * An empty variable counts as unset. Extensions can't read the system's own configuration.
 */
export function resolveProxy(
  baseUrl: string,
  { proxy, noProxy, isOff }: ProxySettings,
  env: Readonly<Record<string, string | undefined>>,
): ProxyRoute {
  const host = hostOf(baseUrl);
  const certain = { isCertain: true };
  if (isLoopback(baseUrl)) {
    return { ...certain, sentence: l10n.t('{0} is this machine, so VS Code uses no proxy.', host) };
  }
  if (isOff) {
    return {
      ...certain,
      sentence: l10n.t('VS Code uses no proxy, because the setting "http.proxySupport" is off.'),
    };
  }
  const firstSet = (...names: string[]) => names.find((name) => env[name]) ?? '';
  const noProxyFromEnv = firstSet('no_proxy', 'NO_PROXY');
  const exceptions =
    noProxy.length > 0
      ? noProxy.map((exception) => exception.trim())
      : (env[noProxyFromEnv] ?? '').trim().split(',');
  if (isExcepted(baseUrl, exceptions)) {
    const source = noProxy.length > 0 ? 'http.noProxy' : noProxyFromEnv;
    return {
      ...certain,
      sentence: l10n.t('VS Code uses no proxy, because {1} excludes {0}.', host, source),
    };
  }
  let ignored: string | undefined;
  const proxyFromEnv = firstSet('https_proxy', 'HTTPS_PROXY', 'http_proxy', 'HTTP_PROXY');
  for (const [source, text] of [
    ['http.proxy', proxy],
    [proxyFromEnv, env[proxyFromEnv] ?? ''],
  ] as const) {
    const url = toProxy(text);
    if (!url) {
      if (text.trim() !== '') ignored ??= source;
      continue;
    }
    const sentence = l10n.t('VS Code uses the proxy {0}, set in {1}.', proxyName(url), source);
    return { ...certain, proxy: url, sentence };
  }
  if (ignored !== undefined) {
    const sentence = l10n.t(
      "VS Code can't use the proxy in {0}. Write it as {1}, and encode special characters in a password ({2}).",
      ignored,
      'http://host:port',
      '# → %23',
    );
    return { isCertain: false, isIgnored: true, sentence };
  }
  return {
    isCertain: false,
    sentence: l10n.t('No proxy in VS Code or its environment. The system may have one.'),
  };
}

/** A proxy as it may be shown, without user name and password. */
export function proxyName({ protocol, host, hostname }: URL): string {
  const name = `${protocol}//${host}`;
  return isHost(hostname) ? name : inertText(name);
}

function toProxy(text: string): URL | undefined {
  if (!text.includes('://') || !URL.canParse(text.trim())) return undefined;
  const url = new URL(text.trim());
  // A slash in a password ends the host, so that the user name and a part of the password would be taken for it.
  const isCutOff = (url.pathname + url.search + url.hash).includes('@');
  return PROXY_SCHEME.test(url.protocol) && url.hostname !== '' && !isCutOff ? url : undefined;
}

/**
 * Whether an exception matches: the host it names and all hosts below it, on any port unless it names one. Like
 * `shouldBypassProxy` in the same file of VS Code, it compares text: no subnets (`10.0.0.0/8`), no IPv6 addresses, and
 * `*` only on its own.
 */
function isExcepted(baseUrl: string, exceptions: readonly string[]): boolean {
  if (exceptions.includes('*')) return true;
  const { hostname } = new URL(baseUrl);
  return exceptions.some((exception) => {
    const [name = '', port = ''] = exception.trim().toLowerCase().split(':', 2);
    if (name === '' || (port !== '' && port !== portOf(baseUrl))) return false;
    return `.${hostname}`.endsWith(name.startsWith('.') ? name : `.${name}`);
  });
}
