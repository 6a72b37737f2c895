import type { ApiVersion } from './apiVersion';
import type { IssuedToken } from './tokens';

/** A token as this API version writes an AccessToken. */
export function writeAccessToken(token: IssuedToken, version: ApiVersion) {
  return {
    access_token: token.value,
    token_type: 'Bearer',
    expires_in: Math.floor((token.expiresAt - token.issuedAt) / 1000),
    // The API key flow refreshes nothing; 4.0 has the field for its OAuth flow.
    ...(version === '4.0' && { refresh_token: null }),
  };
}
