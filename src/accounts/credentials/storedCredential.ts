import * as v from 'valibot';
import { apiKey, StoredApiKey } from './apiKey';
import type { Credential } from './credential';
import { none, StoredNone } from './none';
import { StoredSudo, sudo } from './sudo';

/** What is stored of a credential, whichever kind it is. */
export const StoredCredential = v.variant('kind', [StoredApiKey, StoredSudo, StoredNone]);
export type StoredCredential = v.InferOutput<typeof StoredCredential>;

/** The credential that is stored so. */
export function credentialOf(stored: StoredCredential): Credential<StoredCredential> {
  switch (stored.kind) {
    case 'apiKey':
      return apiKey(stored);
    case 'sudo':
      return sudo(stored);
    case 'none':
      return none;
  }
}
