import { randomUUID } from 'node:crypto';
import type { Token } from '../../looker/api/token';
import type { Workspace } from '../../looker/workspace';
import type { Grant } from '../credentials/credential';
import type { StoredCredential } from '../credentials/storedCredential';
import type { Disposable } from '../emitter';
import { NewerAccountError, type SecretStorageError } from '../errors';
import type { Log } from '../log';
import {
  tokenValue,
  withGrant,
  withToken,
  type AccountRecord,
  type Refusal,
} from '../store/accountRecord';
import type { AccountStore } from '../store/accountStore';
import { AccountCache } from './accountCache';
import { ActiveAccounts } from './activeAccounts';
import { Announcements } from './announcements';
import { IssuedTokens } from './issuedTokens';
import type { LiveAccount } from './liveAccount';
import type { PendingWrite, StoreWrite } from './pendingWrites';
import { StoreSync } from './storeSync';

/** What an account book depends on. */
export interface AccountBookOptions {
  readonly store: AccountStore;
  readonly log: Log;
  /** From 0 to 1. */
  readonly random: () => number;
}

/** What memory knew of an account that it has forgotten. */
export interface Forgotten {
  readonly live: LiveAccount;
  /** Tokens that this window got for it. */
  readonly issued: readonly Token[];
}

/**
 * All accounts on this machine, in memory, in step with the store and so with the other windows. What
 * is done to one account is done in turn, and announced once it is stored. Where the store fails, memory
 * goes on alone: what could not be stored is tried again with `catchUp`.
 */
export class AccountBook implements Disposable {
  private readonly announcements = new Announcements();
  private readonly issued = new IssuedTokens();
  private readonly sync: StoreSync;
  private readonly subscription: Disposable;
  private readonly store: AccountStore;
  private readonly log: Log;

  /** What is known of the accounts now. */
  readonly accounts: Omit<AccountCache, 'show' | 'showDamage'>;

  /** Which of them is the active one, and which was the last active one on each other instance. */
  readonly active: ActiveAccounts;

  /**
   * Fires once memory has changed, by this window or by another one. By then it is stored, unless the store fails, or
   * it is the active account that has changed, or this window has logged an account out.
   */
  readonly onDidChange = this.announcements.onDidChange;

  /** See {@link IssuedTokens.onDidOrphan}. */
  readonly onDidOrphan = this.issued.onDidOrphan;

