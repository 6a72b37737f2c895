import * as v from 'valibot';
import { LoginNeededError } from '../errors';
import { nothingToEnd, type Credential } from './credential';

export const StoredNone = v.object({
  kind: v.literal('none'),
  /** Set where it was a login with the browser, and not with an API key. */
  of: v.exactOptional(v.literal('browser')),
});
type StoredNone = v.InferOutput<typeof StoredNone>;

/** Where the user keeps only the token: once it has expired, they log in again. */
export const none: Credential<StoredNone> = {
  canRenew: () => false,
  nextToken: ({ of }, { account }) =>
    Promise.reject(
      new LoginNeededError(account, of === 'browser' ? 'loginNotSaved' : 'keyNotSaved'),
    ),
  end: nothingToEnd,
};
