import { randomUUID } from 'node:crypto';
import type { Token } from '../../looker/api/token';
import type { Workspace } from '../../looker/workspace';
import type { Grant } from '../credentials/credential';
import type { StoredCredential } from '../credentials/storedCredential';
import type { Disposable } from '../../base/emitter';
import { NewerAccountError, type SecretStorageError } from '../errors';
import type { Log } from '../../base/log';
import {
  hasSameToken,
  inPlaceOf,
  restored,
  tokenValue,
  withGrant,
  withToken,
  type AccountRecord,
  type RenewalRefusal,
} from '../store/accountRecord';
import type { AccountStore } from '../store/accountStore';
import { AccountCache } from './accountCache';
import { ActiveAccounts } from './activeAccounts';
import { Announcements } from './announcements';
import { IssuedTokens } from './issuedTokens';
import type { LiveAccount } from './liveAccount';
import type { PendingWrite, StoreWrite } from './pendingWrites';
import { StoreSync } from './storeSync';

/** What an account book needs. */
export interface AccountBookOptions {
  readonly store: AccountStore;
  readonly log: Log;
  /** From 0 to 1. */
  readonly random: () => number;
}

/** What memory knew about an account that it has now forgotten. */
export interface Forgotten {
  readonly live: LiveAccount;
  /** Tokens that this window got for it. */
  readonly issued: readonly Token[];
}

/**
 * All accounts on this machine, in memory, in sync with the store and so with the other windows. Changes to one account
 * run one after the other, and are announced once they are stored. If the store fails, changes apply in memory only,
 * and `catchUp` tries to store them again.
 */
export class AccountBook implements Disposable {
  private readonly announcements = new Announcements();
  private readonly issued = new IssuedTokens();
  private readonly sync: StoreSync;
  private readonly subscription: Disposable;
  private readonly store: AccountStore;

  /** The accounts as known now. */
  readonly accounts: Omit<AccountCache, 'set' | 'setUnreadable'>;

  /** The active account, and the last active one on each other instance. */
  readonly active: ActiveAccounts;

  /**
   * Fires once memory has changed, by this window or another one. The change is already stored, unless the store fails,
   * the active account has changed, or this window has logged out an account.
   */
  readonly onDidChange = this.announcements.onDidChange;

  /** See {@link IssuedTokens.onDidOrphan}. */
  readonly onDidOrphan = this.issued.onDidOrphan;

  private constructor({ store, log, random }: AccountBookOptions) {
    const cache = new AccountCache(this.announcements, random);
    this.store = store;
    this.accounts = cache;
    this.sync = new StoreSync(store, cache, this.issued, log);
    this.active = new ActiveAccounts(store, log, () => {
      this.announce();
    });
    this.subscription = store.onDidChange({
      account: (id) => void this.reload(id),
      active: () => void this.active.sync(),
    });
  }

  /** Reads all accounts. One that can't be read is logged, and doesn't affect the others. */
  static async open(options: AccountBookOptions): Promise<AccountBook> {
    const book = new AccountBook(options);
    await book.catchUp();
    void book.sync.sweep();
    return book;
  }

  dispose(): void {
    this.subscription.dispose();
    this.announcements.dispose();
    this.issued.dispose();
  }

  /** See {@link StoreSync.isComplete}. */
  get isComplete(): boolean {
    return this.sync.isComplete;
  }

  /** See {@link StoreSync.storeFailure}. */
  get storeFailure(): SecretStorageError | undefined {
    return this.sync.storeFailure;
  }

  /** See {@link Announcements.announceStatus}. */
  announce(): void {
    this.announcements.announceStatus();
  }

  /** See {@link StoreSync.catchUp}; also reads or stores which account is active. */
  async catchUp(): Promise<void> {
    await this.sync.catchUp();
    await this.active.sync();
  }

  /** Reads one account again. If the store fails, memory stays as it is. */
  async reload(id: string): Promise<void> {
    await this.sync.inTurn(id, () => this.sync.tryToRead(id));
  }

  /**
   * Stores a new login in place of any other login of its account.
   * @param loginAfter creates the new login from the current one, which any window may have stored; if it throws,
   *   nothing has changed
   * @returns the new login
   * @throws NewerAccountError
   */
  put(
    id: string,
    loginAfter: (before: AccountRecord | undefined) => AccountRecord,
  ): Promise<AccountRecord> {
    const { sync } = this;
    return sync.inTurn(id, async () => {
      sync.endLeaving(id);
      const isRead = await sync.tryToRead(id);
      const unreadable = this.accounts.unreadableError(id);
      if (unreadable instanceof NewerAccountError) throw unreadable;
      const before = this.accounts.get(id)?.record;
      const record = inPlaceOf(before, loginAfter(before));
      sync.noteReplaced(before);
      const pending = sync.pendingOf(id);
      // An unsaved login in memory doesn't mean that the store has one to replace.
      const replaces =
        pending?.kind === 'login' ? pending.replaces : isRead && before !== undefined;
      await this.storeLogin(record, { kind: 'login', replaces });
      return record;
    });
  }

  private async storeLogin(record: AccountRecord, write: StoreWrite): Promise<void> {
    const { id } = record.account;
    const now = await this.sync.flush(id, record, write);
    this.issued.trackIssued(record.account, record.tokens.production.token);
    this.sync.updateMemory(id, now);
    if (!now) this.issued.orphanTokens(id);
    void this.sync.sweep(id);
  }

