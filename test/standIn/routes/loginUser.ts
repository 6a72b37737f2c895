import type { Request } from 'express';
import type { ApiVersion } from '../apiVersion';
import { callerOf } from '../authentication';
import { type Instance, isSince } from '../instance';
import { isAdmin, isEmbedUser } from '../people';
import { parseBoolean, parseInteger, queryOf } from '../query';
import { notFound, Refusal } from '../refusal';
import { writeAccessToken } from '../writeAccessToken';
import type { Route } from './route';

/** `POST /login/{user_id}`: sudo. Issues a token of another user for an admin's own token. */
export const loginUser: Route = (instance, version) => (request, response) => {
  instance.loginRate.admit();
  const { person: caller, token } = callerOf(instance, request);
  const userId = String(request.params['user_id']);
  if (version !== '4.0') parseInteger('user_id', userId);
  if (!isAdmin(caller) || token.sudoBy !== undefined) {
    throw version === '3.0' ? notFound() : new Refusal(403, 'Only an admin may log in as a user');
  }
  if (token.loginId !== undefined && !instance.oauth.behavior.allowsSudo) {
    throw new Refusal(403, 'Not allowed with a token of an OAuth client');
  }
  const target = instance.people.withId(userId);
  if (!target || target.isDisabled) throw notFound();
  if (instance.googleCloudCore && !(caller.isServiceAccount && isEmbedUser(target))) {
    throw new Refusal(403, 'Unsupported in Looker (Google Cloud core)');
  }
  const sudo = { sudoBy: token.userId, ...associativeOf(instance, version, request) };
  response.json(writeAccessToken(instance.tokens.issue(userId, sudo), version));
};

/** True by default; undefined in API 4.0 since release 26.8, which dropped it. */
function associativeOf(instance: Instance, version: ApiVersion, request: Request) {
  if (version === '4.0' && isSince(instance.release, 26, 8)) return {};
  return { associative: parseBoolean('associative', queryOf(request)['associative'] ?? 'true') };
}
