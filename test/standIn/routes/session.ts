import { type ApiVersion, writeId } from '../apiVersion';
import { callerOf } from '../authentication';
import { isDeveloper } from '../people';
import { Refusal } from '../refusal';
import type { IssuedToken, Workspace } from '../tokens';
import type { Route } from './route';

/** `GET /session` */
export const session: Route = (instance, version) => (request, response) => {
  response.json(writeSession(callerOf(instance, request).token, version));
};

/** `PATCH /session`: selects the workspace for as long as the token is valid. */
export const updateSession: Route = (instance, version) => (request, response) => {
  const { person, token } = callerOf(instance, request);
  const { workspace_id: workspace = token.workspace } = {
    ...(request.body as { workspace_id?: unknown } | undefined),
  };
  if (!isWorkspace(workspace)) {
    const message = 'must be production or dev';
    throw new Refusal(422, 'Validation Failed', {
      fields: [{ field: 'workspace_id', code: 'invalid', message }],
    });
  }
  if (workspace === 'dev' && !isDeveloper(person)) {
    throw new Refusal(403, 'Development Mode needs the permission to develop');
  }
  response.json(writeSession(instance.tokens.selectWorkspace(token, workspace), version));
};

function isWorkspace(value: unknown): value is Workspace {
  return value === 'production' || value === 'dev';
}

function writeSession(token: IssuedToken, version: ApiVersion) {
  return {
    can: { view: true, update: true },
    workspace_id: token.workspace,
    sudo_user_id: token.sudoBy === undefined ? null : writeId(token.sudoBy, version),
  };
}
