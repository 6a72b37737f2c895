import * as v from 'valibot';
import { ProxyError } from '../errors/network';
import type { LookerError } from '../errors/lookerError';
import { InterceptedError, NotLookerApiError } from '../errors/notLooker';
import { RateLimitedError, ServerError, UnexpectedResponseError } from '../errors/response';
import { httpDate, type ServerClock } from '../clock';
import { interceptorOf, isBlocked, isServerFailure } from './interception';
import { retryAfterMs } from './retryAfter';
import type { HttpResponse } from '../network/http';

/**
 * The fields of Looker's errors (Error, 3.0 to 4.0) that tell them from other servers' errors: both are required.
 * GitHub and similar servers have them, too, and link to their own pages.
 */
const RefusalResponse = v.object({
  message: v.unknown(),
  documentation_url: v.pipe(
    v.unknown(),
    v.check((url) => typeof url !== 'string' || !/^https?:/i.test(url) || /looker/i.test(url)),
  ),
});

/** Whether Looker itself refused: other servers also refuse in JSON. */
export function isLookersError({ status, body }: HttpResponse): boolean {
  return status >= 400 && v.is(RefusalResponse, tryJson(body));
}

/** The error for a response of a proxy or a server that says nothing about the request. */
export function serverFailure(baseUrl: string, { status }: HttpResponse): LookerError | undefined {
  if (status === 407) return new ProxyError(baseUrl, status);
  return isServerFailure(status) ? new ServerError(baseUrl, status) : undefined;
}

/**
 * The error for a response that says nothing about the request, whatever the endpoint: a block by something in front of
 * Looker, a rate limit, or the failure of a proxy or a server.
 * @returns undefined if the request itself was refused, by Looker or by something in its place
 */
export function passingFailure(
  { baseUrl, serverClock }: { readonly baseUrl: string; readonly serverClock: ServerClock },
  response: HttpResponse,
): LookerError | undefined {
  if (!isLookersError(response) && isBlocked(response)) return notLookerError(baseUrl, response);
  return rateLimitIn(baseUrl, serverClock, response) ?? serverFailure(baseUrl, response);
}

/** The rate limit that a response reports, with the time to wait; undefined if it reports none. */
function rateLimitIn(
  baseUrl: string,
  serverClock: ServerClock,
  { status, header, date }: HttpResponse,
): RateLimitedError | undefined {
  const retryAfter = header('retry-after');
  if (status !== 429 && (status !== 503 || retryAfter === null)) return undefined;
  const wait = retryAfterMs(retryAfter, httpDate(date) ?? serverClock.now());
  return new RateLimitedError(baseUrl, status, wait);
}

/** Parses JSON; undefined if the body isn't JSON. */
export function tryJson(body: string): unknown {
  try {
    return JSON.parse(body) as unknown;
  } catch {
    return undefined;
  }
}

/** The error for a response that isn't Looker's, naming what sent it if that can be determined. */
export function notLookerError(baseUrl: string, response: HttpResponse): NotLookerApiError {
  const interceptor = interceptorOf(response);
  return interceptor
    ? new InterceptedError(baseUrl, response.status, interceptor)
    : new NotLookerApiError(baseUrl, response.status);
}

/** Parses a response from Looker. @throws NotLookerApiError; UnexpectedResponseError */
export function parseResponse<Schema extends v.GenericSchema>(
  schema: Schema,
  response: HttpResponse,
  baseUrl: string,
): v.InferOutput<Schema> {
  const json = tryJson(response.body);
  if (json === undefined) throw notLookerError(baseUrl, response);
  const parsed = v.safeParse(schema, json);
  if (parsed.success) return parsed.output;
  const [issue] = parsed.issues;
  throw new UnexpectedResponseError(baseUrl, response.status, v.getDotPath(issue));
}