  /**
   * Takes back a login, unless any window has logged the account out since then. If a window has logged in again, that
   * login stays.
   * @param before the replaced login, which is restored; undefined to leave the account logged out
   */
  takeBack(login: AccountRecord, before: AccountRecord | undefined): Promise<void> {
    const { sync } = this;
    const { id } = login.account;
    return sync.inTurn(id, async () => {
      await sync.tryToRead(id);
      const now = this.accounts.get(id)?.record;
      if (!now) return;
      sync.noteReplaced(login);
      const pending = sync.pendingOf(id);
      const takeBack: StoreWrite = { kind: 'takeBack', login: login.login };
      // Its old name is noted as replaced.
      const again = before && restored(before, randomUUID());
      if (now.login !== login.login) {
        // If the store fails, this only matters to a window that takes back its own login, too.
        sync.updateMemory(id, await this.store.takeBack(id, login.login, again).catch(() => now));
      } else if (again) {
        await this.storeLogin(again, pending?.kind === 'login' ? pending : takeBack);
      } else {
        sync.leave(id);
        sync.updateMemory(id, undefined);
        await sync.flush(id, undefined, pending?.kind === 'login' ? { kind: 'logout' } : takeBack);
        sync.endLeaving(id);
        await sync.tryToRead(id);
        if (!this.accounts.get(id)) this.issued.orphanTokens(id);
      }
    });
  }

  /** See {@link StoreSync.claimLabel}. */
  claimLabel(label: string, id: string): Promise<boolean> {
    return this.sync.claimLabel(label, id);
  }

  /**
   * Gives a login its next token for a workspace, unless it has received another one in the meantime.
   * @param before the record when the token was requested
   * @param replaced earlier tokens that may still be valid
   * @returns the account's record now, possibly with another token or another login stored by any window; undefined if
   *   the account was logged out
   */
  storeRenewal(
    before: AccountRecord,
    workspace: Workspace,
    grant: Grant<StoredCredential>,
    replaced: readonly Token[],
  ): Promise<AccountRecord | undefined> {
    const { id } = before.account;
    return this.sync.inTurn(id, async () => {
      await this.sync.tryToRead(id);
      const current = this.accounts.get(id)?.record;
      if (!current || !hasSameToken(current, before, workspace)) return current;
      const renewed = withGrant(current, workspace, grant, replaced);
      const now = await this.storeResult(renewed, workspace, before);
      if (now && tokenValue(now, workspace) === grant.token.value) {
        this.issued.trackIssued(now.account, grant.token);
      }
      if (!this.accounts.get(id)) this.issued.orphanTokens(id);
      return now;
    });
  }

  /** Records why the account's token for a workspace can't be renewed, unless it has changed in the meantime. */
  storeRefusal(
    before: AccountRecord,
    workspace: Workspace,
    refusal: RenewalRefusal,
  ): Promise<void> {
    const { id } = before.account;
    return this.sync.inTurn(id, async () => {
      await this.sync.tryToRead(id);
      const current = this.accounts.get(id)?.record;
      const token = current?.tokens[workspace];
      if (!token || token.token.value !== tokenValue(before, workspace)) return;
      const refused = withToken(current, workspace, { ...token, refusal });
      await this.storeResult(refused, workspace, before);
    });
  }

  /** Stores the result of a renewal. @returns the account's record afterwards */
  private async storeResult(
    record: AccountRecord,
    workspace: Workspace,
    before: AccountRecord,
  ): Promise<AccountRecord | undefined> {
    const { id } = record.account;
    const pending = this.sync.pendingOf(id) ?? { kind: 'renewal', over: {} };
    const over = { [workspace]: tokenValue(before, workspace) ?? '' };
    // A login that isn't stored yet is stored as a whole.
    const write: PendingWrite =
      pending.kind === 'renewal' ? { ...pending, over: { ...over, ...pending.over } } : pending;
    const now = await this.sync.flush(id, record, write);
    this.sync.updateMemory(id, now);
    return this.sync.isLeaving(id) ? undefined : now;
  }

  /** Notes a new token that may never be stored, so that it is revoked with its account. */
  noteIssued({ account }: AccountRecord, token: Token): void {
    this.issued.trackIssued(account, token);
  }

  /** Forgets an account in memory at once. Call `remove` next to delete it from the store. */
  forget(id: string): Forgotten | undefined {
    const live = this.accounts.get(id);
    this.sync.leave(id);
    this.sync.noteReplaced(live?.record);
    const forgotten = live && { live, issued: this.issued.take(id) };
    this.sync.updateMemory(id, undefined);
    return forgotten;
  }

  /**
   * Deletes an account from the store, unless this window has logged it in again since `forget`.
   * @returns the record that any window stored last, if it could be read
   */
  remove(id: string): Promise<AccountRecord | undefined> {
    return this.sync.inTurn(id, async () =>
      this.sync.isLeaving(id) ? this.removeLeaving(id) : undefined,
    );
  }

  /** Deletes from the store what memory has forgotten. @returns the record stored last, if it could be read */
  private async removeLeaving(id: string): Promise<AccountRecord | undefined> {
    const { sync } = this;
    const last = await this.store.read(id).catch(() => undefined);
    sync.noteReplaced(last);
    await sync.flush(id, undefined, { kind: 'logout' });
    sync.endLeaving(id);
    sync.updateMemory(id, undefined);
    this.issued.orphanTokens(id);
    return last;
  }
}
