import type { Token } from '../../looker/api/token';
import { WORKSPACES, type Workspace } from '../../looker/workspace';
import type { Account } from '../account';
import type { Grant } from '../credentials/credential';
import type { StoredCredential } from '../credentials/storedCredential';
import type { Session } from '../session';

/** All there is to know about one account, its secrets included: it is stored in SecretStorage only. Never changed, but replaced. */
export interface AccountRecord {
  readonly account: Account;
  /** Names the login that this record comes from, so that a renewal of an older one cannot touch it. */
  readonly login: string;
  readonly credential: StoredCredential;
  /** How often the credential has changed since the login. Of two states of it, the one with more changes is the later one. */
  readonly credentialChanges: number;
  readonly tokens: WorkspaceTokens;
}

/** Each login gives a token for `production`. There is one for `dev` once somebody has asked for it. */
export interface WorkspaceTokens {
  readonly production: TokenRecord;
  readonly dev?: TokenRecord;
}

/** The latest token of an account for one workspace. */
export interface TokenRecord {
  readonly token: Token;
  /** Earlier tokens, which may have some life left. They end with the account. */
  readonly replaced: readonly Token[];
  /** Set once Looker has refused to renew the token: nobody tries again until the user does. */
  readonly refusal?: Refusal;
}

/** Why Looker refused, for all windows. */
export interface Refusal {
  /** The sentence for the user. */
  readonly message: string;
  /** Whether they have read it, in whichever window. */
  readonly isAcknowledged: boolean;
}

/** The account with its token for the workspace, good or not; undefined where there is none yet. */
export function sessionOf(record: AccountRecord, workspace: Workspace): Session | undefined {
  const token = record.tokens[workspace]?.token;
  return token && { account: record.account, token };
}

/** Value of the account's token for the workspace. */
export function tokenValue(record: AccountRecord, workspace: Workspace): string | undefined {
  return record.tokens[workspace]?.token.value;
}

/** Workspaces for which the account has a token. */
export function workspacesOf({ tokens }: AccountRecord): readonly Workspace[] {
  return WORKSPACES.filter((workspace) => tokens[workspace]);
}

/** All tokens the account has and had, in every workspace, as far as they are remembered. */
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

/** The record with what its credential has got for a workspace. */
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
