import * as l10n from '@vscode/l10n';
import { hostOf } from '../../looker/instance/host';
import { instanceOf } from '../account';
import { SecretStorageError, UnreadableAccountError } from '../errors';
import { KeyedMutex } from '../../base/keyedMutex';
import type { Log } from '../../base/log';
import type { AccountRecord } from '../store/accountRecord';
import type { AccountStore } from '../store/accountStore';
import type { AccountCache } from './accountCache';
import type { IssuedTokens } from './issuedTokens';
import { PendingWrites, type PendingWrite, type StoreWrite } from './pendingWrites';
import { reconcile } from './reconcile';

/** Number of replaced logins to remember: a store that is out of date has one of the last. */
const MOST_REPLACED = 100;

/** Keeps memory and store in sync, one account at a time. */
export class StoreSync {
  private readonly mutex = new KeyedMutex();
  private readonly pending: PendingWrites;
  /**
   * Logins that this window has replaced or logged out. If the store still has one of them, the store is out of date.
   */
  private readonly replacedLogins = new Set<string>();
  /** Accounts that memory has forgotten but the store still has. */
  private readonly leaving = new Set<string>();
  private complete = false;
  private failure: SecretStorageError | undefined;

  constructor(
    private readonly store: AccountStore,
    private readonly cache: AccountCache,
    private readonly issued: IssuedTokens,
    private readonly log: Log,
  ) {
    this.pending = new PendingWrites(store, log, (error) => (this.failure ??= error));
  }

  /** Whether the whole store has been read, so that an account missing here is logged out. */
  get isComplete(): boolean {
    return this.complete;
  }

  /** Why the store isn't working; the same error until it works again. */
  get storeFailure(): SecretStorageError | undefined {
    return this.failure;
  }

  /** Runs work on an account after all earlier work on it. */
  inTurn<T>(id: string, work: () => Promise<T>): Promise<T> {
    return this.mutex.run(id, work);
  }

  /**
   * Finds accounts that came or went without an event, and retries failed writes. Never fails: whatever doesn't work is
   * left for the next call.
   */
  async catchUp(): Promise<void> {
    try {
      const stored = new Set(await this.store.ids());
      const differing = new Set([
        ...[...stored].filter((id) => this.cache.isGone(id)),
        ...this.cache.ids.filter((id) => !stored.has(id)),
        ...this.pending.ids,
      ]);
      await Promise.all([...differing].map((id) => this.inTurn(id, () => this.read(id))));
      this.complete = true;
      if (!this.pending.concernsUser) this.failure = undefined;
    } catch (error) {
      this.log.warn(`Couldn't read the saved accounts: ${String(error)}`);
      if (!this.complete) {
        this.failure ??= new SecretStorageError(
          error,
          l10n.t("Your saved accounts can't be read until it recovers."),
        );
      }
    }
  }

  /**
   * Reads an account again. Call it only from work that runs `inTurn`. If the store fails, memory stays as it is.
   * @returns whether it could be read
   */
  async tryToRead(id: string): Promise<boolean> {
    try {
      await this.read(id);
      return true;
    } catch (error) {
      const host = hostOf(instanceOf(id));
      this.log.warn(`Couldn't read the saved account on ${host}: ${String(error)}`);
      return false;
    }
  }

  /** The account's pending write. */
  pendingOf(id: string): PendingWrite | undefined {
    return this.pending.get(id);
  }

  /** See {@link PendingWrites.flush}. Doesn't change memory. */
  flush(
    id: string,
    record: AccountRecord | undefined,
    write: StoreWrite,
  ): Promise<AccountRecord | undefined> {
    return this.pending.flush(id, record, write);
  }

  /**
   * See {@link AccountStore.claimLabel}. If the store fails, the label counts as free, because a login must not fail
   * for it.
   */
  claimLabel(label: string, id: string): Promise<boolean> {
    return this.store.claimLabel(label, id).catch((error: unknown) => {
      this.log.warn(`Couldn't claim the name ${label}: ${String(error)}`);
      return true;
    });
  }

  /** Updates memory from the store, unless memory has forgotten the account in the meantime. */
  updateMemory(id: string, record: AccountRecord | undefined): void {
    if (!record || !this.isLeaving(id)) this.cache.set(id, record);
  }

  /** Whether memory has forgotten the account but the store still has it. */
  isLeaving(id: string): boolean {
    return this.leaving.has(id);
  }

  /** From now on, the store's contents can't bring the account back. */
  leave(id: string): void {
    this.leaving.add(id);
  }

  /** Allows the account to come back: it was deleted from the store, or logged in again. */
  endLeaving(id: string): void {
    this.leaving.delete(id);
  }

  /** Records that a login is over. */
  noteReplaced(record: AccountRecord | undefined): void {
    if (record) this.replacedLogins.add(record.login);
    for (const login of this.replacedLogins) {
      if (this.replacedLogins.size <= MOST_REPLACED) break;
      this.replacedLogins.delete(login);
    }
  }

  /** Deletes leftovers from the store. See {@link AccountStore.sweep}. */
  async sweep(id?: string): Promise<void> {
    try {
      await this.store.sweep(id);
    } catch (error) {
      this.log.warn(`Couldn't delete tokens that are no longer used: ${String(error)}`);
    }
  }

  /** Syncs memory and store for one account. */
  private async read(id: string): Promise<void> {
    if (this.isLeaving(id)) return;
    const stored = await this.store.read(id).catch((error: unknown) => {
      if (error instanceof UnreadableAccountError) return error;
      throw error;
    });
    // Memory may have forgotten the account during the read.
    if (this.isLeaving(id)) return;
    const result = reconcile({
      stored,
      mine: this.cache.get(id)?.record,
      pending: this.pending.get(id),
      replacedLogins: this.replacedLogins,
    });
    if (result.kind === 'behind') {
      this.updateMemory(id, await this.flush(id, result.record, result.write));
    } else {
      this.pending.drop(id);
      if (result.kind === 'stored') this.cache.set(id, result.record);
    }
    if (result.kind === 'unreadable') {
      this.log.warn(result.error.message);
      this.cache.setUnreadable(id, result.error);
    } else if (!this.cache.get(id)) {
      this.issued.orphanTokens(id);
    }
  }
}
