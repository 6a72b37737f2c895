import type { Account } from '../../accounts/account';
import type { Workspace } from '../../looker/workspace';

/** What an extension asks of a session. */
export interface Wanted {
  /** The instance; absent where it does not matter. */
  readonly baseUrl?: string;
  /** The user acted as; absent where it does not matter. */
  readonly sudoUserId?: string;
  /** The one account that will do; absent where another one may. */
  readonly account?: Account;
  /** Absent means `production`. */
  readonly workspace?: Workspace;
}

/** What a scope begins with that names the user acted as, and one that names the workspace. */
export const SUDO = 'sudo:';
export const WORKSPACE = 'workspace:';

/** The narrowest scopes that hold for an account's session. */
export function scopesOf({ baseUrl, user, sudo }: Account, workspace?: Workspace): string[] {
  return [
    baseUrl,
    ...(sudo ? [SUDO + user.id] : []),
    ...(workspace === 'dev' ? [WORKSPACE + workspace] : []),
  ];
}
