import { WORKSPACES, type Workspace } from '../../looker/workspace';
import { NewerAccountError, UnreadableAccountError } from '../errors';
import { tokenValue, withToken, type AccountRecord } from '../store/accountRecord';
import type { PendingWrite, RenewedOver } from './pendingWrites';

/** What memory and store have to become so that they agree about an account. */
export type Reconciled =
  /** The store is right: memory becomes that, and nothing is pending any more. */
  | { readonly is: 'stored'; readonly record: AccountRecord | undefined }
  /** What is stored cannot be read, and is left alone. */
  | { readonly is: 'unreadable'; readonly error: UnreadableAccountError }
  /** The store is behind: it is told that, and memory becomes what it has then. */
  | {
      readonly is: 'behind';
      readonly record: AccountRecord | undefined;
      readonly write: PendingWrite;
    };

/** What is known of one account when the store has been read. */
export interface Known {
  readonly stored: AccountRecord | UnreadableAccountError | undefined;
  /** What memory has; undefined where the account is logged out here. */
  readonly mine: AccountRecord | undefined;
  /** What the store has refused to be told. */
  readonly pending: PendingWrite | undefined;
  /** Logins that this window has replaced or logged out. */
  readonly replacedLogins: Pick<ReadonlySet<string>, 'has'>;
}

/** Who is right about an account, memory or store. */
export function reconcile({ stored, mine, pending, replacedLogins }: Known): Reconciled {
  if (isBehind(stored, pending, replacedLogins)) {
    const write: PendingWrite = mine ? { what: 'login', replaces: true } : { what: 'logout' };
    return { is: 'behind', record: mine, write };
  }
  if (stored instanceof UnreadableAccountError) return { is: 'unreadable', error: stored };
  // Where another login was stored before, somebody has logged out since.
  if (pending?.what === 'login' && !pending.replaces && !stored) {
    return { is: 'behind', record: mine, write: pending };
  }
  if (pending?.what === 'renewal' && mine && stored)
    return mergeRenewals(stored, mine, pending.over);
  return { is: 'stored', record: stored };
}

/** Whether the store still has what this window has replaced or logged out. */
function isBehind(
  stored: Known['stored'],
  pending: PendingWrite | undefined,
  replacedLogins: Known['replacedLogins'],
): boolean {
  if (!(stored instanceof UnreadableAccountError)) return replacedLogins.has(stored?.login ?? '');
  // A newer version's record is not for this one to touch; any other the user has replaced by what is pending.
  const isReplacing = pending?.what === 'login' || pending?.what === 'logout';
  return isReplacing && !(stored instanceof NewerAccountError);
}

/** Takes what other windows have stored, but the tokens that are later here. */
function mergeRenewals(stored: AccountRecord, mine: AccountRecord, over: RenewedOver): Reconciled {
  const newer = WORKSPACES.filter((workspace) => isNewer(mine, stored, workspace, over[workspace]));
  const hasLaterCredential =
    mine.login === stored.login && mine.credentialChanges > stored.credentialChanges;
  if (newer.length === 0 && !hasLaterCredential) return { is: 'stored', record: stored };
  let record = stored;
  // A credential that was saved alone is stored beside the token that there is.
  let stillOver: RenewedOver =
    newer.length > 0 ? {} : { production: tokenValue(stored, 'production') ?? '' };
  for (const workspace of newer) {
    const token = mine.tokens[workspace];
    if (token) record = withToken(record, workspace, token);
    stillOver = { ...stillOver, [workspace]: over[workspace] };
  }
  if (hasLaterCredential) {
    const { credential, credentialChanges } = mine;
    record = { ...record, credential, credentialChanges };
  }
  return { is: 'behind', record, write: { what: 'renewal', over: stillOver } };
}

/**
 * Whether a renewal that could not be stored is later than what is stored by now, by whichever window.
 * @param over value of the token that was stored before it; undefined where there was no renewal for the workspace
 */
function isNewer(
  mine: AccountRecord,
  stored: AccountRecord,
  workspace: Workspace,
  over: string | undefined,
): boolean {
  if (over === undefined || mine.login !== stored.login) return false;
  const storedValue = tokenValue(stored, workspace);
  if (tokenValue(mine, workspace) !== storedValue) return (storedValue ?? '') === over;
  const refusal = mine.tokens[workspace]?.refusal;
  return refusal !== undefined && (refusal.isAcknowledged || !stored.tokens[workspace]?.refusal);
}
