import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { isLoopback } from '../instance/host';
import { PAGE_HEADERS, writePage, type RedirectPage } from './redirectPage';

/** Listens on this machine for the redirect from the browser. */
export interface RedirectListener {
  /** The redirect URI it listens on. */
  readonly redirectUri: string;
  /** Accepts no more requests. Pending responses are still sent, unless `now` is set. */
  readonly close: (now?: boolean) => void;
}

/**
 * Receives the full URL that the browser was sent to.
 * @returns the page to show, once the login is verified or has failed; undefined if the redirect belongs to another
 *   login
 */
export type Receive = (address: string) => Promise<RedirectPage | undefined>;

/** A browser sends its request at once, and then waits for the page as long as the login takes. */
const REQUEST_MS = 5000;

/** One browser opens a handful of connections. */
const MOST_CONNECTIONS = 32;

/**
 * Listens for the redirect of a login: on loopback only, for GET on exactly the redirect URI's path, with its host in
 * the `Host` header (so that no web page reaches it under another name), and only during the login.
 * @param redirectUris tried in order, since their ports may be taken
 * @param foreign the page for a redirect of another login
 * @param requestMs how long a request may take to arrive
 * @returns undefined if no port is free, or no redirect URI is on this machine
 */
export async function listenForRedirect(
  redirectUris: readonly string[],
  receive: Receive,
  foreign: RedirectPage,
  requestMs = REQUEST_MS,
): Promise<RedirectListener | undefined> {
  for (const redirectUri of redirectUris) {
    const connections = new Connections();
    const answer = answerWith(redirectUri, receive, foreign);
    const servers = await tryToListen(redirectUri, requestMs, (request, response) => {
      connections.noteAnswer(response);
      answer(request, response);
    });
    if (!servers) continue;
    for (const server of servers) {
      server.on('connection', (socket) => {
        connections.note(socket);
      });
    }
    const close = (now = false) => {
      for (const server of servers) server.close();
      connections.end(now);
    };
    return { redirectUri, close };
  }
  return undefined;
}

/** Open connections: one without a request would keep the listener from closing. */
class Connections {
  private readonly all = new Set<Socket>();
  private readonly answered = new Set<Socket>();

  note(socket: Socket): void {
    this.all.add(socket);
    socket.once('close', () => {
      this.all.delete(socket);
      this.answered.delete(socket);
    });
  }

  /** Records a pending response, after which the connection is closed. */
  noteAnswer({ socket }: ServerResponse): void {
    if (socket) this.answered.add(socket);
  }

  /** Closes connections without a pending response; all of them if `now` is set. */
  end(now: boolean): void {
    for (const socket of this.all) if (now || !this.answered.has(socket)) socket.destroy();
  }
}

/** @returns undefined if the port is taken, or can't be used */
async function tryToListen(
  redirectUri: string,
  requestMs: number,
  answer: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<readonly Server[] | undefined> {
  const { origin, hostname, port } = new URL(redirectUri);
  if (!isLoopback(origin) || !origin.startsWith('http:')) return undefined;
  const servers: Server[] = [];
  for (const host of addressesOf(hostname)) {
    const server = createServer(
      {
        requestTimeout: requestMs,
        headersTimeout: requestMs,
        connectionsCheckingInterval: requestMs / 5,
      },
      answer,
    );
    server.maxConnections = MOST_CONNECTIONS;
    server.maxRequestsPerSocket = 1;
    server.listen({ host, port: Number(port || 80), exclusive: true });
    try {
      await once(server, 'listening');
      servers.push(server);
    } catch (error) {
      // Not every machine has IPv6. But if another program has the port on one address, it could receive our redirect.
      if ((error as NodeJS.ErrnoException).code === 'EADDRNOTAVAIL') continue;
      for (const other of servers) other.close();
      return undefined;
    }
  }
  return servers.length > 0 ? servers : undefined;
}

/** A browser may use either address for `localhost`. */
function addressesOf(hostname: string): readonly string[] {
  if (hostname === 'localhost') return ['127.0.0.1', '::1'];
  return [hostname.replace(/^\[|\]$/g, '')];
}

function answerWith(redirectUri: string, receive: Receive, foreign: RedirectPage) {
  const { origin, host, pathname } = new URL(redirectUri);
  return (request: IncomingMessage, response: ServerResponse) => {
    const { url = '', method, httpVersion, headersDistinct } = request;
    const [addressee, another] = headersDistinct['host'] ?? [];
    const [path = ''] = url.split('?', 1);
    response.setHeader('Connection', 'close');
    if (httpVersion !== '1.1') end(response, 505);
    else if (addressee !== host || another !== undefined) end(response, 421);
    else if (path !== pathname) end(response, 404);
    else if (method !== 'GET') end(response, 405, { Allow: 'GET' });
    else {
      void receive(origin + url).then(
        (page) => {
          const shown = page ?? foreign;
          end(response, shown.isSuccess ? 200 : 400, PAGE_HEADERS, writePage(shown));
        },
        () => {
          end(response, 500);
        },
      );
    }
  };
}

function end(
  response: ServerResponse,
  status: number,
  headers: Readonly<Record<string, string>> = {},
  body?: string,
): void {
  response.writeHead(status, headers).end(body);
}
