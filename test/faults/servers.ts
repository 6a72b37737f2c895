import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import {
  createServer as createTcpServer,
  type AddressInfo,
  type Server,
  type Socket,
} from 'node:net';
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
