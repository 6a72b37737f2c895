import * as l10n from '@vscode/l10n';
import * as v from 'valibot';
import { API_VERSIONS, type ApiVersion } from '../looker/api/apiVersion';
import { hostOf, isBaseUrl } from '../looker/instance/host';
import { inertName, isolated } from '../looker/inert';
import { UserId } from '../looker/api/shapes';
import type { LookerUser } from '../looker/api/user';

/** A user as an account remembers them. */
export type AccountUser = Pick<LookerUser, 'id' | 'name' | 'email'>;

/** One identity on one instance: the API key's own user, or one whom an admin acts as. */
export interface Account {
  /** Stable for the account's whole life, and the id of its VS Code session. */
  readonly id: string;
  /** What people read. VS Code keys trust by it, so it is unique and never changes either. */
  readonly label: string;
  readonly baseUrl: string;
  readonly apiVersion: ApiVersion;
  readonly user: AccountUser;
  readonly sudo?: Sudo;
}

/** Under what it is stored, before the account's id, that terminals open as it without asking. */
export const TERMINAL_CONSENT = 'lookerAuth.terminal:';

/** Who acts as the account's user. */
export interface Sudo {
  /** The admin's own account, through which the token is renewed. */
  readonly adminAccountId: string;
  readonly admin: AccountUser;
}

const text = v.pipe(v.string(), v.minLength(1));
const StoredUser = v.object({
  id: UserId,
  name: v.pipe(
    text,
    v.transform((name) => inertName(name)),
    v.minLength(1),
  ),
  email: v.exactOptional(text),
});

/** An account as it is stored, to be checked when it is read. */
export const StoredAccount = v.pipe(
  v.object({
    id: text,
    label: text,
    baseUrl: v.pipe(text, v.check(isBaseUrl)),
    apiVersion: v.picklist(API_VERSIONS),
    user: StoredUser,
    sudo: v.exactOptional(v.object({ adminAccountId: text, admin: StoredUser })),
  }),
  // Nobody may point an account to another host, or make it its own admin.
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

/** Who an account is, and by whom: `Grace Hopper, sudo by Ada Lovelace`. */
export function displayName({ user, sudo }: Account): string {
  const name = isolated(user.name);
  return sudo ? l10n.t('{0}, sudo by {1}', name, isolated(sudo.admin.name)) : name;
}

/** The user whose API key the account's tokens come from. */
export function keyOwner({ user, sudo }: Account): AccountUser {
  return sudo?.admin ?? user;
}

/** The instance that an account's id names. */
export function instanceOf(id: string): string {
  return id.slice(0, id.indexOf('#'));
}

/** The id of the admin's account, where the id is of an account that acts as another user. */
export function adminIdOf(id: string): string | undefined {
  const [adminId, userId] = id.split('>');
  return userId === undefined ? undefined : adminId;
}

/**
 * Names instance, user and, for sudo, both users. Where that is taken by another account (people may
 * share a name), the id is added; and a number where somebody has given themselves a name that looks like that.
 * The same in every language, since it must not change with that.
 * @param taken labels of the other accounts
 */
export function accountLabel(
  { baseUrl, user, admin }: { baseUrl: string; user: AccountUser; admin?: AccountUser },
  taken: Pick<ReadonlySet<string>, 'has'>,
): string {
  const label = (nameOf: (user: AccountUser) => string, number = '') =>
    `${nameOf(user)}${admin ? `, sudo by ${nameOf(admin)}` : ''}${number} (${hostOf(baseUrl)})`;
  const withId = ({ name, id }: AccountUser) => `${isolated(name)} #${id}`;
  let free = label(({ name }) => isolated(name));
  for (let number = 1; taken.has(free); number++) {
    free = label(withId, number === 1 ? '' : `, ${number}`);
  }
  return free;
}
