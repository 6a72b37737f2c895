import * as v from 'valibot';
import { UserId } from './shapes';

/** What `GET /session` says, as far as we need it. */
export interface ApiSession {
  /** Who really acts where a token stands for another user; undefined where Looker does not tell. */
  readonly sudoUserId: string | undefined;
}

/** `sudo_user_id` is null where nobody acts for anybody. */
export const SessionReply = v.pipe(
  v.object({ sudo_user_id: v.nullish(UserId) }),
  v.transform((reply): ApiSession => ({ sudoUserId: reply.sudo_user_id ?? undefined })),
);
