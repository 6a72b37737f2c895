import { API_PORT, isSameHost, safeOrigin } from './host';

/**
 * The URL of an instance's pages for the browser. It can differ from the base URL: instances that Looker hosts have the
 * API on port 19999 and the pages on 443, and self-hosted ones often have the pages on 9999.
 * @param told `web_server_url` of `GET /versions`, if any. Used only if it names the instance's own host and is no less
 *   secure: the response must not be able to send people elsewhere
 */
export function webUrlOf(baseUrl: string, told?: string): string {
  const web = safeOrigin(told, baseUrl);
  if (web !== undefined && isSameHost(baseUrl, web)) return web;
  const base = new URL(baseUrl);
  if (base.port === API_PORT) base.port = '';
  return base.origin;
}

/**
 * Another host that an instance names for its pages. The response can't be trusted, so it is opened only after the user
 * agrees.
 * @param told `web_server_url` of `GET /versions`, if any
 */
export function otherWebUrl(baseUrl: string, told: string | undefined): string | undefined {
  const web = safeOrigin(told, baseUrl);
  return web === undefined || isSameHost(baseUrl, web) ? undefined : web;
}
