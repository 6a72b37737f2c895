import * as l10n from '@vscode/l10n';
import { WORKSPACES, type Workspace } from '../../looker/workspace';
import { hostOf } from '../../looker/instance/host';
import { instanceOf } from '../account';
import { SecretStorageError } from '../errors';
import type { Log } from '../../base/log';
import { tokenValue, type AccountRecord } from '../store/accountRecord';
import type { AccountStore } from '../store/accountStore';

/** A write to the store that has failed so far. */
export type PendingWrite =
  /** `replaces`: whether another login of the account is known to have been stored before. */
  | { readonly kind: 'login'; readonly replaces: boolean }
  /** `withCredential`: whether the credential has to be stored even if its token is. */
  | { readonly kind: 'renewal'; readonly over: RenewedOver; readonly withCredential?: boolean }
  | { readonly kind: 'logout' };

/** A write to the store. */
export type StoreWrite =
  | PendingWrite
  /** `login`: name of the stored login that is taken back, in favor of the one before it, if any. */
  | { readonly kind: 'takeBack'; readonly login: string };

/**
 * For each workspace with a renewed token: the value of the token believed to be stored, or an empty text if there is
 * none.
 */
export type RenewedOver = Readonly<Partial<Record<Workspace, string>>>;

/** Writes to the store. A failed write stays pending, so that it can be retried. */
export class PendingWrites {
  private readonly writes = new Map<string, PendingWrite>();

  /** @param onRefused called with an error that explains to the user what a failed write means */
  constructor(
    private readonly store: AccountStore,
    private readonly log: Log,
    private readonly onRefused: (error: SecretStorageError) => void,
  ) {}

  get(id: string): PendingWrite | undefined {
    return this.writes.get(id);
  }

  /** Discards a pending write, because the stored value counts. */
  drop(id: string): void {
    this.writes.delete(id);
  }

  /** IDs of the accounts with pending writes. */
  get ids(): readonly string[] {
    return [...this.writes.keys()];
  }

  /** Whether the user needs to know. An unsaved token is soon replaced, so only logins and logouts count. */
  get concernsUser(): boolean {
    return [...this.writes.values()].some(({ kind }) => kind !== 'renewal');
  }

  /**
   * Writes a change to the store.
   * @param record undefined to delete the account
   * @returns the account's record afterwards
   */
  async flush(
    id: string,
    record: AccountRecord | undefined,
    write: StoreWrite,
  ): Promise<AccountRecord | undefined> {
    try {
      const now = await this.write(id, record, write);
      this.writes.delete(id);
      return now;
    } catch (error) {
      this.writes.set(id, write.kind === 'takeBack' ? takeBackLater(record) : write);
      const host = hostOf(instanceOf(id));
      this.log.warn(`Couldn't save the ${write.kind} of an account on ${host}: ${String(error)}`);
      if (write.kind !== 'renewal') {
        this.onRefused(new SecretStorageError(error, meaningOf(write.kind)));
      }
      return record;
    }
  }

  private async write(
    id: string,
    record: AccountRecord | undefined,
    write: StoreWrite,
  ): Promise<AccountRecord | undefined> {
    if (write.kind === 'takeBack') return this.store.takeBack(id, write.login, record);
    if (!record) {
      await this.store.delete(id);
      return undefined;
    }
    if (write.kind !== 'renewal') {
      await this.store.write(record);
      return record;
    }
    let now: AccountRecord | undefined = record;
    for (const workspace of WORKSPACES) {
      const over = write.over[workspace];
      if (over === undefined) continue;
      const isRefused = record.tokens[workspace]?.refusal !== undefined;
      // A refusal must not write its token over one that another window has got by now.
      const isTokenStored = isRefused && tokenValue(record, workspace) === over;
      if (!isTokenStored || write.withCredential)
        now = await this.store.writeRenewal(record, workspace);
      if (isRefused) now = await this.store.writeRefusals(record);
    }
    return now;
  }
}

/** A failed taking back becomes a write of the restored login as a whole, or a logout. */
function takeBackLater(record: AccountRecord | undefined): PendingWrite {
  return record ? { kind: 'login', replaces: true } : { kind: 'logout' };
}

/** What the failed write means for the user, as a sentence. */
function meaningOf(kind: Exclude<StoreWrite['kind'], 'renewal'>): string {
  return kind === 'logout'
    ? l10n.t("You're logged out, but your saved login stays there until it recovers.")
    : l10n.t("Unless it recovers, you'll be logged out when this window closes.");
}
