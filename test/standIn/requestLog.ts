import type { IncomingHttpHeaders } from 'node:http';
import type { RequestHandler } from 'express';
import { type ApiVersion, apiVersionOf } from './apiVersion';
import { tokenIn } from './authorization';
import { queryOf } from './query';

/** One request as it came, and what became of it. */
export interface RecordedRequest {
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: IncomingHttpHeaders;
  /** The body, form or JSON; `{}` when there was none. */
  readonly form: Readonly<Record<string, unknown>>;
  /** The token it was sent with, good or not. */
  readonly token: string | undefined;
  /** The status answered; undefined until the answer is complete. */
  readonly status: number | undefined;
  readonly apiVersion: ApiVersion | undefined;
}

/** Records every request on arrival, so one that is never answered is on record too. */
export function recordInto(requests: RecordedRequest[]): RequestHandler {
  return (request, response, next) => {
    requests.push({
      method: request.method,
      path: request.path,
      query: queryOf(request),
      headers: { ...request.headers },
      get form() {
        return { ...(request.body as Record<string, unknown> | undefined) };
      },
      token: tokenIn(request),
      get status() {
        return response.writableEnded ? response.statusCode : undefined;
      },
      apiVersion: apiVersionOf(request.path),
    });
    next();
  };
}
