import * as v from 'valibot';

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
  if (!parsed.success || !URL.canParse(parsed.output.api_server_url)) return undefined;
  const { origin, protocol } = new URL(parsed.output.api_server_url);
  const isSafe = protocol === 'https:' || protocol === new URL(baseUrl).protocol;
  return isSafe && origin !== baseUrl ? origin : undefined;
}
