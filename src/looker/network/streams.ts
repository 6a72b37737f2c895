import type { Readable } from 'node:stream';
import type { Connection } from './http';

/** A response whose body is still arriving. */
export interface StreamedReply {
  readonly status: number;
  readonly headers: Iterable<[string, string]>;
  /** As the server sent it: compressed content stays compressed. */
  readonly body: Readable | null;
}

/**
 * The part of `fetch` that streams bodies of any size in both directions; `node-fetch` 3 fits it. The rules of `Fetch`
 * apply except for its limits, since a query may run for long.
 */
export type FetchStream = (
  url: string,
  init: {
    method: string;
    headers: Record<string, string>;
    body?: Readable;
    signal: AbortSignal;
    redirect: 'manual';
    compress: false;
  },
) => Promise<StreamedReply>;

/** An instance to stream requests to. Callers of `fetch` must call `refusePlainHttp` first. */
export interface StreamConnection extends Pick<Connection, 'baseUrl' | 'plainHttp'> {
  readonly fetch: FetchStream;
}
