import * as v from 'valibot';
import { Count, RefreshToken, Text } from '../../looker/api/shapes';
import type { Credential } from './credential';

export const StoredBrowser = v.object({
  kind: v.literal('browser'),
  /** The OAuth client and the redirect URI of the login, which Looker requires with each refresh. */
  clientId: Text,
  redirectUri: Text,
  refreshToken: RefreshToken,
  /** Number of the turn that got the refresh token, see {@link RenewalTurns}; 0 for the one from the login. */
  turn: Count,
});
type StoredBrowser = v.InferOutput<typeof StoredBrowser>;

/** A login with the browser: its refresh token gets new tokens for about a month, and may be replaced each time. */
export const browser: Credential<StoredBrowser> = {
  canRenew: () => true,
  nextToken: async (stored, { api }) => {
    const { refreshToken } = stored;
    const grant = await api.refresh(stored, refreshToken);
    const credential = { ...stored, refreshToken: grant.refreshToken ?? refreshToken };
    return { token: grant.token, credential };
  },
  end: (stored, api, signal) => api.endLogin(stored, stored.refreshToken, signal),
};
