import * as v from 'valibot';
import { namedOrigin } from './host';

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
  const origin = parsed.success ? namedOrigin(parsed.output.api_server_url) : undefined;
  if (origin === undefined) return undefined;
  const isSafe = origin.startsWith('https:') || baseUrl.startsWith('http:');
  return isSafe && origin !== baseUrl ? origin : undefined;
}
