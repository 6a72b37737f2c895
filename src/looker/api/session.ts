import * as v from 'valibot';
import { UserId } from './shapes';
import { WORKSPACES, type Workspace } from '../workspace';

/** What `GET /session` says, as far as we need it. */
export interface ApiSession {
  /** Who really acts where a token stands for another user; undefined where Looker does not tell. */
  readonly sudoUserId: string | undefined;
  /** What the token works in; undefined where Looker does not tell, or has one of its own. */
  readonly workspace: Workspace | undefined;
}

/** Both may be null: `sudo_user_id` is where nobody acts for anybody. */
export const SessionReply = v.pipe(
  v.object({
    sudo_user_id: v.nullish(UserId),
    workspace_id: v.fallback(v.nullish(v.picklist(WORKSPACES)), undefined),
  }),
  v.transform((reply): ApiSession => ({
    sudoUserId: reply.sudo_user_id ?? undefined,
    workspace: reply.workspace_id ?? undefined,
  })),
);
