import * as l10n from '@vscode/l10n';
import * as v from 'valibot';
import { LoginNeededError } from '../errors';
import { nothingToEnd, type Credential } from './credential';

export const StoredNone = v.object({ kind: v.literal('none') });
type StoredNone = v.InferOutput<typeof StoredNone>;

/** Where the user keeps only the token: once it has expired, they log in again. */
export const none: Credential<StoredNone> = {
  canRenew: () => false,
  nextToken: (_, { account }) =>
    Promise.reject(new LoginNeededError(account, l10n.t('its API key was not kept'))),
  end: nothingToEnd,
};