  private constructor({ store, log, random }: AccountBookOptions) {
    const cache = new AccountCache(this.announcements, random);
    this.store = store;
    this.log = log;
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

  /** Reads what can be read; what cannot is said in the log, and hides nothing else. */
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

  /** See {@link Announcements.status}. */
  announce(): void {
    this.announcements.status();
  }

  /** See {@link StoreSync.catchUp}; which account is active is read, or stored, as well. */
  async catchUp(): Promise<void> {
    await this.sync.catchUp();
    await this.active.sync();
  }

  /** Reads one account again. Where the store fails, what is in memory stands. */
  async reload(id: string): Promise<void> {
    await this.sync.inTurn(id, () => this.sync.tryToRead(id));
  }

  /**
   * Keeps a new login in place of any other of its account.
   * @param loginAfter the new login, made of the one there is, stored by whichever window; where it throws, nothing
   *   has changed
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
      const damage = this.accounts.damageOf(id);
      if (damage instanceof NewerAccountError) throw damage;
      const before = this.accounts.get(id)?.record;
      const record = loginAfter(before);
      sync.noteReplaced(before);
      const pending = sync.pendingOf(id);
      // What is in memory alone does not tell that there is another login to replace.
      const replaces =
        pending?.what === 'login' ? pending.replaces : isRead && before !== undefined;
      await this.storeLogin(record, { what: 'login', replaces });
      return record;
    });
  }

  private async storeLogin(record: AccountRecord, write: StoreWrite): Promise<void> {
    const { id } = record.account;
    const now = await this.sync.flush(id, record, write);
    this.issued.trackIssued(record.account, record.tokens.production.token);
    this.sync.show(id, now);
    if (!now) this.issued.orphanTokens(id);
    void this.sync.sweep(id);
  }

  /**
   * Takes a login back, unless the account was logged out or logged in again since, in any window: then that counts.
   * @param before the login that it has replaced, which comes back; undefined to leave no login
   */
  takeBack(login: AccountRecord, before: AccountRecord | undefined): Promise<void> {
    const { sync } = this;
    const { id } = login.account;
    return sync.inTurn(id, async () => {
      await sync.tryToRead(id);
      if (this.accounts.get(id)?.record.login !== login.login) return;
      sync.noteReplaced(login);
      if (before) {
        const pending = sync.pendingOf(id);
        // The login before needs a new name, because its old one is noted as replaced.
        const again = { ...before, login: randomUUID() };
        const takeBack: StoreWrite = { what: 'takeBack', login: login.login };
        await this.storeLogin(again, pending?.what === 'login' ? pending : takeBack);
      } else {
        sync.leave(id);
        sync.show(id, undefined);
        await this.removeLeaving(id);
      }
    });
  }

  /**
   * See {@link AccountStore.claimLabel}. Where the store fails, nobody can tell, and the login must not fail for it:
   * what is known without it has to do.
   */
  async claimLabel(label: string, id: string): Promise<boolean> {
    try {
      return await this.store.claimLabel(label, id);
    } catch (error) {
      this.log.warn(`Couldn't claim the name ${label}: ${String(error)}`);
      return true;
    }
  }

  /**
   * Gives a login its next token for a workspace, unless it has got another one meanwhile.
   * @param before as it was when the token was asked for
   * @param replaced earlier tokens that may have some life left
   * @returns what the account has now: another token, or another login's, where there was one meanwhile, in
   *   whichever window; undefined where it has been logged out
   */
  renew(
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
      const now = await this.keep(renewed, workspace, before);
      if (now && tokenValue(now, workspace) === grant.token.value) {
        this.issued.trackIssued(now.account, grant.token);
      }
      if (!this.accounts.get(id)) this.issued.orphanTokens(id);
      return now;
    });
  }

  /** Notes why the account's token for a workspace is not renewed any more, unless it has been meanwhile. */
  refuse(before: AccountRecord, workspace: Workspace, refusal: Refusal): Promise<void> {
    const { id } = before.account;
    return this.sync.inTurn(id, async () => {
      await this.sync.tryToRead(id);
      const current = this.accounts.get(id)?.record;
      const token = current?.tokens[workspace];
      if (!token || token.token.value !== tokenValue(before, workspace)) return;
      await this.keep(withToken(current, workspace, { ...token, refusal }), workspace, before);
    });
  }

  /** Stores what a renewal of the token before has changed. @returns what the account has then */
  private async keep(
    record: AccountRecord,
    workspace: Workspace,
    before: AccountRecord,
  ): Promise<AccountRecord | undefined> {
    const { id } = record.account;
    const pending = this.sync.pendingOf(id) ?? { what: 'renewal', over: {} };
    const over = { [workspace]: tokenValue(before, workspace) ?? '' };
    // A login that is not stored yet is stored as a whole.
    const write: PendingWrite =
      pending.what === 'renewal' ? { ...pending, over: { ...over, ...pending.over } } : pending;
    const now = await this.sync.flush(id, record, write);
    this.sync.show(id, now);
    return this.sync.isLeaving(id) ? undefined : now;
  }

  /** Forgets one account in memory, at once. `remove` has to follow, which forgets it in the store. */
  forget(id: string): Forgotten | undefined {
    const live = this.accounts.get(id);
    this.sync.leave(id);
    this.sync.noteReplaced(live?.record);
    const forgotten = live && { live, issued: this.issued.take(id) };
    this.sync.show(id, undefined);
    return forgotten;
  }

  /**
   * Forgets one account, unless there was a new login in this window since `forget`.
   * @returns what was stored last, by whichever window, where it could be read
   */
  remove(id: string): Promise<AccountRecord | undefined> {
    return this.sync.inTurn(id, async () =>
      this.sync.isLeaving(id) ? this.removeLeaving(id) : undefined,
    );
  }

  /** Forgets in the store what memory has forgotten. @returns what was stored last, where it could be read */
  private async removeLeaving(id: string): Promise<AccountRecord | undefined> {
    const { sync } = this;
    const last = await this.store.read(id).catch(() => undefined);
    sync.noteReplaced(last);
    await sync.flush(id, undefined, { what: 'logout' });
    sync.endLeaving(id);
    sync.show(id, undefined);
    this.issued.orphanTokens(id);
    return last;
  }
}

/** Whether it is the same login, with the same token for the workspace. */
function hasSameToken(one: AccountRecord, other: AccountRecord, workspace: Workspace): boolean {
  return one.login === other.login && tokenValue(one, workspace) === tokenValue(other, workspace);
}
