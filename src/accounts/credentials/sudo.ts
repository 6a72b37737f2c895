import * as v from 'valibot';
import type { Api } from '../../looker/api/lazyLookerApi';
import type { Token } from '../../looker/api/token';
import { nothingToEnd, type Credential, type TokenRequest } from './credential';

export const StoredSudo = v.object({
  kind: v.literal('sudo'),
  /** As it was chosen at login; absent where the instance does not know it. */
  associative: v.exactOptional(v.boolean()),
});
type StoredSudo = v.InferOutput<typeof StoredSudo>;

/** The account of the admin who acts as the user. The sudo account ends with it. */
export const sudo: Credential<StoredSudo> = {
  canRenew: (adminCan) => adminCan,
  nextToken: async ({ associative }, { account, api, asAdmin }) => ({
    token: await sudoToken(api, account.user.id, associative, asAdmin),
  }),
  end: nothingToEnd,
};

/**
 * A token to act as another user.
 * @param associative see {@link LookerApi.loginAs}
 * @throws LookerError; LoginNeededError, for the admin; CanceledError
 */
export function sudoToken(
  api: Api,
  userId: string,
  associative: boolean | undefined,
  asAdmin: TokenRequest['asAdmin'],
  signal?: AbortSignal,
): Promise<Token> {
  return asAdmin(({ token }) => api.loginAs(userId, token.value, associative, signal));
}
