import * as v from 'valibot';
import { safeOrigin } from './host';

/** Part of `GET /versions`; optional, as every field in the vendor's schema. */
const ApiServerResponse = v.object({ api_server_url: v.string() });

/**
 * The API's URL as `GET /versions` reports it: the web server may also answer that request, on a port or host of its
 * own. The response can't be trusted, so nothing is sent to that URL before the user agrees.
 * @param response the JSON
 * @returns an origin other than the instance's and no less secure; undefined if there is none
 */
export function otherApiUrl(response: unknown, baseUrl: string): string | undefined {
  const parsed = v.safeParse(ApiServerResponse, response);
  const origin = parsed.success ? safeOrigin(parsed.output.api_server_url, baseUrl) : undefined;
  return origin === baseUrl ? undefined : origin;
}
