import type { Readable } from 'node:stream';
import type { Connection } from './http';

/** A response whose body is still coming in. */
export interface StreamedReply {
  readonly status: number;
  readonly headers: Iterable<[string, string]>;
  /** As the server sent it: what is compressed stays so. */
  readonly body: Readable | null;
}

/**
 * The slice of `fetch` that passes bodies on as they come, both ways and of any size; `node-fetch` 3 fits it. It keeps to
 * all that holds for `Fetch` but the limits: a query may take its time.
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

/** Where requests of any size go. Whoever sends one calls `refusePlainHttp` before. */
export interface StreamConnection extends Pick<Connection, 'baseUrl' | 'plainHttp'> {
  readonly fetch: FetchStream;
}
