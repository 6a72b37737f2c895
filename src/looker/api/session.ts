import * as v from 'valibot';
import { UserId } from './shapes';
import { WORKSPACES, type Workspace } from '../workspace';

/** The parts of `GET /session` that Looker Auth needs. */
export interface ApiSession {
  /** The admin who is acting, for a sudo token; undefined if Looker doesn't say. */
  readonly sudoUserId: string | undefined;
  /** The token's workspace; undefined if Looker doesn't say, or names an unknown one. */
  readonly workspace: Workspace | undefined;
}

/** Both may be null: `sudo_user_id` is null for a token that isn't a sudo token. */
export const SessionResponse = v.pipe(
  v.object({
    sudo_user_id: v.nullish(UserId),
    workspace_id: v.fallback(v.nullish(v.picklist(WORKSPACES)), undefined),
  }),
  v.transform((response): ApiSession => ({
    sudoUserId: response.sudo_user_id ?? undefined,
    workspace: response.workspace_id ?? undefined,
  })),
);
