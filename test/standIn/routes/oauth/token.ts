import type { ErrorRequestHandler, RequestHandler } from 'express';
import type { Instance } from '../../instance';
import { TokenRefusal, type Granted } from '../../oauth';
import { PAGES } from '../../pages';
import { Refusal } from '../../refusal';
import { writeAccessToken } from '../../writeAccessToken';

/**
 * `POST /api/token`: issues an access token for a code or a refresh token. Accepts JSON and forms, without a client
 * secret.
 */
export function token(instance: Instance): RequestHandler {
  return (request, response) => {
    if (request.headers.authorization !== undefined) {
      throw new TokenRefusal('invalid_client', 'Failed Basic Authentication');
    }
    const { token, refreshToken } = grant(instance, { ...(request.body as object | undefined) });
    response.set('Cache-Control', 'no-store');
    response.json({ ...writeAccessToken(token, '4.0'), refresh_token: refreshToken });
  };
}

function grant({ oauth }: Instance, body: Readonly<Record<string, unknown>>): Granted {
  const text = (name: string) => {
    const value = body[name];
    if (typeof value !== 'string' || value === '') {
      throw new TokenRefusal('invalid_request', `${name} is missing`);
    }
    return value;
  };
  const clientId = text('client_id');
  switch (text('grant_type')) {
    case 'authorization_code':
      return oauth.redeem(text('code'), clientId, text('redirect_uri'), text('code_verifier'));
    case 'refresh_token':
      return oauth.refresh(text('refresh_token'), clientId);
    default:
      throw new TokenRefusal('unsupported_grant_type', 'Unknown grant_type');
  }
}

/** Refuses in the format that is set for the instance. */
export function tokenRefusal({ oauth }: Instance): ErrorRequestHandler {
  return (error: unknown, _request, response, next) => {
    if (!(error instanceof TokenRefusal)) {
      next(error);
      return;
    }
    const status = error.error === 'invalid_client' ? 401 : 400;
    switch (oauth.behavior.errors) {
      case 'oauth':
        response.status(status).json({ error: error.error, error_description: error.message });
        return;
      case 'looker':
        next(new Refusal(status, error.message));
        return;
      case 'html':
        response.status(status).type('html').send(PAGES.unavailable);
    }
  };
}
