import type { Release } from '../api/apiVersion';
import { CanceledError } from '../errors/expectedError';
import { LookerError } from '../errors/lookerError';
import type { LookerApiOptions } from '../api/lookerApiOptions';
import { otherWebUrl, webUrlOf } from '../instance/webUrl';
import { redirectUrisFor, type OAuthClient } from './client';
import { MetadataElsewhereError } from './errors';
import { readMetadata, type Metadata } from './metadata';
import { isRegistered } from './tokenEndpoint';

/** How users log in to an instance with the browser. */
export interface BrowserLoginOffer {
  readonly clientId: string;
  /** Redirect URIs that the instance accepts, preferred one first. */
  readonly redirectUris: readonly [string, ...string[]];
  /** Origin and path of the login page, on the instance's own host. */
  readonly authorizationEndpoint: string;
  /** Login page on another host that the instance names for its pages. It is opened only if the user agrees. */
  readonly otherEndpoint: string | undefined;
  /** Whether the client is registered; undefined if the instance doesn't say. */
  readonly isSetUp: boolean | undefined;
}

/** The user can continue with an API key, so they shouldn't wait longer for this. */
const LONGEST_MS = 10_000;

/**
 * Finds out whether and how users log in to an instance with the browser. Sends no credentials.
 * @param release what the instance says about itself
 * @returns undefined if it has no OAuth, or there is no response
 * @throws MetadataElsewhereError if it wants users to log in elsewhere; CanceledError
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
  const loginClient = { clientId: client.clientId, redirectUri: redirectUris[0] };
  let metadata: Metadata | undefined;
  let isSetUp: boolean | undefined;
  try {
    [metadata, isSetUp] = await Promise.all([
      readMetadata(options, enough),
      isRegistered(options, loginClient, enough),
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
