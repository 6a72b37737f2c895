import { randomBytes } from 'node:crypto';
import http from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { text } from 'node:stream/consumers';

export interface FrontProxyOptions {
  /** The server's port on 127.0.0.1. */
  readonly target: number;
  /** Its own port there; a free one if omitted. */
  readonly port?: number | undefined;
  /** Changes the HTML of the page itself. */
  readonly editPage?: ((html: string) => string) | undefined;
}

/**
 * Runs in front of VS Code's server and does what its page expects of a host: `POST …/mint-key` returns the host's half
 * of the key that encrypts secrets. Without it, they would be lost when the window reloads. Everything else is passed
 * on.
 */
export class FrontProxy {
  readonly #keyHalf = randomBytes(32);
  readonly #server = http.createServer();
  readonly #sockets = new Set<Duplex>();
  readonly #target: number;
  readonly #editPage: FrontProxyOptions['editPage'];

  static async start(options: FrontProxyOptions): Promise<FrontProxy> {
    const proxy = new FrontProxy(options);
    await new Promise<void>((resolve, reject) => {
      proxy.#server.once('error', reject).listen(options.port ?? 0, '127.0.0.1', resolve);
    });
    return proxy;
  }

  private constructor({ target, editPage }: FrontProxyOptions) {
    this.#target = target;
    this.#editPage = editPage;
    this.#server.on('request', (request, response) => {
      const { pathname } = new URL(request.url ?? '/', 'http://127.0.0.1');
      if (request.method === 'POST' && pathname.endsWith('/mint-key')) response.end(this.#keyHalf);
      else this.#passOn(request, response, pathname === '/' ? this.#editPage : undefined);
    });
    this.#server.on('upgrade', (request, socket: Socket, head) => {
      this.#upgrade(request, socket, head);
    });
  }

  /** Host and port. */
  get authority(): string {
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #passOn(
    request: http.IncomingMessage,
    response: http.ServerResponse,
    edit: FrontProxyOptions['editPage'],
  ): void {
    const upstream = this.#toServer(request);
    upstream.once('response', (answer) => {
      if (edit) void sendEdited(answer, response, edit);
      else answer.pipe(response.writeHead(answer.statusCode ?? 502, answer.rawHeaders));
    });
    upstream.once('error', () => response.destroy());
    response.once('close', () => upstream.destroy());
    request.pipe(upstream);
  }

  #upgrade(request: http.IncomingMessage, client: Socket, head: Buffer): void {
    const upstream = this.#toServer(request);
    upstream.once('error', () => client.destroy());
    upstream.once('response', () => client.destroy()); // the server refused the upgrade
    upstream.once('upgrade', (answer, server, serverHead) => {
      client.write(toHead(answer));
      client.write(serverHead);
      server.write(head);
      this.#join(client, server);
      this.#join(server, client);
    });
    upstream.end();
  }

  #toServer({ method, url, rawHeaders }: http.IncomingMessage): http.ClientRequest {
    const port = this.#target;
    return http.request({ host: '127.0.0.1', port, method, path: url, headers: rawHeaders });
  }

  #join(from: Duplex, to: Duplex): void {
    this.#sockets.add(from);
    from.pipe(to);
    from.once('error', () => to.destroy());
    from.once('close', () => {
      this.#sockets.delete(from);
      to.destroy();
    });
  }
}

async function sendEdited(
  answer: http.IncomingMessage,
  response: http.ServerResponse,
  edit: (html: string) => string,
): Promise<void> {
  const body = edit(await text(answer));
  delete answer.headers['transfer-encoding'];
  response.writeHead(answer.statusCode ?? 502, answer.headers).end(body);
}

function toHead({ statusCode, statusMessage, rawHeaders }: http.IncomingMessage): string {
  let head = `HTTP/1.1 ${statusCode} ${statusMessage}\r\n`;
  for (let i = 0; i < rawHeaders.length; i += 2) {
    head += `${rawHeaders[i]}: ${rawHeaders[i + 1]}\r\n`;
  }
  return `${head}\r\n`;
}
