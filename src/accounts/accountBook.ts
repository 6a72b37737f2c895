import type { Token } from '../looker/token';
import type { Account } from './account';
import { UnreadableAccountError, type AccountRecord, type AccountStore } from './accountStore';
import { Emitter, type Disposable } from './emitter';
import type { Log } from './log';
import { Turns } from './turns';

/** What changed. All empty when only a status or the active account did. */
export interface AccountsChange {
  readonly added: readonly Account[];
  readonly removed: readonly Account[];
  /** Same account, new token. */
  readonly renewed: readonly Account[];
}

/** The turn in which it is read and written who is active: a late read must not undo a choice. */
const ACTIVE = 'active';

const NO_CHANGE: AccountsChange = { added: [], removed: [], renewed: [] };

/**
 * All accounts on this machine, in memory, in step with the store and so with the other windows. What
 * is done to one account is done in turn, and announced once it is stored.
 */
export class AccountBook implements Disposable {
  private readonly records = new Map<string, AccountRecord>();
  private readonly damaged = new Set<string>();
  private readonly turns = new Turns();
  private readonly changes = new Emitter<AccountsChange>();
  private readonly subscription: Disposable;
  private active: string | undefined;

  /** Fires after the change is stored, by this window or by another one. */
  readonly onDidChange = this.changes.event;

  private constructor(
    private readonly store: AccountStore,
    private readonly log: Log,
  ) {
    this.subscription = store.onDidChange({
      account: (id) => void this.reload(id).catch(() => undefined),
      active: () => void this.reloadActive().catch(() => undefined),
    });
  }

  /** Reads what can be read; what cannot is said in the log, and hides nothing else. */
  static async open(store: AccountStore, log: Log): Promise<AccountBook> {
    const book = new AccountBook(store, log);
    try {
      const ids = await store.ids();
      await Promise.allSettled(ids.map((id) => book.reload(id)));
      await book.reloadActive();
    } catch (error) {
      log.warn(`The stored accounts cannot be read: ${String(error)}`);
    }
    return book;
  }

  dispose(): void {
    this.subscription.dispose();
    this.changes.dispose();
  }

  get(id: string): AccountRecord | undefined {
    return this.records.get(id);
  }

  all(): readonly AccountRecord[] {
    return [...this.records.values()];
  }

  /** Ids of the accounts whose records cannot be read. They stay stored until somebody logs in or out. */
  get unreadable(): readonly string[] {
    return [...this.damaged];
  }

  /** Id of the account chosen last; it may be logged out by now. */
  get activeId(): string | undefined {
    return this.active;
  }

  /** @param id undefined where nobody is left */
  activate(id: string | undefined): Promise<void> {
    return this.turns.take(ACTIVE, async () => {
      try {
        if (id === undefined) await this.store.deleteActive();
        else await this.store.writeActive(id);
      } finally {
        this.active = id;
        this.announce();
      }
    });
  }

  /** Tells the listeners that a status changed, though no account did. */
  announce(): void {
    this.changes.fire(NO_CHANGE);
  }

  /** Stores an account, whatever was stored for it before. */
  put(record: AccountRecord): Promise<void> {
    const { id } = record.account;
    return this.turns.take(id, () => this.write(id, record));
  }

  /**
   * Gives an account a new token.
   * @returns undefined where it has been logged out meanwhile, by whichever window
   */
  renew(id: string, token: Token): Promise<AccountRecord | undefined> {
    return this.turns.take(id, async () => {
      const stored = await this.store.read(id);
      if (!stored) return undefined;
      const renewed = { ...stored, token };
      await this.write(id, renewed);
      return renewed;
    });
  }

  /** Forgets one account. @returns what was stored for it last, by whichever window */
  remove(id: string): Promise<AccountRecord | undefined> {
    return this.turns.take(id, async () => {
      const last = (await this.store.read(id).catch(() => undefined)) ?? this.records.get(id);
      try {
        await this.store.delete(id);
      } finally {
        this.show(id, undefined);
      }
      return last;
    });
  }

  /** Reads one account again. @throws UnreadableAccountError; what the store throws */
  reload(id: string): Promise<AccountRecord | undefined> {
    return this.turns.take(id, async () => {
      try {
        const record = await this.store.read(id);
        this.show(id, record);
        return record;
      } catch (error) {
        this.log.warn(String(error));
        // A keyring that is locked for a moment logs nobody out.
        if (error instanceof UnreadableAccountError) {
          this.show(id, undefined);
          this.damaged.add(id);
        }
        throw error;
      }
    });
  }

  private async write(id: string, record: AccountRecord): Promise<void> {
    await this.store.write(record);
    this.show(id, record);
  }

  private reloadActive(): Promise<void> {
    return this.turns.take(ACTIVE, async () => {
      this.active = await this.store.readActive();
      this.announce();
    });
  }

  /** Makes memory what the store is, and announces the difference, if there is one. */
  private show(id: string, record: AccountRecord | undefined): void {
    this.damaged.delete(id);
    const before = this.records.get(id);
    if (before?.token.value === record?.token.value) return;
    if (record) {
      this.records.set(id, record);
      this.changes.fire({ ...NO_CHANGE, [before ? 'renewed' : 'added']: [record.account] });
    } else {
      this.records.delete(id);
      if (before) this.changes.fire({ ...NO_CHANGE, removed: [before.account] });
    }
  }
}
