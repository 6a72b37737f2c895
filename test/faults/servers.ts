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

/** Stands where no Looker is, on loopback, and counts who hands it a request. */
export interface Stranger {
  readonly port: number;
  /** Each request that comes through carries credentials: there should be none. */
  readonly requests: () => number;
  readonly stop: () => Promise<void>;
}

/** A certificate and its private key, PEM. */
export interface Certificate {
  readonly cert: string;
  readonly key: string;
}

/** Speaks http. */
export async function httpStranger(): Promise<Stranger> {
  return await listen(createHttpServer());
}

/** Speaks https with this certificate. */
export async function httpsStranger({ cert, key }: Certificate): Promise<Stranger> {
  return await listen(createHttpsServer({ cert, key }));
}

/** Lets everybody connect and never says a word, to a TLS handshake neither. */
export async function silentStranger(): Promise<Stranger> {
  return await listen(createTcpServer());
}

/** A proxy that lets nobody through who has not signed in to it, and nobody has. */
export function lockedProxy(): Promise<Stranger> {
  return refusingProxy(407);
}

/** A proxy that opens no tunnel, and says so with a page of its own. */
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
 * Answers no attempt to connect, as a firewall that drops packets does: it listens, but takes in nobody,
 * and its queue is full.
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

/** Whoever is let in on this machine is so within a millisecond or two. */
async function isConnected(socket: Socket | undefined): Promise<boolean> {
  await wait(50);
  return socket?.readyState === 'open';
}

/** A port where nobody listens. */
export async function deadPort(): Promise<number> {
  const { port, stop } = await silentStranger();
  await stop();
  return port;
}

/** A certificate that signs itself: whoever trusts it as a CA trusts its server. */
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
    // A client that turns away is what is wanted here.
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
