// The only place where a broker listens. Looker's SDKs and tools only speak http and https, so a socket file isn't an
// option. Each terminal has a port on loopback, and every request except for `/versions` has to prove that it comes from
// that terminal.
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';

export type { IncomingMessage, ServerResponse };

/** Handles a request. Never fails. */
export type RequestHandler = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

/** Limits that tests may change. */
export interface Limits {
  /** Time in ms for the head of a request to arrive, and for the rest of a request that already has its response. */
  readonly headMs: number;
  /** How many connections may be open at the same time. */
  readonly connections: number;
}

const LIMITS: Limits = { headMs: 10_000, connections: 256 };

const MOST_HEADER_BYTES = 16 * 1024;

/** How many requests of one connection may wait for their turn. Programs that use pipelining send only a few. */
const MOST_WAITING = 32;

/** Longer than SDKs keep a connection open: if we closed one while they write to it, their request would fail. */
const KEEP_ALIVE_MS = 65_000;

/** The first byte of a TLS connection (RFC 8446, 5.1). */
const TLS_HANDSHAKE = 0x16;

/** A port of this machine, on loopback, for one terminal. */
export class Listener {
  /** Open connections, each with its pending responses. */
  private readonly sockets = new Map<Duplex, Set<ServerResponse>>();
  /** See {@link prove}. */
  private readonly proven = new WeakSet<Duplex>();

  private constructor(
    private readonly server: Server,
    private readonly handle: RequestHandler,
    onTls: () => void,
    { headMs, connections }: Limits,
  ) {
    // Zero means no limit: beyond one, Node would silently drop headers, and the rules couldn't check them.
    // `maxHeaderSize` limits their total size.
    server.maxHeadersCount = 0;
    server.on('connection', (socket) => {
      if (this.sockets.size >= connections) this.makeRoomFor(socket);
      this.sockets.set(socket, new Set());
      socket.once('close', () => this.sockets.delete(socket));
    });
    server.on('request', (request, response) => {
      const responses = this.sockets.get(request.socket);
      this.handleInTurn(request, response, [...(responses ?? [])]);
      responses?.add(response);
      response.once('close', () => {
        responses?.delete(response);
        // A refused request that never ends must not occupy a connection.
        const end = () => {
          if (!request.complete) request.destroy();
        };
        if (!request.complete) setTimeout(end, headMs).unref();
      });
    });
    const end = (socket: Duplex, status: string) => {
      const responses = [...(this.sockets.get(socket) ?? [])];
      const isAnswering = responses.some(({ headersSent }) => headersSent);
      endWith(socket, isAnswering ? undefined : status);
    };
    // Protocol changes and tunnels are refused.
    const refuse = (_request: IncomingMessage, socket: Duplex) => {
      end(socket, '405 Method Not Allowed');
    };
    server.on('upgrade', refuse);
    server.on('connect', refuse);
    server.on('clientError', ({ code, rawPacket }: ParseError, socket) => {
      if (rawPacket?.[0] === TLS_HANDSHAKE) onTls();
      end(socket, code === 'HPE_HEADER_OVERFLOW' ? TOO_LONG : '400 Bad Request');
    });
  }

  /**
   * Resolves once it listens on a free port.
   * @param onTls called when a program tries https, which isn't supported here
   */
  static async open(
    handle: RequestHandler,
    onTls: () => void,
    limits: Limits = LIMITS,
  ): Promise<Listener> {
    const { headMs } = limits;
    const server = createServer({
      // Set explicitly, because a process-wide option can change the default.
      insecureHTTPParser: false,
      maxHeaderSize: MOST_HEADER_BYTES,
      headersTimeout: headMs,
      connectionsCheckingInterval: headMs / 4,
      keepAliveTimeout: KEEP_ALIVE_MS,
      // No time limit for a body: its sender has proved that it comes from the terminal, or is refused.
      requestTimeout: 0,
      noDelay: true,
    });
    const listener = new Listener(server, handle, onTls, limits);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return listener;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  /** Records that this connection's client has proved, with the terminal's credentials, that it comes from there. */
  prove({ socket }: IncomingMessage): void {
    this.proven.add(socket);
  }

  /** Frees the port and closes all connections. */
  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.server.close(resolve));
    for (const socket of this.sockets.keys()) socket.destroy();
    await closed;
  }

  /**
   * Closes the oldest connection without such a proof, or the new one if all have it, so that strangers can't occupy
   * all connections.
   */
  private makeRoomFor(socket: Duplex): void {
    const oldest = [...this.sockets.keys()].find((one) => !this.proven.has(one)) ?? socket;
    // Its `close` event comes later.
    this.sockets.delete(oldest);
    oldest.destroy();
  }

  /**
   * Handles the requests of a connection one after the other. Otherwise, if the program is gone, work for requests that
   * wait behind another one (pipelining, RFC 9112, 9.3.2) would never be aborted, as Node doesn't report it for them.
   * @param before the pending responses to earlier requests
   */
  private handleInTurn(
    request: IncomingMessage,
    response: ServerResponse,
    before: readonly ServerResponse[],
  ): void {
    const { socket } = request;
    const handle = () => {
      if (!socket.destroyed) void this.handle(request, response);
    };
    const last = before.at(-1);
    if (!last) handle();
    else if (before.length < MOST_WAITING) last.once('close', handle);
    else socket.destroy();
  }
}

interface ParseError extends Error {
  readonly code?: string;
  readonly rawPacket?: Buffer;
}

const TOO_LONG = '431 Request Header Fields Too Large';

/** @param status undefined if another response has already begun */
function endWith(socket: Duplex, status: string | undefined): void {
  // Node has removed its own listeners by then, and an unhandled error would end the process.
  socket.on('error', () => socket.destroy());
  if (status === undefined) {
    socket.destroy();
    return;
  }
  socket.once('finish', () => socket.destroy());
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\n\r\n`);
}
