import { Router } from 'express';
import { callerOf } from '../../authentication';
import type { Instance } from '../../instance';
import type { RegisteredClient } from '../../oauth';
import { isAdmin } from '../../people';
import { notFound, Refusal } from '../../refusal';

/**
 * `/oauth_client_apps`: the clients that users may log in with in the browser. For admins, except for a user's own
 * logins.
 */
export function clientApps(instance: Instance): Router {
  const { oauth } = instance;
  const router = Router({ caseSensitive: true, strict: true });
  router.delete('/:guid/users/:user_id', (request, response) => {
    const { person } = callerOf(instance, request);
    const { guid, user_id: userId } = request.params;
    if (!isAdmin(person) && String(person.id) !== userId) throw new Refusal(403, 'Forbidden');
    oauth.endLogins(clientOf(instance, guid).clientId, userId);
    response.status(204).end();
  });
  router.use((request, _response, next) => {
    if (!isAdmin(callerOf(instance, request).person)) throw new Refusal(403, 'Forbidden');
    next();
  });
  router.get('/', (_request, response) => {
    response.json([...oauth.clients.values()].map((client) => write(instance, client)));
  });
  router.get('/:guid', (request, response) => {
    response.json(write(instance, clientOf(instance, request.params.guid)));
  });
  router.post('/:guid', (request, response) => {
    const { guid } = request.params;
    if (oauth.clients.has(guid)) throw new Refusal(409, 'Already exists');
    const client = read(instance, request.body, {
      clientId: guid,
      redirectUris: [],
      displayName: '',
      description: '',
      isEnabled: true,
      groupId: null,
    });
    oauth.clients.set(guid, client);
    response.json(write(instance, client));
  });
  router.patch('/:guid', (request, response) => {
    const client = read(instance, request.body, clientOf(instance, request.params.guid));
    oauth.clients.set(client.clientId, client);
    response.json(write(instance, client));
  });
  router.delete('/:guid', (request, response) => {
    const { clientId } = clientOf(instance, request.params.guid);
    oauth.clients.delete(clientId);
    oauth.endLogins(clientId);
    response.status(204).end();
  });
  router.delete('/:guid/tokens', (request, response) => {
    oauth.endLogins(clientOf(instance, request.params.guid).clientId);
    response.status(204).end();
  });
  return router;
}

function clientOf({ oauth }: Instance, guid: string): RegisteredClient {
  const client = oauth.clients.get(guid);
  if (!client) throw notFound();
  return client;
}

/** Applies a body to a client. All required fields must be set afterwards. */
function read({ oauth }: Instance, body: unknown, before: RegisteredClient): RegisteredClient {
  const given = { ...(body as Record<string, unknown> | undefined) };
  const several = oauth.behavior.hasSeveralRedirectUris ? given['redirect_uris'] : undefined;
  const one = given['redirect_uri'];
  const text = (field: string) => (typeof given[field] === 'string' ? given[field] : undefined);
  const redirectUris =
    (several as readonly string[] | undefined) ??
    (typeof one === 'string' ? [one] : before.redirectUris);
  const client: RegisteredClient = {
    ...before,
    redirectUris,
    displayName: text('display_name') ?? before.displayName,
    description: text('description') ?? before.description,
    isEnabled: Boolean(given['enabled'] ?? before.isEnabled),
    groupId: 'group_id' in given ? (given['group_id'] as string | null) : before.groupId,
  };
  const missing = [
    ...(redirectUris.length === 0 ? ['redirect_uri'] : []),
    ...(client.displayName === '' ? ['display_name'] : []),
    ...(client.description === '' ? ['description'] : []),
  ];
  if (missing.length > 0) {
    const fields = missing.map((field) => ({ field, code: 'missing_field', message: 'missing' }));
    throw new Refusal(422, 'Validation Failed', { fields });
  }
  return client;
}

function write({ oauth }: Instance, client: RegisteredClient) {
  const { clientId, redirectUris, displayName, description, isEnabled, groupId } = client;
  return {
    can: { show: true, update: true, destroy: true },
    client_guid: clientId,
    redirect_uri: redirectUris[0],
    ...(oauth.behavior.hasSeveralRedirectUris && { redirect_uris: redirectUris }),
    display_name: displayName,
    description,
    enabled: isEnabled,
    group_id: groupId,
    tokens_invalid_before: null,
    activated_users: [],
  };
}
