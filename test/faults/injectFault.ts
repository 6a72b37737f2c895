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

/** How the world is once the fault has struck. */
export interface InjectedFault {
  /** Where the instance is now, as far as its users know. */
  readonly baseUrl?: string;
  /** What asks it; trusting what the system does when left out. */
  readonly fetch?: Fetch;
  /** Who must not be handed any request. */
  readonly stranger?: Stranger;
  /** By which the user gives up. */
  readonly signal?: AbortSignal;
}

/** Brings a fault about. */
export type InjectFault = (looker: StandInLooker) => InjectedFault | Promise<InjectedFault>;

/** Every request is answered so, or the first few. */
export function answering(kind: FaultKind, which: Omit<Fault, 'kind'> = {}): InjectFault {
  return (looker) => {
    looker.fault({ ...which, kind });
    return {};
  };
}

/** Something happens to the people and tokens at Looker. */
export function having(change: (looker: StandInLooker) => void): InjectFault {
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
): InjectFault {
  // Whoever asks for nothing but the versions is not sent away: Looker counts logins.
  return answering({ is: 'rateLimited', status, retryAfter }, { times, path: /\/log(in|out)\b/ });
}

/** To another host, and as nasty servers do it: with what they were told in the URL. */
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

/** Its CA is trusted, its time is over. */
export const expiredCertificate = tls(
  certificate({ from: new Date(Date.now() - 2 * DAY_MS), to: new Date(Date.now() - DAY_MS) }),
  inCaFile,
);

/** Its CA is trusted, but it names another host. */
export const othersCertificate = tls(certificate({ host: 'elsewhere.example' }), inCaFile);

/** All is well with it, but the system does not know who signed it. */
export const unknownCertificate = tls(certificate(), () => undefined);

/** All is well with it, but the instance has a CA file, and that has not signed it. */
export const anotherCaFile = tls(certificate(), async () => inCaFile(await certificate()));

/** The user has trusted another one there. */
export const changedCertificate = tls(certificate(), async () => {
  const { cert } = await certificate();
  return { certificate: certificateOf(cert) };
});

/** The instance has a CA file in the settings, but not on the disk. */
export const missingCaFile = tls(certificate(), () => ({ caFile: '/nowhere/ca.pem' }));

/**
 * Only a proxy would know the way to the instance, which opens no tunnel to it: its own page is the response.
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

/** Every response has been in a cache for an hour, as far as one sees. */
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

/** By its own certificate, in a file that is gone with this process. */
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
