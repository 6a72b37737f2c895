import * as l10n from '@vscode/l10n';
import { hostOf, isLoopback, portOf } from './host';

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
export interface Way {
  /** May hold a user name and a password: show {@link proxyName}. */
  readonly proxy?: URL;
  /** Whether VS Code cannot know of another proxy, from the system. */
  readonly isCertain: boolean;
  /** For the user. */
  readonly sentence: string;
}

/**
 * The proxy that VS Code takes for an instance, after its own rules (vscode-proxy-agent): none for this
 * machine; none for what `http.noProxy`, or where that is empty `NO_PROXY`, excepts; then `http.proxy`, then
 * the environment's, for http and https alike. What the system configures beyond that, no extension can ask.
 */
export function wayTo(
  baseUrl: string,
  { proxy, noProxy, isOff }: ProxySettings,
  env: Readonly<Record<string, string | undefined>>,
): Way {
  const host = hostOf(baseUrl);
  const certain = { isCertain: true };
  if (isLoopback(baseUrl)) {
    return { ...certain, sentence: l10n.t('{0} is this machine: no proxy is used.', host) };
  }
  if (isOff) {
    return {
      ...certain,
      sentence: l10n.t('None is used: the setting "http.proxySupport" of VS Code is off.'),
    };
  }
  const envNoProxy = (env['no_proxy'] ?? env['NO_PROXY'] ?? '').split(',');
  if (isExcepted(baseUrl, noProxy.length > 0 ? noProxy : envNoProxy)) {
    const source = noProxy.length > 0 ? 'http.noProxy' : 'NO_PROXY';
    return { ...certain, sentence: l10n.t('None is used: {0} is excepted by {1}.', host, source) };
  }
  const fromEnv = ['https_proxy', 'HTTPS_PROXY', 'http_proxy', 'HTTP_PROXY'].find(
    (name) => env[name],
  );
  for (const [source, text] of [
    ['http.proxy', proxy],
    [fromEnv ?? '', env[fromEnv ?? ''] ?? ''],
  ] as const) {
    if (!text.includes('://') || !URL.canParse(text.trim())) continue;
    const url = new URL(text.trim());
    const sentence = l10n.t('VS Code goes through {0}, as {1} says.', proxyName(url), source);
    return { ...certain, proxy: url, sentence };
  }
  return {
    isCertain: false,
    sentence: l10n.t('None seen in VS Code or its environment; the system may have one.'),
  };
}

/** A proxy as it may be shown: without user name and password. */
export function proxyName({ protocol, host }: URL): string {
  return `${protocol}//${host}`;
}

/** An exception holds for the host named and for all below it. */
function isExcepted(baseUrl: string, exceptions: readonly string[]): boolean {
  const { hostname } = new URL(baseUrl);
  const port = portOf(baseUrl);
  return exceptions.some((exception) => {
    const [name = '', onPort] = exception.trim().toLowerCase().split(':', 2);
    if (name === '*') return true;
    if (name === '' || (onPort !== undefined && onPort !== port)) return false;
    return `.${hostname}`.endsWith(name.startsWith('.') ? name : `.${name}`);
  });
}
