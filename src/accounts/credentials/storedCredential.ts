import * as v from 'valibot';
import type { Api } from '../../looker/api/api';
import type { LoginMethod } from '../knownAccounts';
import { apiKey, StoredApiKey } from './apiKey';
import { browser, StoredBrowser } from './browser';
import type { Credential, Grant, TokenRequest } from './credential';
import { none, StoredNone } from './none';
import { StoredSudo, sudo } from './sudo';

/** The stored form of any kind of credential. */
export const StoredCredential = v.union([StoredApiKey, StoredBrowser, StoredSudo, StoredNone]);
export type StoredCredential = v.InferOutput<typeof StoredCredential>;

const KINDS = { apiKey, browser, sudo, none };

/** See {@link Credential.canRenew}. @param admin the credential of the admin's account, if it is logged in */
export function canRenew(own: StoredCredential, admin: StoredCredential | undefined): boolean {
  return kindOf(own).canRenew(admin !== undefined && kindOf(admin).canRenew(false));
}

/** See {@link Credential.nextToken}. */
export function nextToken(
  own: StoredCredential,
  request: TokenRequest,
): Promise<Grant<StoredCredential>> {
  return kindOf(own).nextToken(own, request);
}

/**
 * Whether every new token comes from a login of its own, so that there can be additional tokens without changing the
 * account's credential.
 */
export function canMint({ kind }: StoredCredential): boolean {
  return kind === 'apiKey' || kind === 'sudo';
}

/** See {@link Credential.end}. */
export function endCredential(
  own: StoredCredential,
  api: Api,
  signal: AbortSignal | undefined,
): Promise<void> {
  return kindOf(own).end(own, api, signal);
}

/** How the user of an account logged in; undefined for a sudo account. */
export function loginMethodOf(credential: StoredCredential): LoginMethod | undefined {
  if (credential.kind === 'sudo') return undefined;
  return credential.kind === 'none' ? (credential.of ?? 'apiKey') : credential.kind;
}

/** The code for a credential's kind, which is only called with credentials of that kind. */
function kindOf({ kind }: StoredCredential): Credential<StoredCredential> {
  return KINDS[kind];
}
