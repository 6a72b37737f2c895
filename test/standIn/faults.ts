import { pipeline, Readable } from 'node:stream';
import { setTimeout as wait } from 'node:timers/promises';
import { createGzip } from 'node:zlib';
import type { Request, RequestHandler, Response } from 'express';
import { type Page, PAGES } from './pages';
import { Refusal, tooManyRequests } from './refusal';

/** A fault for the requests it matches. If several match, the first one installed applies. */
export interface Fault {
  /** Any method if omitted. */
  readonly method?: string;
  /** A string is the end of the path; any path if omitted. */
  readonly path?: string | RegExp;
  /** Number of requests it applies to; all if omitted. */
  readonly times?: number;
  readonly kind: FaultKind;
}

/** The kind of fault. */
export type FaultKind =
  /** A page instead of JSON; without `page`, the one for the status. */
  | { readonly is: 'html'; readonly status: number; readonly page?: Page }
  | {
      readonly is: 'json';
      readonly status: number;
      readonly body: unknown;
      readonly headers?: Readonly<Record<string, string>>;
    }
  /** An error in Looker's own format. */
  | { readonly is: 'refusal'; readonly status: number; readonly message?: string }
  /** Any body, as text or as bytes. */
  | {
      readonly is: 'text';
      readonly status: number;
      readonly body: string | Buffer;
      readonly headers?: Readonly<Record<string, string>>;
    }
  /** 302 unless `status` is set. */
  | { readonly is: 'redirect'; readonly to: string; readonly status?: number }
  /** The correct response, but late. */
  | { readonly is: 'slow'; readonly ms: number }
  /** The correct response, once this has happened. */
  | { readonly is: 'held'; readonly until: Promise<unknown> }
  /** No response, or silence after its beginning (`afterHeaders`). */
  | { readonly is: 'halfOpen'; readonly afterHeaders?: boolean }
  /** Resets the connection, before or (`afterHeaders`) during the response. */
  | { readonly is: 'reset'; readonly afterHeaders?: boolean }
  /** Sends a JSON string with this many bytes. */
  | { readonly is: 'huge'; readonly bytes: number }
  /** The same, compressed: little on the wire, this much unpacked. */
  | { readonly is: 'gzipBomb'; readonly bytes: number }
  /** An empty JSON object with this many headers. */
  | { readonly is: 'headers'; readonly count: number }
  /** 429 unless `status` is set, with this Retry-After, or an HTTP date this long after the response's own. */
  | {
      readonly is: 'rateLimited';
      readonly status?: 429 | 503;
      readonly retryAfter: string | { readonly afterMs: number };
    };

/** The installed faults. */
export class Faults {
  private installed: readonly { fault: Fault; left: number }[] = [];

  /** @returns a function that removes it again */
  install(fault: Fault): () => void {
    const entry = { fault, left: fault.times ?? Infinity };
    this.installed = [...this.installed, entry];
    return () => {
      this.installed = this.installed.filter((other) => other !== entry);
    };
  }

  clear(): void {
    this.installed = [];
  }

  /** The fault for this request, if any; a fault with `times` then has one less. */
  strike(method: string, path: string): FaultKind | undefined {
    const entry = this.installed.find(
      ({ fault, left }) => left > 0 && matches(fault, method, path),
    );
    if (entry) entry.left -= 1;
    return entry?.fault.kind;
  }
}

function matches(fault: Fault, method: string, path: string): boolean {
  const wanted = fault.path ?? '';
  return (
    (fault.method ?? method).toUpperCase() === method &&
    (typeof wanted === 'string' ? path.endsWith(wanted) : path.search(wanted) >= 0)
  );
}

/** Applies the faults, and lets every other request pass. */
export function strikeWith(faults: Faults): RequestHandler {
  return async (request, response, next) => {
    const kind = faults.strike(request.method, request.path);
    if (!kind || (await suffer(kind, request, response)) === 'goOn') next();
  };
}

async function suffer(
  kind: FaultKind,
  request: Request,
  response: Response,
): Promise<'goOn' | 'answered'> {
  switch (kind.is) {
    case 'html':
      response
        .status(kind.status)
        .type('html')
        .send(PAGES[kind.page ?? pageFor(kind.status)]);
      break;
    case 'json':
      response
        .status(kind.status)
        .set(kind.headers ?? {})
        .json(kind.body);
      break;
    case 'refusal':
      throw new Refusal(kind.status, kind.message ?? 'An error has occurred.');
    case 'text':
      response
        .status(kind.status)
        .type('text')
        .set(kind.headers ?? {})
        .send(kind.body);
      break;
    case 'redirect':
      response.redirect(kind.status ?? 302, kind.to);
      break;
    case 'slow':
      await wait(kind.ms, undefined, { ref: false });
      return 'goOn';
    case 'held':
      await kind.until;
      return 'goOn';
    case 'halfOpen':
      if (kind.afterHeaders) await beginAnswer(response);
      break;
    case 'reset':
      if (kind.afterHeaders) await beginAnswer(response);
      request.socket.destroy();
      break;
    case 'huge':
      response.type('json');
      Readable.from(jsonString(kind.bytes)).pipe(response);
      break;
    case 'gzipBomb':
      response.type('json').set('Content-Encoding', 'gzip');
      // Clients may disconnect during the response, which isn't an error here.
      pipeline(Readable.from(jsonString(kind.bytes)), createGzip(), response, () => undefined);
      break;
    case 'headers':
      for (let i = 0; i < kind.count; i++) response.set(`X-Header-${i}`, 'much ado');
      response.json({});
      break;
    case 'rateLimited':
      throw tooManyRequests(retryAfterOf(kind.retryAfter, response), kind.status);
  }
  return 'answered';
}

/** The response is already dated by the instance's clock. */
function retryAfterOf(retryAfter: string | { afterMs: number }, response: Response): string {
  if (typeof retryAfter === 'string') return retryAfter;
  return new Date(Date.parse(String(response.get('Date'))) + retryAfter.afterMs).toUTCString();
}

function pageFor(status: number): Page {
  if (status === 200) return 'login';
  return status === 404 ? 'notFound' : 'unavailable';
}

/** Resolves once the status, the headers and the first bytes are sent. */
function beginAnswer(response: Response): Promise<void> {
  return new Promise((resolve) => {
    response.type('json').write('{"access_token":', () => {
      resolve();
    });
  });
}

const PIECE_BYTES = 65_536;

function* jsonString(bytes: number): Generator<string> {
  yield '"';
  for (let left = bytes - 2; left > 0; left -= PIECE_BYTES) {
    yield 'a'.repeat(Math.min(left, PIECE_BYTES));
  }
  yield '"';
}
