import type { Readable } from 'node:stream';
import type { Connection } from './http';

/** A response whose body is still coming in. */
export interface StreamedReply {
  readonly status: number;
  /** Names and values in turn, as Node gives them. */
  readonly rawHeaders: readonly string[];
  /** As the server sent it: what is compressed stays so. */
  readonly body: Readable;
}

/**
 * The slice of `fetch` that passes bodies on as they come, both ways and of any size. It keeps to all that holds for
 * `Fetch` but the limits: a query may take its time. No redirect is followed.
 */
export type FetchStream = (
  url: string,
  init: {
    method: string;
    /** With their names in lower case. */
    headers: Record<string, string>;
    body?: Readable | Buffer;
    signal: AbortSignal;
  },
) => Promise<StreamedReply>;

/** Where requests of any size go. Whoever sends one calls `refusePlainHttp` before. */
export interface StreamConnection extends Pick<Connection, 'baseUrl' | 'plainHttp'> {
  readonly fetch: FetchStream;
}
