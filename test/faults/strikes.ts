import { Agent } from 'node:https';
import fetch from 'node-fetch';
import type { Fetch } from '../../src/looker/http';
import type { Fault, FaultKind, StandInLooker } from '../standIn/standInLooker';
import {
  certificate,
  DAY_MS,
  deadPort,
  httpStranger,
  httpsStranger,
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
export function busy(status: 429 | 503, retryAfter: string | undefined, times = Infinity): Strike {
  const headers = retryAfter === undefined ? {} : { 'Retry-After': retryAfter };
  return answering({ is: 'json', status, body: { message: 'Busy' }, headers }, { times });
}

/** To another host, and as nasty servers do it: with what they were told in the URL. */
export const redirectedAway: Strike = async (looker) => {
  const stranger = await httpStranger();
  const { clientSecret } = looker.apiKeyOf('Ada');
  const to = `http://localhost:${stranger.port}/login?client_secret=${clientSecret}`;
  looker.fault({ kind: { is: 'redirect', to, status: 307 } });
  return { stranger };
};

/** Back to where it came from, for ever. */
export const redirectedInCircles = answering({ is: 'redirect', to: '?again', status: 307 });

export const unknownHost: Strike = () => ({ baseUrl: 'https://looker.invalid' });

export const refused: Strike = async () => ({ baseUrl: `http://127.0.0.1:${await deadPort()}` });

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

function tls(ready: Promise<Certificate>, ca: 'trusted' | 'unknown'): Strike {
  return async () => {
    const made = await ready;
    const stranger = await httpsStranger(made);
    return {
      baseUrl: `https://localhost:${stranger.port}`,
      stranger,
      ...(ca === 'trusted' && { fetch: trusting(made.cert) }),
    };
  };
}

function trusting(ca: string): Fetch {
  const agent = new Agent({ ca });
  return (url, init) => fetch(url, { ...init, agent });
}
