import * as l10n from '@vscode/l10n';
import { hostOf } from '../../looker/instance/host';
import { instanceOf } from '../account';
import { SecretStorageError, UnreadableAccountError } from '../errors';
import { KeyedMutex } from '../keyedMutex';
import type { Log } from '../log';
import type { AccountRecord } from '../store/accountRecord';
import type { AccountStore } from '../store/accountStore';
import type { AccountCache } from './accountCache';
import type { IssuedTokens } from './issuedTokens';
import { PendingWrites, type PendingWrite, type StoreWrite } from './pendingWrites';
import { reconcile } from './reconcile';

/** How many replaced logins are remembered: a store that lags behind has the last ones. */
const MOST_REPLACED = 100;

/** Keeps what is in memory and what is stored in step, one account at a time. */
export class StoreSync {
  private readonly mutex = new KeyedMutex();
  private readonly pending: PendingWrites;
  /** Logins that this window has replaced or logged out. Where the store still has one, the store is behind. */
  private readonly replacedLogins = new Set<string>();
  /** Accounts that memory has forgotten, and the store has yet to. */
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

  /** Whether all that is stored has been read, so that an account that is not here is logged out. */
  get isComplete(): boolean {
    return this.complete;
  }

  /** Why the store fails, the same error until it works again. */
  get storeFailure(): SecretStorageError | undefined {
    return this.failure;
  }

  /** Does something with an account, once all that was asked for before has been done with it. */
  inTurn<T>(id: string, work: () => Promise<T>): Promise<T> {
    return this.mutex.run(id, work);
  }

  /**
   * Finds out which accounts have come or gone with no event to tell, and does what the store has refused so far.
   * Never fails: what does not work is left for the next call.
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
          l10n.t('The accounts saved there are missing.'),
        );
      }
    }
  }

  /**
   * Reads an account again, in its turn. Where the store fails, what is in memory stands.
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

  /** What the store has refused to be told of an account. */
  pendingOf(id: string): PendingWrite | undefined {
    return this.pending.get(id);
  }

  /** See {@link PendingWrites.flush}. Memory is left as it is. */
  flush(
    id: string,
    record: AccountRecord | undefined,
    write: StoreWrite,
  ): Promise<AccountRecord | undefined> {
    return this.pending.flush(id, record, write);
  }

  /** Makes memory what the store is, unless memory has forgotten the account while something was being done with it. */
  show(id: string, record: AccountRecord | undefined): void {
    if (!record || !this.isLeaving(id)) this.cache.show(id, record);
  }

  /** Whether memory has forgotten the account, and the store has yet to. */
  isLeaving(id: string): boolean {
    return this.leaving.has(id);
  }

  /** From now on nothing that the store says brings the account back. */
  leave(id: string): void {
    this.leaving.add(id);
  }

  /** The account may come back: it is logged out in the store too, or logged in again. */
  endLeaving(id: string): void {
    this.leaving.delete(id);
  }

  /** Notes that a login is over. */
  noteReplaced(record: AccountRecord | undefined): void {
    if (record) this.replacedLogins.add(record.login);
    for (const login of this.replacedLogins) {
      if (this.replacedLogins.size <= MOST_REPLACED) break;
      this.replacedLogins.delete(login);
    }
  }

  /** Deletes what is left over in the store. See {@link AccountStore.sweep}. */
  async sweep(id?: string): Promise<void> {
    try {
      await this.store.sweep(id);
    } catch (error) {
      this.log.warn(`Couldn't delete tokens that are no longer used: ${String(error)}`);
    }
  }

  /** Makes memory and store agree about an account. */
  private async read(id: string): Promise<void> {
    if (this.isLeaving(id)) return;
    const stored = await this.store.read(id).catch((error: unknown) => {
      if (error instanceof UnreadableAccountError) return error;
      throw error;
    });
    // Memory may have forgotten the account while it was being read.
    if (this.isLeaving(id)) return;
    const result = reconcile({
      stored,
      mine: this.cache.get(id)?.record,
      pending: this.pending.get(id),
      replacedLogins: this.replacedLogins,
    });
    if (result.is === 'behind') {
      this.show(id, await this.flush(id, result.record, result.write));
    } else {
      this.pending.drop(id);
      if (result.is === 'stored') this.cache.show(id, result.record);
    }
    if (result.is === 'unreadable') {
      this.log.warn(result.error.message);
      this.cache.showDamage(id, result.error);
    } else if (!this.cache.get(id)) {
      this.issued.orphanTokens(id);
    }
  }
}
