import type { Account } from '../../accounts/account';
import type { Workspace } from '../../looker/workspace';

/** What an extension requests of a session. */
export interface SessionRequest {
  /** The instance; omitted if any will do. */
  readonly baseUrl?: string;
  /** The user to act as; omitted if any will do. */
  readonly sudoUserId?: string;
  /** The account; omitted if any will do. */
  readonly account?: Account;
  /** `production` if omitted. */
  readonly workspace?: Workspace;
}

/** Prefixes of the scopes for the user to act as, and for the workspace. */
export const SUDO = 'sudo:';
export const WORKSPACE = 'workspace:';

/** The narrowest scopes that match an account's session. */
export function scopesOf({ baseUrl, user, sudo }: Account, workspace?: Workspace): string[] {
  return [
    baseUrl,
    ...(sudo ? [SUDO + user.id] : []),
    ...(workspace === 'dev' ? [WORKSPACE + workspace] : []),
  ];
}
