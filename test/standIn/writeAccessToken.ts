import type { ApiVersion } from './apiVersion';
import type { IssuedToken } from './tokens';

/** A token in the AccessToken format of this API version. */
export function writeAccessToken(token: IssuedToken, version: ApiVersion) {
  return {
    access_token: token.value,
    token_type: 'Bearer',
    expires_in: Math.floor((token.expiresAt - token.issuedAt) / 1000),
    // A login with an API key has no refresh token; 4.0 has the field for its OAuth flow.
    ...(version === '4.0' && { refresh_token: null }),
  };
}
