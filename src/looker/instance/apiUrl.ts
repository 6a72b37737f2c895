import * as v from 'valibot';
import { namedOrigin } from './host';

/** Of `GET /versions`; optional in the vendor's schema, as all of it. */
const ApiServerReply = v.object({ api_server_url: v.string() });

/**
 * Where an instance says that its API is, in `GET /versions`: its web server may answer that, too, on a port or host of
 * its own. Whoever answers there may say anything, so nothing is sent there before the user has agreed.
 * @param reply the JSON
 * @returns another origin than the instance's, no less secure; undefined where there is none
 */
export function otherApiUrl(reply: unknown, baseUrl: string): string | undefined {
  const parsed = v.safeParse(ApiServerReply, reply);
  const origin = parsed.success ? namedOrigin(parsed.output.api_server_url) : undefined;
  if (origin === undefined) return undefined;
  const isSafe = origin.startsWith('https:') || baseUrl.startsWith('http:');
  return isSafe && origin !== baseUrl ? origin : undefined;
}
