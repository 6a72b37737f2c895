import { Agent } from 'node:https';
import { connect } from 'node:net';
import { Duplex } from 'node:stream';
import fetch from 'node-fetch';
import { certificateOf } from '../../src/looker/certificate';
import type { Fetch } from '../../src/looker/http';
import { fetchTrusting } from '../../src/looker/privateTls';
import type { Fault, FaultKind, StandInLooker } from '../standIn/standInLooker';
import {
  blackHole,
  certificate,
  DAY_MS,
  deadPort,
  httpStranger,
  httpsStranger,
  lockedProxy,
  silentStranger,
  type Certificate,
  type Stranger,
} from './servers';

/** How the world is once the fault has struck. */
export interface Struck {
  /** Where the instance is now, as far as its users know. */
  readonly baseUrl?: string;
  /** What asks it; plain `node-fetch` when left out. */
  readonly fetch?: Fetch;
  /** Who must not be handed any request. */
  readonly stranger?: Stranger;
  /** By which the user gives up. */
  readonly signal?: AbortSignal;
}

/** Brings a fault about. */
export type Strike = (looker: StandInLooker) => Struck | Promise<Struck>;

/** Every request is answered so, or the first few. */
export function answering(kind: FaultKind, which: Omit<Fault, 'kind'> = {}): Strike {
  return (looker) => {
    looker.fault({ ...which, kind });
    return {};
  };
}

/** Something happens to the people and tokens at Looker. */
export function having(change: (looker: StandInLooker) => void): Strike {
  return (looker) => {
    change(looker);
    return {};
  };
}

/** 429 or 503 with this `Retry-After`, each time or a few times. */
export function busy(
  status: 429 | 503,
  retryAfter: string | { readonly afterMs: number },
  times = Infinity,
): Strike {
  // Whoever asks for nothing but the versions is not sent away: Looker counts log-ins.
  return answering({ is: 'rateLimited', status, retryAfter }, { times, path: /\/log(in|out)\b/ });
}

/** To another host, and as nasty servers do it: with what they were told in the URL. */
export function redirectedAway(status: number, path?: string): Strike {
  return async (looker) => {
    const stranger = await httpStranger();
    const { clientSecret } = looker.apiKeyOf('Ada');
    const to = `http://localhost:${stranger.port}/login?client_secret=${clientSecret}`;
    looker.fault({ kind: { is: 'redirect', to, status }, ...(path && { path }) });
    return { stranger };
  };
}

export const unknownHost: Strike = () => ({ baseUrl: 'https://looker.invalid' });

export const refused: Strike = async () => ({ baseUrl: `http://127.0.0.1:${await deadPort()}` });

export const blackHoled: Strike = async () => {
  const stranger = await blackHole();
  return { baseUrl: `http://127.0.0.1:${stranger.port}`, stranger };
};

export const silentHandshake: Strike = async () => {
  const stranger = await silentStranger();
  return { baseUrl: `https://localhost:${stranger.port}`, stranger };
};

export const noTlsThere: Strike = async () => {
  const stranger = await httpStranger();
  return { baseUrl: `https://localhost:${stranger.port}`, stranger };
};

/** Its CA is trusted, its time is over. */
export const expiredCertificate = tls(
  certificate({ from: new Date(Date.now() - 2 * DAY_MS), to: new Date(Date.now() - DAY_MS) }),
  'trusted',
);

/** Its CA is trusted, but it names another host. */
export const othersCertificate = tls(certificate({ host: 'elsewhere.example' }), 'trusted');

/** All is well with it, but nobody knows who signed it. */
export const unknownCertificate = tls(certificate(), 'unknown');

/** The user has trusted another one there. */
export const changedCertificate: Strike = async () => {
  const [before, now] = await Promise.all([certificate(), certificate()]);
  const stranger = await httpsStranger(now);
  const baseUrl = `https://localhost:${stranger.port}`;
  const trust = { certificate: certificateOf(before.cert) };
  return { baseUrl, stranger, fetch: fetchTrusting(baseUrl, trust) };
};

/** The instance has a CA file in the settings, but not on the disk. */
export const missingCaFile: Strike = async () => {
  const stranger = await httpsStranger(await certificate());
  const baseUrl = `https://localhost:${stranger.port}`;
  return { baseUrl, stranger, fetch: fetchTrusting(baseUrl, { caFile: '/nowhere/ca.pem' }) };
};

/** Only the proxy would know the way to the instance. */
export const behindLockedProxy: Strike = async () => {
  const stranger = await lockedProxy();
  const agent = new ProxyAgent(stranger.port);
  return { baseUrl: 'https://looker.invalid', stranger, fetch: through(agent) };
};

/** A request hangs, and the user has no patience. */
export const cancelled: Strike = (looker) => {
  looker.fault({ kind: { is: 'halfOpen' } });
  return { signal: AbortSignal.timeout(50) };
};

function tls(ready: Promise<Certificate>, ca: 'trusted' | 'unknown'): Strike {
  return async () => {
    const made = await ready;
    const stranger = await httpsStranger(made);
    return {
      baseUrl: `https://localhost:${stranger.port}`,
      stranger,
      ...(ca === 'trusted' && { fetch: through(new Agent({ ca: made.cert })) }),
    };
  };
}

function through(agent: Agent): Fetch {
  return (url, init) => fetch(url, { ...init, agent });
}

/** Asks a proxy for a tunnel. What a proxy says that refuses stands for the reply, as it does in VS Code. */
class ProxyAgent extends Agent {
  constructor(private readonly proxyPort: number) {
    super();
  }

  override createConnection(
    { host, port }: { host?: string | null; port?: number | string | null },
    done?: (error: Error | null, stream: Duplex) => void,
  ): undefined {
    const proxy = connect(this.proxyPort, '127.0.0.1');
    proxy.write(`CONNECT ${host}:${port} HTTP/1.1\r\nHost: ${host}:${port}\r\n\r\n`);
    proxy.once('data', (refusal) => {
      const reply = Object.assign(
        new Duplex({
          read: () => undefined,
          // The request itself is not for the proxy to read.
          write: (_chunk, _encoding, written) => {
            written();
          },
        }),
        { setTimeout: () => undefined },
      );
      done?.(null, reply);
      reply.push(refusal);
      reply.push(null);
    });
  }
}
