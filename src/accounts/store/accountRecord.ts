import type { Token } from '../../looker/api/token';
import { WORKSPACES, type Workspace } from '../../looker/workspace';
import type { Account } from '../account';
import type { Grant } from '../credentials/credential';
import type { StoredCredential } from '../credentials/storedCredential';
import type { Session } from '../session';

/** Everything stored about one account, including its secrets, so it is stored in SecretStorage only. Immutable. */
export interface AccountRecord {
  readonly account: Account;
  /** Name of the login that created this record, so that a renewal for an older login can't change it. */
  readonly login: string;
  /** The logins before this one, the latest first, see {@link originOf}: other windows may still take them back. */
  readonly replaces?: readonly string[];
  /** The login that this one restores under a new name, because the one after it was taken back. */
  readonly restores?: string;
  readonly credential: StoredCredential;
  /** How often the credential has changed since the login. The record with more changes is newer. */
  readonly credentialChanges: number;
  readonly tokens: WorkspaceTokens;
}

/** Number of earlier logins to remember. More would matter only if more windows logged in at the same time. */
const MOST_REPLACED = 10;

/** Name of the login that a record comes from, also after it was restored. */
export function originOf({ login, restores = login }: AccountRecord): string {
  return restores;
}

/** A new login that takes the place of another one, if there is one. */
export function inPlaceOf(before: AccountRecord | undefined, login: AccountRecord): AccountRecord {
  if (!before) return login;
  const replaces = [originOf(before), ...(before.replaces ?? [])].slice(0, MOST_REPLACED);
  return { ...login, replaces };
}

/** An earlier login that takes the place of a later one that was taken back. It needs a new name. */
export function restored(before: AccountRecord, login: string): AccountRecord {
  return { ...before, login, restores: originOf(before) };
}

/** Each login gets a `production` token. There is a `dev` token once one was requested. */
export interface WorkspaceTokens {
  readonly production: TokenRecord;
  readonly dev?: TokenRecord;
}

/** The latest token of an account for one workspace. */
export interface TokenRecord {
  readonly token: Token;
  /** Earlier tokens that may still be valid. They are revoked at logout. */
  readonly replaced: readonly Token[];
  /** Set once Looker has refused to renew the token: it isn't retried until the user does something. */
  readonly refusal?: RenewalRefusal;
}

/** Why Looker refused, for all windows. */
export interface RenewalRefusal {
  /** The sentence for the user. */
  readonly message: string;
  /** Whether the user has read it, in any window. */
  readonly isAcknowledged: boolean;
}

/** The account with its token for the workspace, valid or not; undefined if there is none yet. */
export function sessionOf(record: AccountRecord, workspace: Workspace): Session | undefined {
  const token = record.tokens[workspace]?.token;
  return token && { account: record.account, token };
}

/** Value of the account's token for the workspace. */
export function tokenValue(record: AccountRecord, workspace: Workspace): string | undefined {
  return record.tokens[workspace]?.token.value;
}

/** Whether both are the same login with the same token for the workspace. */
export function hasSameToken(
  one: AccountRecord,
  other: AccountRecord,
  workspace: Workspace,
): boolean {
  return one.login === other.login && tokenValue(one, workspace) === tokenValue(other, workspace);
}

/** Workspaces that the account has a token for. */
export function workspacesOf({ tokens }: AccountRecord): readonly Workspace[] {
  return WORKSPACES.filter((workspace) => tokens[workspace]);
}

/** All remembered tokens of the account, current and earlier, in every workspace. */
export function allTokens({ tokens }: AccountRecord): readonly Token[] {
  return WORKSPACES.flatMap((workspace) => {
    const { token, replaced } = tokens[workspace] ?? {};
    return token ? [...(replaced ?? []), token] : [];
  });
}

/** The record with another token for one workspace. */
export function withToken(
  record: AccountRecord,
  workspace: Workspace,
  token: TokenRecord,
): AccountRecord {
  return { ...record, tokens: { ...record.tokens, [workspace]: token } };
}

/** The record with a new token, and a new credential if it changed. */
export function withGrant(
  record: AccountRecord,
  workspace: Workspace,
  { token, credential }: Grant<StoredCredential>,
  replaced: readonly Token[],
): AccountRecord {
  const renewed = withToken(record, workspace, { token, replaced });
  if (!credential) return renewed;
  return { ...renewed, credential, credentialChanges: record.credentialChanges + 1 };
}
