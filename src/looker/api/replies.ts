// What a reply tells: whether it is Looker's, and what is in it.
import * as l10n from '@vscode/l10n';
import * as v from 'valibot';
import { httpDate, type ServerClock } from '../clock';
import { InterceptedError, NotLookerApiError } from '../errors/notLooker';
import { ProxyError } from '../errors/network';
import { RateLimitedError, ServerError, UnexpectedReplyError } from '../errors/response';
import type { Reply } from '../network/http';
import { interceptorOf } from './interception';
import { retryAfterMs } from './retryAfter';

/** Whose replies are read. */
interface Instance {
  readonly baseUrl: string;
  readonly serverClock: ServerClock;
}

/** What of Looker's errors (Error, 3.0 to 4.0) other servers do not have: both fields are required. */
const RefusalReply = v.object({ message: v.any(), documentation_url: v.any() });

/** Whether Looker says no itself: others refuse in JSON, too. */
export function isRefusalReply({ status, body }: Reply): boolean {
  return status >= 400 && v.is(RefusalReply, jsonIn(body));
}

/** Who answers in its place, if that can be told. */
export function notLooker(baseUrl: string, reply: Reply): NotLookerApiError {
  const interceptor = interceptorOf(reply);
  return interceptor
    ? new InterceptedError(baseUrl, reply.status, interceptor)
    : new NotLookerApiError(baseUrl, reply.status);
}

/** That a reply says "not now", and how long to wait; undefined where it says something else. */
export function rateLimitIn(
  { baseUrl, serverClock }: Instance,
  { status, header, date }: Reply,
): RateLimitedError | undefined {
  const retryAfter = header('retry-after');
  if (status !== 429 && (status !== 503 || retryAfter === null)) return undefined;
  const wait = retryAfterMs(retryAfter, httpDate(date) ?? serverClock.now());
  return new RateLimitedError(baseUrl, status, wait);
}

/** @throws ProxyError, ServerError where the answer is not Looker's own, or says nothing about what was asked */
export function refuseOthers(baseUrl: string, { status }: Reply): void {
  if (status === 407) throw new ProxyError(baseUrl, status);
  if (status === 511) return;
  // Whoever is in front of Looker gave up waiting (408) or does not want to be the first (425).
  if (status >= 500 || status === 408 || status === 425) throw new ServerError(baseUrl, status);
}

/**
 * What a reply of Looker's own says. Its clock is heard.
 * @throws NotLookerApiError, InterceptedError where it is no JSON; UnexpectedReplyError where it does not fit
 */
export function parseReply<Schema extends v.GenericSchema>(
  { baseUrl, serverClock }: Instance,
  schema: Schema,
  reply: Reply,
): v.InferOutput<Schema> {
  const { status, body, date, sentAt } = reply;
  const json = jsonIn(body);
  if (json === undefined) throw notLooker(baseUrl, reply);
  const parsed = v.safeParse(schema, json);
  if (parsed.success) {
    // Only now is it sure that it is Looker's clock, and not that of a page in between.
    serverClock.hear(date, sentAt);
    return parsed.output;
  }
  const [issue] = parsed.issues;
  const field = v.getDotPath(issue) ?? l10n.t('the reply');
  throw new UnexpectedReplyError(
    baseUrl,
    status,
    l10n.t('{0} is missing or not what it should be', field),
  );
}

/** undefined where a body is no JSON. */
export function jsonIn(body: string): unknown {
  try {
    return JSON.parse(body) as unknown;
  } catch {
    return undefined;
  }
}
