import type { Readable } from 'node:stream';
import * as l10n from '@vscode/l10n';
import { ExpectedError } from '../looker/errors/expectedError';
import { RateLimitedError } from '../looker/errors/response';
import { hostOf } from '../looker/instance/host';
import { refusePlainHttp, toLookerError } from '../looker/network/http';
import type { StreamConnection, StreamedResponse } from '../looker/network/streams';
import type { ServerResponse } from './listener';
import { headerValues } from './request/headerValues';
import { requestHeaders, responseHeaders } from './request/passedHeaders';
import type { Ruling } from './request/requestRules';
import { RequestRefusal } from './requestRefusal';

/** A request to forward. */
export interface ForwardedRequest {
  readonly ruling: Ruling;
  /** Undefined if the request has none. */
  readonly body: Readable | Buffer | undefined;
  /** The account's token; undefined if the request needs no login. */
  readonly token: string | undefined;
  readonly signal: AbortSignal;
}

/**
 * Sends a request to the instance, streaming its body.
 * @returns the response, with its body unread
 * @throws RequestRefusal if there is no response, or it is a redirect
 */
export async function forwardRequest(
  instance: StreamConnection,
  request: ForwardedRequest,
): Promise<StreamedResponse> {
  const { baseUrl, fetch } = instance;
  const { ruling, body, token, signal } = request;
  const { method, target, headers } = ruling;
  refusePlainHttp(instance);
  const received = await fetch(baseUrl + target.text, {
    method,
    headers: requestHeaders(headers, token),
    ...(body && { body }),
    signal,
  }).catch((error: unknown) => {
    throw refusalFor(baseUrl, error);
  });
  // Without a listener, the error when the program is gone would end the process.
  received.body.on('error', () => undefined);
  if (received.status >= 300 && received.status < 400 && received.status !== 304) {
    received.body.destroy();
    throw new RequestRefusal(
      502,
      l10n.t("{0} redirected this request. Looker Auth doesn't follow redirects.", hostOf(baseUrl)),
    );
  }
  return received;
}

/**
 * Streams a response to the program. If the response is cut off, so is the program's connection.
 * @param asked the requested URL at the instance
 * @param origin the broker's own origin
 */
export async function forwardResponse(
  received: StreamedResponse,
  response: ServerResponse,
  asked: string,
  origin: string,
): Promise<void> {
  const { status, rawHeaders, body } = received;
  try {
    response.writeHead(status, responseHeaders(status, headerValues(rawHeaders), asked, origin));
  } catch (error) {
    // Node can read some statuses that it refuses to write. The connection to the instance must not stay open then.
    body.destroy();
    throw error;
  }
  await new Promise<void>((resolve, reject) => {
    // `stream.pipeline` is slow: for a small request, it would take half as long as everything else together.
    body.once('error', reject);
    body.once('close', () => {
      if (!body.readableEnded) reject(new Error('The instance has broken off.'));
    });
    response.once('close', () => {
      if (!response.writableFinished) reject(new Error('The program has broken off.'));
    });
    response.once('finish', resolve);
    body.pipe(response);
  });
}

/** What the program receives in place of a response. */
export function refusalFor(baseUrl: string, error: unknown): RequestRefusal {
  if (error instanceof RequestRefusal) return error;
  const { message } = error instanceof ExpectedError ? error : toLookerError(baseUrl, error);
  if (!(error instanceof RateLimitedError)) return new RequestRefusal(502, message);
  const { retryAfterMs } = error;
  return new RequestRefusal(429, message, {
    ...(retryAfterMs !== undefined && { 'Retry-After': String(Math.ceil(retryAfterMs / 1000)) }),
  });
}
