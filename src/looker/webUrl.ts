/** Where self-hosted and older Looker-hosted instances have their API, and nothing but their API. */
const API_PORT = '19999';

/**
 * Where an instance is used in the browser. That need not be its base URL: instances that Looker hosts have
 * the API on port 19999 and the pages on 443, self-hosted ones the pages often on 9999.
 * @param told the `web_server_url` of `GET /versions`, if any. Believed only where it names the instance's own
 *   host, and is no less secure: whoever answers there must not send people elsewhere
 */
export function webUrlOf(baseUrl: string, told?: string): string {
  const base = new URL(baseUrl);
  const web = told !== undefined && URL.canParse(told) ? new URL(told) : undefined;
  const isSafe = web?.protocol === 'https:' || web?.protocol === base.protocol;
  if (web && isSafe && web.hostname === base.hostname) return web.origin;
  if (base.port === API_PORT) base.port = '';
  return base.origin;
}
