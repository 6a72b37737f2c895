import { WORKSPACES, type Workspace } from '../../looker/workspace';
import { NewerAccountError, UnreadableAccountError } from '../errors';
import { tokenValue, withToken, type AccountRecord } from '../store/accountRecord';
import type { PendingWrite, RenewedOver } from './pendingWrites';

/** How to make memory and store agree about an account. */
export type Reconciled =
  /** The store is right: memory takes its value, and nothing is pending anymore. */
  | { readonly kind: 'stored'; readonly record: AccountRecord | undefined }
  /** The stored record can't be read, and is left in place. */
  | { readonly kind: 'unreadable'; readonly error: UnreadableAccountError }
  /** The store is out of date: `write` it, and memory then takes the stored value. */
  | {
      readonly kind: 'behind';
      readonly record: AccountRecord | undefined;
      readonly write: PendingWrite;
    };

/** What is known about one account after reading the store. */
export interface ReconcileInput {
  readonly stored: AccountRecord | UnreadableAccountError | undefined;
  /** The record in memory; undefined if the account is logged out here. */
  readonly mine: AccountRecord | undefined;
  /** The write that the store has failed to do. */
  readonly pending: PendingWrite | undefined;
  /** Logins that this window has replaced or logged out. */
  readonly replacedLogins: Pick<ReadonlySet<string>, 'has'>;
}

/** Decides whether memory or the store is right about an account. */
export function reconcile({ stored, mine, pending, replacedLogins }: ReconcileInput): Reconciled {
  if (isBehind(stored, pending, replacedLogins)) {
    const write: PendingWrite = mine ? { kind: 'login', replaces: true } : { kind: 'logout' };
    return { kind: 'behind', record: mine, write };
  }
  if (stored instanceof UnreadableAccountError) return { kind: 'unreadable', error: stored };
  // If a login was stored before and is now missing, another window has logged the account out.
  if (pending?.kind === 'login' && !pending.replaces && !stored) {
    return { kind: 'behind', record: mine, write: pending };
  }
  if (pending?.kind === 'renewal' && mine && stored)
    return mergeRenewals(stored, mine, pending.over);
  return { kind: 'stored', record: stored };
}

/** Whether the store still has a login that this window has replaced or logged out. */
function isBehind(
  stored: ReconcileInput['stored'],
  pending: PendingWrite | undefined,
  replacedLogins: ReconcileInput['replacedLogins'],
): boolean {
  if (!(stored instanceof UnreadableAccountError)) return replacedLogins.has(stored?.login ?? '');
  // A newer version's record must not be touched; any other is replaced by the pending write.
  const isReplacing = pending?.kind === 'login' || pending?.kind === 'logout';
  return isReplacing && !(stored instanceof NewerAccountError);
}

/** Takes what other windows have stored, except tokens that are newer here. */
function mergeRenewals(stored: AccountRecord, mine: AccountRecord, over: RenewedOver): Reconciled {
  const newer = WORKSPACES.filter((workspace) => isNewer(mine, stored, workspace, over[workspace]));
  const hasLaterCredential =
    mine.login === stored.login && mine.credentialChanges > stored.credentialChanges;
  if (newer.length === 0 && !hasLaterCredential) return { kind: 'stored', record: stored };
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
  return {
    kind: 'behind',
    record,
    write: {
      kind: 'renewal',
      over: stillOver,
      ...(hasLaterCredential && { withCredential: true }),
    },
  };
}

/**
 * Whether an unsaved renewal is newer than what any window has stored by now.
 * @param over value of the token stored before it; undefined if the workspace had no renewal
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
