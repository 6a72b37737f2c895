import { bestApiVersion, type ApiVersion, type Release } from './apiVersion';
import { CanceledError } from '../errors/expectedError';
import { LookerError } from '../errors/lookerError';
import { NotLookerApiError, ApiElsewhereError, RedirectedError } from '../errors/notLooker';
import { UntrustedCertificateError } from '../errors/tls';
import type { Api } from './lazyLookerApi';

/** What was found out about an instance without any credentials. */
export interface Found {
  readonly baseUrl: string;
  /** The one to speak: the one configured, else the best that the instance lists, else 4.0. */
  readonly apiVersion: ApiVersion;
  /** Undefined where the instance does not tell it to people who are not logged in. */
  readonly release: Release | undefined;
  /** False where something answers that lets nobody ask: it may be Looker. */
  readonly isLooker: boolean;
}

/** What looking for Looker depends on. */
export interface ProbeOptions {
  readonly connect: (baseUrl: string, apiVersion: ApiVersion) => Api;
  /** The API version that is settled for an instance and not to be found out. */
  readonly configuredVersion: (baseUrl: string) => ApiVersion | undefined;
  /** See {@link otherUsualPort}. */
  readonly otherPort?: (baseUrl: string) => string | undefined;
}

/** The other port is an offer: nobody waits long for one whose firewall swallows all that comes. */
const OTHER_PORT_MS = 10_000;

/**
 * Looks for Looker at a base URL, and at the same time on the other usual port of its host. Sends no
 * credentials.
 * @throws ApiElsewhereError where only the other port promises something, or the server says that its API is elsewhere; LookerError; CanceledError
 */
export async function probe(
  baseUrl: string,
  options: ProbeOptions,
  signal: AbortSignal,
): Promise<Found> {
  const other = (options.otherPort ?? otherUsualPort)(baseUrl);
  const enough = new AbortController();
  const otherSignal = AbortSignal.any([signal, enough.signal, AbortSignal.timeout(OTHER_PORT_MS)]);
  const elsewhere = other === undefined ? undefined : orError(look(other, options, otherSignal));
  try {
    const here = await orError(look(baseUrl, options, signal));
    if (here instanceof CanceledError || (!(here instanceof Error) && here.isLooker)) {
      return orThrow(here);
    }
    // The instance knows best.
    if (here instanceof ApiElsewhereError) throw here;
    if (other !== undefined && isBetter(await elsewhere, here)) {
      throw new ApiElsewhereError(baseUrl, other);
    }
    return orThrow(here);
  } finally {
    enough.abort();
  }
}

/** Looker has served its API on port 19999 for long, and newer instances do on 443; elsewhere is nothing to try. */
export function otherUsualPort(baseUrl: string): string | undefined {
  const url = new URL(baseUrl);
  if (url.protocol !== 'https:' || !['', '19999'].includes(url.port)) return undefined;
  url.port = url.port === '' ? '19999' : '';
  return url.origin;
}

async function look(baseUrl: string, options: ProbeOptions, signal: AbortSignal): Promise<Found> {
  const configured = options.configuredVersion(baseUrl);
  const api = options.connect(baseUrl, configured ?? '4.0');
  const release = await api.release(signal);
  if (release) {
    const { apiUrl } = release;
    if (apiUrl !== undefined && !(await hasApi(api, signal))) {
      throw new ApiElsewhereError(baseUrl, apiUrl);
    }
    return { baseUrl, apiVersion: configured ?? bestApiVersion(release), release, isLooker: true };
  }
  const isLooker = await api.isLooker(signal).catch((error: unknown) => {
    // Whoever has set a version knows what answers there; their login says whether they are right.
    if (configured && error instanceof NotLookerApiError) return false;
    throw error;
  });
  return { baseUrl, apiVersion: configured ?? '4.0', release, isLooker };
}

/** Whether the API is there: an instance may name its API by a URL of its own, and have it here as well. */
async function hasApi(api: Api, signal: AbortSignal): Promise<boolean> {
  try {
    return await api.isLooker(signal);
  } catch (error) {
    if (error instanceof NotLookerApiError || error instanceof RedirectedError) return false;
    throw error;
  }
}

/** A server whose certificate nobody vouches for is more than none at all: it can be looked at. */
function isBetter(there: Found | Error | undefined, here: Found | Error): boolean {
  if (there instanceof UntrustedCertificateError) {
    return here instanceof LookerError && !(here instanceof UntrustedCertificateError);
  }
  return there !== undefined && !(there instanceof Error) && there.isLooker;
}

function orError(finding: Promise<Found>): Promise<Found | Error> {
  return finding.catch((error: unknown) => error as Error);
}

function orThrow(found: Found | Error): Found {
  if (found instanceof Error) throw found;
  return found;
}
