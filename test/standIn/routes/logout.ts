import type { Request } from 'express';
import { tokenIn } from '../authorization';
import type { Instance } from '../instance';
import { notFound, Refusal } from '../refusal';
import type { Route } from './route';

/** `DELETE /logout`: revokes the token it is sent with and no other, or its browser login as well. */
export const logout: Route = (instance) => (request, response) => {
  end(instance, request, instance.oauth.behavior.logout.current === 'both');
  response.status(204).end();
};

/** `DELETE /api/logout`, without a version: used by the official SDK for browser logins. */
export const logoutOfBoth: Route = (instance) => (request, response) => {
  const { versionless } = instance.oauth.behavior.logout;
  if (versionless === 'unknown') throw notFound();
  end(instance, request, versionless === 'both');
  response.status(204).end();
};

function end({ tokens, oauth }: Instance, request: Request, endsLogin: boolean): void {
  const value = tokenIn(request);
  if (value === undefined) throw new Refusal(401, 'Requires authentication.');
  const token = tokens.find(value);
  if (!token) throw notFound();
  tokens.revoke(value);
  if (endsLogin && token.loginId !== undefined) oauth.endLogin(token.loginId);
}
