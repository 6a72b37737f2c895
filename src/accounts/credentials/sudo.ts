import * as v from 'valibot';
import { nothingToEnd, type Credential } from './credential';

export const StoredSudo = v.object({
  kind: v.literal('sudo'),
  /** As chosen at login; omitted if the instance doesn't accept it. */
  associative: v.exactOptional(v.boolean()),
});
type StoredSudo = v.InferOutput<typeof StoredSudo>;

/** Uses the account of the admin who acts as the user. The sudo account is logged out with it. */
export const sudo: Credential<StoredSudo> = {
  canRenew: (adminCan) => adminCan,
  nextToken: async ({ associative }, { account, api, asAdmin }) => ({
    token: await asAdmin(({ token }) => api.loginAs(account.user.id, token.value, associative)),
  }),
  end: nothingToEnd,
};
