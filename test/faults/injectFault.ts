import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { certificateOf } from '../../src/looker/tls/certificate';
import type { Fetch } from '../../src/looker/network/http';
import type { Trust } from '../../src/looker/tls/privateTls';
import type { Fault, FaultKind, StandInLooker } from '../standIn/standInLooker';
import { fetchFor } from '../support/nodeFetch';
import { leadThrough } from '../support/vscodeProxy';
import {
  blackHole,
  certificate,
  DAY_MS,
  deadPort,
  httpStranger,
  httpsStranger,
  refusingProxy,
  silentStranger,
  type Certificate,
  type Stranger,
} from './servers';

/** The situation during the fault. */
export interface InjectedFault {
  /** The instance's URL as its users know it. */
  readonly baseUrl?: string;
  /** Sends requests to it; trusts the system's certificates if omitted. */
  readonly fetch?: Fetch;
  /** A server that must not receive any request. */
  readonly stranger?: Stranger;
  /** Signals that the user cancels. */
  readonly signal?: AbortSignal;
}

/** Causes a fault. */
export type InjectFault = (looker: StandInLooker) => InjectedFault | Promise<InjectedFault>;

/** Answers every request, or the first few, with a fault. */
export function answering(kind: FaultKind, which: Omit<Fault, 'kind'> = {}): InjectFault {
  return (looker) => {
    looker.fault({ ...which, kind });
    return {};
  };
}

/** Changes users and tokens on the Looker server. */
export function having(change: (looker: StandInLooker) => void): InjectFault {
  return (looker) => {
    change(looker);
    return {};
  };
}

/** Responds with 429 or 503 and this `Retry-After`, each time or a few times. */
export function busy(
  status: 429 | 503,
  retryAfter: string | { readonly afterMs: number },
  times = Infinity,
): InjectFault {
  // Requests for the versions are not limited: Looker counts only logins.
  return answering({ is: 'rateLimited', status, retryAfter }, { times, path: /\/log(in|out)\b/ });
}

/** Redirects to another host as malicious servers do: with the received data in the URL. */
export function redirectedAway(status: number, path?: string): InjectFault {
  return async (looker) => {
    const stranger = await httpStranger();
    const { clientSecret } = looker.apiKeyOf('Ada');
    const to = `http://localhost:${stranger.port}/login?client_secret=${clientSecret}`;
    looker.fault({ kind: { is: 'redirect', to, status }, ...(path && { path }) });
    return { stranger };
  };
}

export const unknownHost: InjectFault = () => ({ baseUrl: 'https://looker.invalid' });

export const refused: InjectFault = async () => ({
  baseUrl: `http://127.0.0.1:${await deadPort()}`,
});

export const blackHoled: InjectFault = async () => {
  const stranger = await blackHole();
  return { baseUrl: `http://127.0.0.1:${stranger.port}`, stranger };
};

export const silentHandshake: InjectFault = async () => {
  const stranger = await silentStranger();
  return { baseUrl: `https://localhost:${stranger.port}`, stranger };
};

export const noTlsThere: InjectFault = async () => {
  const stranger = await httpStranger();
  return { baseUrl: `https://localhost:${stranger.port}`, stranger };
};

/** A certificate of a trusted CA that has expired. */
export const expiredCertificate = tls(
  certificate({ from: new Date(Date.now() - 2 * DAY_MS), to: new Date(Date.now() - DAY_MS) }),
  inCaFile,
);

/** A certificate of a trusted CA for another host. */
export const othersCertificate = tls(certificate({ host: 'elsewhere.example' }), inCaFile);

/** A valid certificate of a CA that the system doesn't know. */
export const unknownCertificate = tls(certificate(), () => undefined);

/** A valid certificate that isn't signed by the instance's CA file. */
export const anotherCaFile = tls(certificate(), async () => inCaFile(await certificate()));

/** The user has trusted a different certificate for the instance. */
export const changedCertificate = tls(certificate(), async () => {
  const { cert } = await certificate();
  return { certificate: certificateOf(cert) };
});

/** The settings name a CA file that doesn't exist. */
export const missingCaFile = tls(certificate(), () => ({ caFile: '/nowhere/ca.pem' }));

/**
 * The instance is only reachable through a proxy, which refuses the tunnel and responds with its own page.
 * @param trust what the instance would be trusted by
 */
export function behindProxy(status: number, trust?: () => Promise<Trust>): InjectFault {
  return async () => {
    const stranger = await refusingProxy(status);
    const baseUrl = `https://looker-${stranger.port}.invalid`;
    leadThrough(stranger.port, new URL(baseUrl).hostname);
    return { baseUrl, stranger, fetch: fetchFor(baseUrl, await trust?.()) };
  };
}

/** Every response seems to come from a cache, an hour old. */
export const staleDates: InjectFault = ({ baseUrl }) => ({
  fetch: async (...request) => {
    const response = await fetchFor(baseUrl)(...request);
    const hourAgo = Date.parse(response.headers.get('date') ?? '') - 3_600_000;
    const stale = new Map([
      ['age', '3600'],
      ['date', new Date(hourAgo).toUTCString()],
    ]);
    return {
      status: response.status,
      headers: { get: (name) => stale.get(name) ?? response.headers.get(name) },
      text: () => response.text(),
    };
  },
});

/** A request hangs, and the user has no patience. */
export const canceled: InjectFault = (looker) => {
  looker.fault({ kind: { is: 'halfOpen' } });
  return { signal: AbortSignal.timeout(50) };
};

function tls(
  ready: Promise<Certificate>,
  trustOf: (made: Certificate) => Trust | Promise<Trust> | undefined,
): InjectFault {
  return async () => {
    const made = await ready;
    const stranger = await httpsStranger(made);
    const baseUrl = `https://localhost:${stranger.port}`;
    return { baseUrl, stranger, fetch: fetchFor(baseUrl, await trustOf(made)) };
  };
}

/** Trust in a server by its own certificate, in a file that is deleted when this process ends. */
export async function inCaFile({ cert }: Certificate): Promise<Trust> {
  caFiles ??= mkdtempSync(path.join(os.tmpdir(), 'looker-auth-faults-'));
  const caFile = path.join(caFiles, `${randomUUID()}.pem`);
  await writeFile(caFile, cert);
  return { caFile };
}

let caFiles: string | undefined;
process.once('exit', () => {
  if (caFiles) rmSync(caFiles, { recursive: true });
});
