import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import {
  connect,
  createServer as createTcpServer,
  type AddressInfo,
  type Server,
  type Socket,
} from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { generate } from 'selfsigned';

/** A server on loopback that isn't Looker, and counts the requests it receives. */
export interface Stranger {
  readonly port: number;
  /** Number of requests; each would carry credentials, so there must be none. */
  readonly requests: () => number;
  readonly stop: () => Promise<void>;
}

/** A certificate and its private key, PEM. */
export interface Certificate {
  readonly cert: string;
  readonly key: string;
}

/** An HTTP server. */
export async function httpStranger(): Promise<Stranger> {
  return await listen(createHttpServer());
}

/** An HTTPS server with this certificate. */
export async function httpsStranger({ cert, key }: Certificate): Promise<Stranger> {
  return await listen(createHttpsServer({ cert, key }));
}

/** Accepts all connections and never sends anything, not even a TLS handshake. */
export async function silentStranger(): Promise<Stranger> {
  return await listen(createTcpServer());
}

/** A proxy that requires a sign-in, which nobody has done. */
export function lockedProxy(): Promise<Stranger> {
  return refusingProxy(407);
}

/** A proxy that refuses every tunnel with a page of its own. */
export async function refusingProxy(status: number): Promise<Stranger> {
  const server = createHttpServer();
  const page = '<html><body>Not through here</body></html>';
  server.on('connect', (_request, socket: Socket) => {
    socket.end(
      `HTTP/1.1 ${status} No\r\n${status === 407 ? 'Proxy-Authenticate: Basic realm="proxy"\r\n' : ''}` +
        `Content-Type: text/html\r\nContent-Length: ${page.length}\r\n\r\n${page}`,
    );
  });
  return await listen(server);
}

/**
 * Ignores attempts to connect, like a firewall that drops packets: it listens but accepts no connections, and its queue
 * is full.
 */
export async function blackHole(): Promise<Stranger> {
  const worker = new Worker(LISTENS_ASLEEP, { eval: true });
  const [port] = (await once(worker, 'message')) as [number];
  const queue: Socket[] = [];
  do queue.push(connect(port, '127.0.0.1'));
  while (await isConnected(queue.at(-1)));
  return {
    port,
    requests: () => 0,
    stop: async () => {
      for (const socket of queue) socket.destroy();
      await worker.terminate();
    },
  };
}

const LISTENS_ASLEEP = `
  const { parentPort } = require('node:worker_threads');
  const server = require('node:net').createServer();
  server.listen({ host: '127.0.0.1', port: 0, backlog: 1 }, () => {
    parentPort.postMessage(server.address().port);
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
  });`;

/** Connecting on the same machine takes at most a millisecond or two. */
async function isConnected(socket: Socket | undefined): Promise<boolean> {
  await wait(50);
  return socket?.readyState === 'open';
}

/** A port without a server. */
export async function deadPort(): Promise<number> {
  const { port, stop } = await silentStranger();
  await stop();
  return port;
}

/** A self-signed certificate: trusting it as a CA means trusting its server. */
export async function certificate({
  host = 'localhost',
  from = new Date(Date.now() - DAY_MS),
  to = new Date(Date.now() + DAY_MS),
} = {}): Promise<Certificate> {
  const { cert, private: key } = await generate([{ name: 'commonName', value: host }], {
    keyType: 'ec',
    algorithm: 'sha256',
    notBeforeDate: from,
    notAfterDate: to,
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'extKeyUsage', serverAuth: true },
      { name: 'subjectAltName', altNames: [{ type: 2, value: host }] },
    ],
  });
  return { cert, key };
}

export const DAY_MS = 24 * 60 * 60 * 1000;

async function listen(server: Server): Promise<Stranger> {
  const sockets = new Set<Socket>();
  let requests = 0;
  server.on('connection', (socket: Socket) => {
    // Clients are expected to turn away here.
    socket.on('error', () => undefined).once('close', () => sockets.delete(socket));
    sockets.add(socket);
  });
  server.on('request', (_request, response: { end: () => void }) => {
    requests++;
    response.end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    requests: () => requests,
    stop: async () => {
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
