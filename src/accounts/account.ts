import * as l10n from '@vscode/l10n';
import * as v from 'valibot';
import { API_VERSIONS, type ApiVersion } from '../looker/api/apiVersion';
import { isBaseUrl } from '../looker/instance/host';
import { inertName, isolated } from '../looker/inert';
import { Email, Text, UserId } from '../looker/api/shapes';
import type { LookerUser } from '../looker/api/user';

/** The user fields that an account stores. */
export type AccountUser = Pick<LookerUser, 'id' | 'name' | 'email'>;

/** One identity on one instance: the API key's own user, or a user that an admin acts as. */
export interface Account {
  /** Stable for the account's whole life, and the ID of its VS Code session. */
  readonly id: string;
  /** Shown to people. VS Code stores trust by label, so it is unique and never changes. */
  readonly label: string;
  readonly baseUrl: string;
  readonly apiVersion: ApiVersion;
  readonly user: AccountUser;
  readonly sudo?: Sudo;
}

/** The admin behind an account that acts as another user. */
export interface Sudo {
  /** ID of the admin's own account, which is used to renew the token. */
  readonly adminAccountId: string;
  readonly admin: AccountUser;
}

/** Prefix of the secret that lets terminals open as an account without asking; the account's ID follows. */
export const TERMINAL_CONSENT = 'lookerAuth.terminal:';

const StoredUser = v.pipe(
  v.object({
    id: UserId,
    name: v.pipe(
      Text,
      v.transform((name) => inertName(name)),
      v.minLength(1),
    ),
    email: Email,
  }),
  v.transform(({ email, ...user }): AccountUser => ({ ...user, ...(email != null && { email }) })),
);

/** Schema of a stored account. */
export const StoredAccount = v.pipe(
  v.object({
    id: Text,
    label: Text,
    baseUrl: v.pipe(Text, v.check(isBaseUrl)),
    apiVersion: v.picklist(API_VERSIONS),
    user: StoredUser,
    sudo: v.exactOptional(v.object({ adminAccountId: Text, admin: StoredUser })),
  }),
  // A tampered record must not point an account to another host, or make it its own admin.
  v.check(
    ({ id, baseUrl, user, sudo }) =>
      id === accountId(baseUrl, user.id, sudo?.admin.id) &&
      sudo?.adminAccountId === (sudo && accountId(baseUrl, sudo.admin.id)),
  ),
) satisfies v.GenericSchema<unknown, Account>;

/** `https://acme.cloud.looker.com#7`, and for user 12 with admin 7 `https://acme.cloud.looker.com#7>12`. */
export function accountId(baseUrl: string, userId: string, adminId?: string): string {
  return `${baseUrl}#${adminId === undefined ? '' : `${adminId}>`}${userId}`;
}

/** The account's user and, for sudo, the admin: `Grace Hopper, sudo by Ada Lovelace`. */
export function displayName({ user, sudo }: Account): string {
  const name = isolated(user.name);
  return sudo ? l10n.t('{0}, sudo by {1}', name, isolated(sudo.admin.name)) : name;
}

/** The user who has logged in: for an account that acts as another user, the admin. */
export function loginUser({ user, sudo }: Account): AccountUser {
  return sudo?.admin ?? user;
}

/** The instance in an account's ID. */
export function instanceOf(id: string): string {
  return id.slice(0, id.indexOf('#'));
}

/** The ID of the admin's account, if the ID belongs to an account that acts as another user. */
export function adminIdOf(id: string): string | undefined {
  const [adminId, userId] = id.split('>');
  return userId === undefined ? undefined : adminId;
}
