import * as v from 'valibot';
import { LoginNeededError } from '../errors';
import { nothingToEnd, type Credential } from './credential';

export const StoredNone = v.object({
  kind: v.literal('none'),
  /** Set if it was a browser login rather than an API key. */
  of: v.exactOptional(v.literal('browser')),
});
type StoredNone = v.InferOutput<typeof StoredNone>;

/** Only the token is saved: once it has expired, the user logs in again. */
export const none: Credential<StoredNone> = {
  canRenew: () => false,
  nextToken: ({ of }, { account }) =>
    Promise.reject(
      new LoginNeededError(account, of === 'browser' ? 'loginNotSaved' : 'keyNotSaved'),
    ),
  end: nothingToEnd,
};
