import * as l10n from '@vscode/l10n';
import * as v from 'valibot';
import { ProxyError } from '../errors/network';
import { InterceptedError, NotLookerApiError } from '../errors/notLooker';
import { RateLimitedError, ServerError, UnexpectedReplyError } from '../errors/response';
import { httpDate, type ServerClock } from '../clock';
import { interceptorOf } from './interception';
import { retryAfterMs } from './retryAfter';
import type { Reply } from '../network/http';

/**
 * What of Looker's errors (Error, 3.0 to 4.0) other servers do not have: both fields are required. GitHub and its like
 * have them, too, and name pages of their own.
 */
const RefusalReply = v.object({
  message: v.any(),
  documentation_url: v.pipe(
    v.any(),
    v.check((url) => typeof url !== 'string' || !/^https?:/i.test(url) || /looker/i.test(url)),
  ),
});

/** Whether Looker says no itself: others refuse in JSON, too. */
export function isRefusal({ status, body }: Reply): boolean {
  return status >= 400 && v.is(RefusalReply, tryJson(body));
}

/** @throws ProxyError, ServerError where the answer is not Looker's own, or says nothing about what was asked */
export function refuseOthers(baseUrl: string, { status }: Reply): void {
  if (status === 407) throw new ProxyError(baseUrl, status);
  if (status === 511) return;
  // Whoever is in front of Looker gave up waiting (408) or does not want to be the first (425).
  if (status >= 500 || status === 408 || status === 425) throw new ServerError(baseUrl, status);
}

/** That a reply says "not now", and how long to wait; undefined where it says something else. */
export function rateLimitIn(
  baseUrl: string,
  serverClock: ServerClock,
  { status, header, date }: Reply,
): RateLimitedError | undefined {
  const retryAfter = header('retry-after');
  if (status !== 429 && (status !== 503 || retryAfter === null)) return undefined;
  const wait = retryAfterMs(retryAfter, httpDate(date) ?? serverClock.now());
  return new RateLimitedError(baseUrl, status, wait);
}

/** What a body says in JSON; undefined where it is none. */
export function tryJson(body: string): unknown {
  try {
    return JSON.parse(body) as unknown;
  } catch {
    return undefined;
  }
}

/** Who answers in Looker's place, if that can be told. */
export function notLookerError(baseUrl: string, reply: Reply): NotLookerApiError {
  const interceptor = interceptorOf(reply);
  return interceptor
    ? new InterceptedError(baseUrl, reply.status, interceptor)
    : new NotLookerApiError(baseUrl, reply.status);
}

/** What Looker has answered. @throws NotLookerApiError; UnexpectedReplyError */
export function parseReply<Schema extends v.GenericSchema>(
  schema: Schema,
  reply: Reply,
  baseUrl: string,
): v.InferOutput<Schema> {
  const json = tryJson(reply.body);
  if (json === undefined) throw notLookerError(baseUrl, reply);
  const parsed = v.safeParse(schema, json);
  if (parsed.success) return parsed.output;
  const [issue] = parsed.issues;
  const field = v.getDotPath(issue) ?? l10n.t('the reply');
  throw new UnexpectedReplyError(
    baseUrl,
    reply.status,
    l10n.t('{0} is missing or not what it should be', field),
  );
}
