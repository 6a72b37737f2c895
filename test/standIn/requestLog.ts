import type { IncomingHttpHeaders } from 'node:http';
import type { RequestHandler } from 'express';
import { type ApiVersion, apiVersionOf } from './apiVersion';
import { tokenIn } from './authorization';
import { queryOf } from './query';
import type { Tokens } from './tokens';

/** One received request, and its response. */
export interface RecordedRequest {
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: IncomingHttpHeaders;
  /** The body, form or JSON; `{}` if there was none. */
  readonly form: Readonly<Record<string, unknown>>;
  /** The token it was sent with, valid or not. */
  readonly token: string | undefined;
  /** Whose token it was on arrival; undefined if it wasn't valid. */
  readonly userId: string | undefined;
  /** The status of the response; undefined until the response is complete. */
  readonly status: number | undefined;
  readonly apiVersion: ApiVersion | undefined;
}

/** Records every request on arrival, so that requests without a response are recorded too. */
export function recordInto(requests: RecordedRequest[], tokens: Tokens): RequestHandler {
  return (request, response, next) => {
    const token = tokenIn(request);
    requests.push({
      method: request.method,
      path: request.path,
      query: queryOf(request),
      headers: { ...request.headers },
      get form() {
        return { ...(request.body as Record<string, unknown> | undefined) };
      },
      token,
      userId: token === undefined ? undefined : tokens.find(token)?.userId,
      get status() {
        return response.writableEnded ? response.statusCode : undefined;
      },
      apiVersion: apiVersionOf(request.path),
    });
    next();
  };
}
