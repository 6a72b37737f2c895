import * as l10n from '@vscode/l10n';
import { inertText } from '../inert';
import { hostOf, isLoopback, portOf } from '../instance/host';

/** What VS Code's settings say about proxies. */
export interface ProxySettings {
  /** `http.proxy`, '' where there is none. */
  readonly proxy: string;
  /** `http.noProxy`: hosts, with or without a port, that are reached without one. */
  readonly noProxy: readonly string[];
  /** Whether `http.proxySupport` is `off`, so that VS Code uses none at all. */
  readonly isOff: boolean;
}

/** How an instance is reached, as far as that is configured where we can see it. */
export interface ProxyRoute {
  /** May hold a user name and a password: show {@link proxyName}. */
  readonly proxy?: URL;
  /** Whether VS Code cannot know of another proxy, from the system. */
  readonly isCertain: boolean;
  /** For the user. */
  readonly sentence: string;
}

/** What VS Code takes for a proxy, by the scheme of its URL. */
const PROXY_SCHEME = /^(https?|socks(4a?|5h?)?):$/;

/**
 * The proxy that VS Code takes for an instance, after its own rules (`useProxySettings` and `proxyFromConfigURL`
 * in `src/index.ts` of microsoft/vscode-proxy-agent, 0.44.0): none for this machine; none for what `http.noProxy`,
 * or where that is empty `no_proxy` or `NO_PROXY`, excepts; then `http.proxy`, then the environment's, for http and
 * https alike. An empty variable counts as unset. What the system configures beyond that, no extension can ask.
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
  const proxyFromEnv = firstSet('https_proxy', 'HTTPS_PROXY', 'http_proxy', 'HTTP_PROXY');
  for (const [source, text] of [
    ['http.proxy', proxy],
    [proxyFromEnv, env[proxyFromEnv] ?? ''],
  ] as const) {
    const url = toProxy(text);
    if (!url) continue;
    const sentence = l10n.t('VS Code uses the proxy {0}, set in {1}.', proxyName(url), source);
    return { ...certain, proxy: url, sentence };
  }
  return {
    isCertain: false,
    sentence: l10n.t('No proxy is set in VS Code or its environment. The system may have one.'),
  };
}

/** A proxy as it may be shown: without user name and password. */
export function proxyName({ protocol, host }: URL): string {
  return inertText(`${protocol}//${host}`);
}

function toProxy(text: string): URL | undefined {
  if (!text.includes('://') || !URL.canParse(text.trim())) return undefined;
  const url = new URL(text.trim());
  return PROXY_SCHEME.test(url.protocol) ? url : undefined;
}

/**
 * An exception holds for the host named and for all below it, on any port where it names none. Just as
 * `shouldBypassProxy` in the same file of VS Code's, it compares text: it knows no subnets (`10.0.0.0/8`), no IPv6
 * addresses, and no star but one alone.
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
