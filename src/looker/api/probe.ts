import { bestApiVersion, type ApiVersion, type Release } from './apiVersion';
import { CanceledError } from '../errors/expectedError';
import { LookerError } from '../errors/lookerError';
import { NotLookerApiError, ApiElsewhereError, RedirectedError } from '../errors/notLooker';
import { UntrustedCertificateError } from '../errors/tls';
import { API_PORT, isLoopback } from '../instance/host';
import type { Api } from './api';

/** What can be found out about an instance without credentials. */
export interface ProbeResult {
  readonly baseUrl: string;
  /** The version to use: the configured one, else the best one that the instance lists, else 4.0. */
  readonly apiVersion: ApiVersion;
  /** Undefined if the instance reports it only to logged-in users. */
  readonly release: Release | undefined;
  /** False if something responds but rejects every unauthenticated request: it may still be Looker. */
  readonly isLooker: boolean;
}

/** What {@link probe} needs from its caller. */
export interface ProbeOptions {
  readonly connect: (baseUrl: string, apiVersion: ApiVersion) => Api;
  /** The API version set for an instance in the settings; undefined if it must be detected. */
  readonly configuredVersion: (baseUrl: string) => ApiVersion | undefined;
  /** See {@link otherUsualUrl}. */
  readonly otherUrl?: (baseUrl: string) => string | undefined;
}

/** The other URL is only a suggestion, so a firewall that drops packets there must not delay the user for long. */
const OTHER_URL_MS = 10_000;

/**
 * Looks for Looker at a base URL and, at the same time, where else it usually is on that host. Sends no credentials.
 * @throws ApiElsewhereError if only the other URL looks like Looker, or the server names another URL for its API;
 *   LookerError; CanceledError
 */
export async function probe(
  baseUrl: string,
  options: ProbeOptions,
  signal: AbortSignal,
): Promise<ProbeResult> {
  const other = (options.otherUrl ?? otherUsualUrl)(baseUrl);
  const enough = new AbortController();
  const otherSignal = AbortSignal.any([signal, enough.signal, AbortSignal.timeout(OTHER_URL_MS)]);
  const elsewhere = other === undefined ? undefined : orError(look(other, options, otherSignal));
  try {
    const here = await orError(look(baseUrl, options, signal));
    if (here instanceof CanceledError || (!(here instanceof Error) && here.isLooker)) {
      return orThrow(here);
    }
    // The instance's own statement is better than a guess.
    if (here instanceof ApiElsewhereError) throw here;
    if (other !== undefined && isBetter(await elsewhere, here)) {
      throw new ApiElsewhereError(baseUrl, other);
    }
    return orThrow(here);
  } finally {
    enough.abort();
  }
}

/**
 * Where else Looker usually is on a host. It served its API on port 19999 for a long time; newer instances use 443. Other
 * ports have no counterpart, but a server on this machine may use HTTPS all the same, as Looker itself does on 9999.
 */
export function otherUsualUrl(baseUrl: string): string | undefined {
  const url = new URL(baseUrl);
  if (isLoopback(baseUrl) && url.protocol === 'http:' && url.port !== '') {
    return baseUrl.replace(/^http:/, 'https:');
  }
  if (url.protocol !== 'https:' || !['', API_PORT].includes(url.port)) return undefined;
  url.port = url.port === '' ? API_PORT : '';
  return url.origin;
}

async function look(
  baseUrl: string,
  options: ProbeOptions,
  signal: AbortSignal,
): Promise<ProbeResult> {
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
    // A user who has set a version knows what is there; the login will show whether they are right.
    if (configured && error instanceof NotLookerApiError) return false;
    throw error;
  });
  return { baseUrl, apiVersion: configured ?? '4.0', release, isLooker };
}

/** Whether the API is also at this URL: an instance may name another URL for its API and still serve it here. */
async function hasApi(api: Api, signal: AbortSignal): Promise<boolean> {
  try {
    return await api.isLooker(signal);
  } catch (error) {
    if (error instanceof NotLookerApiError || error instanceof RedirectedError) return false;
    throw error;
  }
}

/** A server with an untrusted certificate is better than no server: the user can inspect the certificate. */
function isBetter(there: ProbeResult | Error | undefined, here: ProbeResult | Error): boolean {
  if (there instanceof UntrustedCertificateError) {
    return here instanceof LookerError && !(here instanceof UntrustedCertificateError);
  }
  return there !== undefined && !(there instanceof Error) && there.isLooker;
}

function orError(finding: Promise<ProbeResult>): Promise<ProbeResult | Error> {
  return finding.catch((error: unknown) => error as Error);
}

function orThrow(found: ProbeResult | Error): ProbeResult {
  if (found instanceof Error) throw found;
  return found;
}
