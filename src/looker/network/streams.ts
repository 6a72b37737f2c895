import type { Readable } from 'node:stream';
import type { Connection } from './http';

/** A response whose body is still arriving. */
export interface StreamedResponse {
  readonly status: number;
  /** Names and values in turn, as Node provides them. */
  readonly rawHeaders: readonly string[];
  /** As the server sent it. A compressed body stays compressed. */
  readonly body: Readable;
}

/**
 * Sends one request, and streams bodies of any size in both directions. Unlike `Fetch`, it has no limits, since a query
 * may run for long.
 */
export type FetchStream = (
  url: string,
  init: {
    method: string;
    /** Names are in lower case. */
    headers: Record<string, string>;
    body?: Readable | Buffer;
    signal: AbortSignal;
  },
) => Promise<StreamedResponse>;

/** An instance to stream requests to. Callers of `fetch` must call `refusePlainHttp` first. */
export interface StreamConnection extends Pick<Connection, 'baseUrl' | 'plainHttp'> {
  readonly fetch: FetchStream;
}
