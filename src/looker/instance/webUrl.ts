import { isSameHost, namedOrigin } from './host';

/** Where self-hosted and older Looker-hosted instances have their API, and nothing but their API. */
const API_PORT = '19999';

/**
 * Where an instance is used in the browser. That need not be its base URL: instances that Looker hosts have
 * the API on port 19999 and the pages on 443, self-hosted ones the pages often on 9999.
 * @param told the `web_server_url` of `GET /versions`, if any. Believed only where it names the instance's own
 *   host, and is no less secure: whoever answers there must not send people elsewhere
 */
export function webUrlOf(baseUrl: string, told?: string): string {
  const web = safeOrigin(baseUrl, told);
  if (web !== undefined && isSameHost(baseUrl, web)) return web;
  const base = new URL(baseUrl);
  if (base.port === API_PORT) base.port = '';
  return base.origin;
}

/**
 * Another host that an instance says its pages are on. Whoever answers there may say anything, so it is opened only
 * after the user has agreed.
 * @param told the `web_server_url` of `GET /versions`, if any
 */
export function otherWebUrl(baseUrl: string, told: string | undefined): string | undefined {
  const web = safeOrigin(baseUrl, told);
  return web === undefined || isSameHost(baseUrl, web) ? undefined : web;
}

/** The origin of a URL that is no less secure than the instance's. */
function safeOrigin(baseUrl: string, told: string | undefined): string | undefined {
  const origin = told === undefined ? undefined : namedOrigin(told);
  return origin?.startsWith('https:') || baseUrl.startsWith('http:') ? origin : undefined;
}
