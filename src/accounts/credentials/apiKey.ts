import * as v from 'valibot';
import { Text } from '../../looker/api/shapes';
import { nothingToEnd, type Credential } from './credential';

export const StoredApiKey = v.object({
  kind: v.literal('apiKey'),
  clientId: Text,
  clientSecret: Text,
});
type StoredApiKey = v.InferOutput<typeof StoredApiKey>;

/**
 * The API key of the account's own user: each token comes from a new login. The key is never revoked, since the user
 * created it.
 */
export const apiKey: Credential<StoredApiKey> = {
  canRenew: () => true,
  nextToken: async ({ clientId, clientSecret }, { api }) => ({
    token: await api.login({ clientId, clientSecret }),
  }),
  end: nothingToEnd,
};
