import type { Release } from '../api/apiVersion';
import { CanceledError } from '../errors/expectedError';
import { LookerError } from '../errors/lookerError';
import type { LookerApiOptions } from '../api/lookerApiOptions';
import { otherWebUrl, webUrlOf } from '../instance/webUrl';
import { redirectUrisFor, type OAuthClient } from './client';
import { MetadataElsewhereError } from './errors';
import { readMetadata, type Metadata } from './metadata';
import { isRegistered } from './tokenEndpoint';

/** How people log in to an instance with the browser. */
export interface BrowserLoginOffer {
  readonly clientId: string;
  /** Those that the instance can know, the one to prefer first. */
  readonly redirectUris: readonly [string, ...string[]];
  /** Origin and path of the page to log in at, on the instance's own host. */
  readonly authorizationEndpoint: string;
  /** Another host on which the instance says that its pages are: nobody is led there without being asked. */
  readonly otherEndpoint: string | undefined;
  /** Whether it knows the client; undefined where it does not tell. */
  readonly isSetUp: boolean | undefined;
}

/** Where whoever waits for an answer can go on with an API key, it is not waited for longer. */
const LONGEST_MS = 10_000;

/**
 * Finds out whether, and how, people log in to an instance with the browser. Sends no credentials.
 * @param release what the instance has said of itself
 * @returns undefined where it has no OAuth, or that cannot be reached
 * @throws MetadataElsewhereError where it wants people to log in elsewhere; CanceledError
 */
export async function findOffer(
  options: LookerApiOptions,
  client: OAuthClient,
  release: Release | undefined,
  signal?: AbortSignal,
): Promise<BrowserLoginOffer | undefined> {
  const { baseUrl, apiVersion } = options;
  if (apiVersion !== '4.0') return undefined;
  const limit = AbortSignal.timeout(LONGEST_MS);
  const enough = signal ? AbortSignal.any([signal, limit]) : limit;
  const redirectUris = redirectUrisFor(client, release?.release);
  const asker = { clientId: client.clientId, redirectUri: redirectUris[0] };
  let metadata: Metadata | undefined;
  let isSetUp: boolean | undefined;
  try {
    [metadata, isSetUp] = await Promise.all([
      readMetadata(options, enough),
      isRegistered(options, asker, enough),
    ]);
  } catch (error) {
    if (signal?.aborted) throw error;
    const isAnswer = error instanceof LookerError || error instanceof CanceledError;
    if (error instanceof MetadataElsewhereError || !isAnswer) throw error;
    return undefined;
  }
  const other = metadata ? undefined : otherWebUrl(baseUrl, release?.webUrl);
  return {
    clientId: client.clientId,
    redirectUris,
    authorizationEndpoint:
      metadata?.authorizationEndpoint ?? `${webUrlOf(baseUrl, release?.webUrl)}/auth`,
    otherEndpoint: other === undefined ? undefined : `${other}/auth`,
    isSetUp,
  };
}
