import * as l10n from '@vscode/l10n';
import { hostOf } from '../looker/instance/host';
import type { Token } from '../looker/api/token';
import { instanceOf, type Account } from './account';
import type { AccountRecord, AccountStore, Refusal } from './accountStore';
import { Emitter, type Disposable } from './emitter';
import { NewerAccountError, SecretStorageError, UnreadableAccountError } from './errors';
import type { Log } from './log';
import { Turns } from './turns';

/** What changed. All empty when only a status or the active account did. */
export interface AccountsChange {
  readonly added: readonly Account[];
  readonly removed: readonly Account[];
  /** Same account, new token. */
  readonly renewed: readonly Account[];
}

/** What the store has refused to do with an account, and has to do yet. */
type Debt =
  /** @param replaces whether another log-in of the account is known to have been stored before */
  | { readonly what: 'login'; readonly replaces: boolean }
  /** @param over value of the token that is stored, as far as is known */
  | { readonly what: 'renewal'; readonly over: string }
  | { readonly what: 'logout' };

/** Tokens that this window has got for an account. */
export interface OwnTokens {
  readonly account: Account;
  readonly tokens: readonly Token[];
}

/** The turn in which it is read and written who is active: a late read must not undo a choice. */
const ACTIVE = 'active';

/** How many of its own tokens a window remembers for an account: the older ones have expired, or were told of. */
const MOST_OWN = 10;

/** How many ended log-ins are remembered: a store that lags behind has the last ones. */
const MOST_ENDED = 100;

const NO_CHANGE: AccountsChange = { added: [], removed: [], renewed: [] };

/**
 * All accounts on this machine, in memory, in step with the store and so with the other windows. What
 * is done to one account is done in turn, and announced once it is stored. Where the store fails, memory
 * goes on alone: what could not be stored is tried again with `catchUp`.
 */
export class AccountBook implements Disposable {
  private readonly records = new Map<string, AccountRecord>();
  /** The records as a list, until they change. */
  private list: readonly AccountRecord[] | undefined;
  private readonly damaged = new Map<string, UnreadableAccountError>();
  private readonly debts = new Map<string, Debt>();
  /** Log-ins that this window has ended. Where the store still has one, the store is behind. */
  private readonly ended = new Set<string>();
  /** Accounts that memory has forgotten, and the store has yet to. */
  private readonly leaving = new Set<string>();
  /** Tokens that this window has got and stored, by account: whoever stores at the same time does not know of them. */
  private readonly own = new Map<string, OwnTokens>();
  private readonly turns = new Turns();
  private readonly changes = new Emitter<AccountsChange>();
  private readonly losses = new Emitter<OwnTokens>();
  private readonly subscription: Disposable;
  private active: string | undefined;
  /** Whether the store does not have the choice of the active account yet. */
  private owesActive = false;
  private complete = false;
  private failure: SecretStorageError | undefined;
  /** The turn of the event loop in which the listeners have been told of something. */
  private turn: NodeJS.Immediate | undefined;
  private owesAnnouncement = false;

  /**
   * Fires once memory has changed, by this window or by another one. By then it is stored, unless the store fails, or
   * it is who is active that has changed, or this window has logged somebody out.
   */
  readonly onDidChange = this.changes.event;

  /** Fires with the tokens that this window has got for an account, once that is gone. */
  readonly onDidLose = this.losses.event;

  private constructor(
    private readonly store: AccountStore,
    private readonly log: Log,
  ) {
    this.subscription = store.onDidChange({
      account: (id) => void this.reload(id),
      active: () => void this.settleActive(),
    });
  }

  /** Reads what can be read; what cannot is said in the log, and hides nothing else. */
  static async open(store: AccountStore, log: Log): Promise<AccountBook> {
    const book = new AccountBook(store, log);
    await book.catchUp();
    void book.sweep();
    return book;
  }

  dispose(): void {
    this.subscription.dispose();
    clearImmediate(this.turn);
    this.changes.dispose();
    this.losses.dispose();
  }

  get(id: string): AccountRecord | undefined {
    return this.records.get(id);
  }

  /** Whether nothing is left of the account, not even what cannot be read. */
  isGone(id: string): boolean {
    return !this.records.has(id) && !this.damaged.has(id);
  }

  /** By instance, each admin followed by those they act as. The same list until an account changes. */
  all(): readonly AccountRecord[] {
    return (this.list ??= [...this.records.values()].sort((a, b) =>
      this.placeOf(a).localeCompare(this.placeOf(b)),
    ));
  }

  private placeOf({ account: { baseUrl, label, sudo, user } }: AccountRecord): string {
    if (!sudo) return `${baseUrl} ${user.name} ${user.id}`;
    // As the admin is called now, and not when the other log-in was made.
    const admin = this.records.get(sudo.adminAccountId)?.account.user ?? sudo.admin;
    return `${baseUrl} ${admin.name} ${admin.id} ${label}`;
  }

  /** Accounts whose records cannot be read. They stay stored until somebody logs in or out. */
  get unreadable(): readonly UnreadableAccountError[] {
    return [...this.damaged.values()];
  }

  /** Why what is stored for the account cannot be read; undefined where it can, or nothing is. */
  damageOf(id: string): UnreadableAccountError | undefined {
    return this.damaged.get(id);
  }

  /** Whether all that is stored has been read, so that who is not here is logged out. */
  get isComplete(): boolean {
    return this.complete;
  }

  /** Why the store fails, the same error until it works again. */
  get storeFailure(): SecretStorageError | undefined {
    return this.failure;
  }

  /** Id of the account chosen last; it may be logged out by now. */
  get activeId(): string | undefined {
    return this.active;
  }

  /**
   * Makes an account the active one, here at once.
   * @param id undefined where nobody is left
   * @returns once that is stored, or cannot be: which account is shown is not worth failing for
   */
  activate(id: string | undefined): Promise<void> {
    this.active = id;
    this.owesActive = true;
    this.announce();
    return this.settleActive();
  }

  /**
   * Tells the listeners that a status changed, though no account did. Once in a turn of the event loop: what a listener
   * starts is announced in the next turn, and so is whatever else happens after they have looked.
   */
  announce(): void {
    if (this.turn) this.owesAnnouncement = true;
    else this.tell(NO_CHANGE);
  }

  private tell(change: AccountsChange): void {
    // The first immediate still belongs to the turn in which it was set.
    this.turn ??= setImmediate(() => {
      this.turn = setImmediate(() => {
        this.turn = undefined;
        if (!this.owesAnnouncement) return;
        this.owesAnnouncement = false;
        this.announce();
      });
    });
    this.changes.fire(change);
  }

  /**
   * Finds out which accounts have come or gone with no event to tell, and does what the store has refused so far.
   * Never fails: what does not work is left for the next call.
   */
  async catchUp(): Promise<void> {
    try {
      const stored = new Set(await this.store.ids());
      const known = [...this.records.keys(), ...this.damaged.keys()];
      const differing = new Set([
        ...[...stored].filter((id) => this.isGone(id)),
        ...known.filter((id) => !stored.has(id)),
        ...this.debts.keys(),
      ]);
      await Promise.all([...differing].map((id) => this.turns.take(id, () => this.read(id))));
      this.complete = true;
      if (![...this.debts.values()].some(concernsUser)) this.failure = undefined;
    } catch (error) {
      this.log.warn(`The stored accounts cannot be read: ${String(error)}`);
      if (!this.complete) {
        this.failure ??= new SecretStorageError(
          error,
          l10n.t('Accounts stored in it are missing.'),
        );
      }
    }
    await this.settleActive();
  }

  /**
   * Keeps a new log-in in place of any other of its account.
   * @param loginAfter the new log-in, made of the one there is, stored by whichever window; where it throws, nothing
   *   has changed
   * @throws NewerAccountError
   */
  put(id: string, loginAfter: (before: AccountRecord | undefined) => AccountRecord): Promise<void> {
    return this.turns.take(id, async () => {
      this.leaving.delete(id);
      const isRead = await this.tryToRead(id);
      const damage = this.damageOf(id);
      if (damage instanceof NewerAccountError) throw damage;
      const before = this.records.get(id);
      const record = loginAfter(before);
      this.end(before);
      const debt = this.debts.get(id);
      // What is in memory alone does not tell that there is another log-in to replace.
      const replaces = debt?.what === 'login' ? debt.replaces : isRead && before !== undefined;
      await this.settle(id, record, { what: 'login', replaces });
      this.noteOwn(record);
      this.show(id, record);
      void this.sweep(id);
    });
  }

  /**
   * See {@link AccountStore.claimLabel}. Where the store fails, nobody can tell, and whoever logs in must not suffer:
   * what is known without it has to do.
   */
  async claimLabel(label: string, id: string): Promise<boolean> {
    try {
      return await this.store.claimLabel(label, id);
    } catch (error) {
      this.log.warn(`Could not claim the name ${label}: ${String(error)}`);
      return true;
    }
  }

  /**
   * Gives a log-in a new token, unless it has got another one meanwhile.
   * @param before as it was when the token was asked for
   * @param renewed the same log-in with that token
   * @returns what the account has now: another token, or another log-in's, where there was one meanwhile, in
   *   whichever window; undefined where it has been logged out
   */
  renew(before: AccountRecord, renewed: AccountRecord): Promise<AccountRecord | undefined> {
    const { id } = renewed.account;
    return this.turns.take(id, async () => {
      await this.tryToRead(id);
      const current = this.records.get(id);
      const isAsBefore =
        current?.login === before.login && current.token.value === before.token.value;
      if (!isAsBefore) return current;
      const now = await this.keep(renewed, before.token);
      if (now?.token.value === renewed.token.value) this.noteOwn(renewed);
      this.tellLost(id);
      return now;
    });
  }

  /** Notes why the account's token is not renewed any more, unless it has been meanwhile. */
  refuse({ account: { id }, token }: AccountRecord, refusal: Refusal): Promise<void> {
    return this.turns.take(id, async () => {
      await this.tryToRead(id);
      const current = this.records.get(id);
      if (current?.token.value === token.value) await this.keep({ ...current, refusal }, token);
    });
  }

  /** Stores what a renewal of that token has changed. @returns what the account has then */
  private async keep(record: AccountRecord, { value }: Token): Promise<AccountRecord | undefined> {
    const { id } = record.account;
    // A log-in that is not stored yet is stored as a whole.
    const debt = this.debts.get(id) ?? { what: 'renewal', over: value };
    const now = await this.settle(id, record, debt);
    this.show(id, now);
    return this.leaving.has(id) ? undefined : now;
  }

  /**
   * Forgets one account in memory, at once. `remove` has to follow, which forgets it in the store.
   * @returns what was known of it, with all tokens that this window has got
   */
  forget(id: string): AccountRecord | undefined {
    const known = this.records.get(id);
    this.leaving.add(id);
    this.end(known);
    const own = this.own.get(id)?.tokens ?? [];
    if (known) this.own.delete(id);
    this.show(id, undefined);
    return known && { ...known, replaced: [...known.replaced, ...own] };
  }

  /**
   * Forgets one account, unless there was a new log-in in this window since `forget`.
   * @returns what was stored last, by whichever window, where it could be read
   */
  remove(id: string): Promise<AccountRecord | undefined> {
    return this.turns.take(id, async () => {
      if (!this.leaving.has(id)) return undefined;
      const last = await this.store.read(id).catch(() => undefined);
      this.end(last);
      await this.settle(id, undefined, { what: 'logout' });
      this.leaving.delete(id);
      this.show(id, undefined);
      this.tellLost(id);
      return last;
    });
  }

  /** Reads one account again. Where the store fails, what is in memory stands. */
  reload(id: string): Promise<AccountRecord | undefined> {
    return this.turns.take(id, async () => {
      await this.tryToRead(id);
      return this.records.get(id);
    });
  }

  /** @returns whether it could be read */
  private async tryToRead(id: string): Promise<boolean> {
    try {
      await this.read(id);
      return true;
    } catch (error) {
      this.log.warn(`Could not read what is stored for ${nameOf(id)}: ${String(error)}`);
      return false;
    }
  }

  /** Makes memory what the store is; or the store what memory is, where it is the store that is behind. */
  private async read(id: string): Promise<void> {
    if (this.leaving.has(id)) return;
    const debt = this.debts.get(id);
    const mine = this.records.get(id);
    const stored = await this.store.read(id).catch((error: unknown) => {
      if (error instanceof UnreadableAccountError) return error;
      throw error;
    });
    if (this.leaving.has(id)) return;
    const isUnreadable = stored instanceof UnreadableAccountError;
    const isEnded = isUnreadable
      ? debt !== undefined && debt.what !== 'renewal' && !(stored instanceof NewerAccountError)
      : this.ended.has(stored?.login ?? '');
    if (isEnded) {
      await this.settle(id, mine, mine ? { what: 'login', replaces: true } : { what: 'logout' });
    } else if (isUnreadable) {
      this.log.warn(stored.message);
      this.debts.delete(id);
      this.show(id, undefined);
      this.damaged.set(id, stored);
      this.announce();
      return;
    } else if (debt?.what === 'login' && !debt.replaces && !stored) {
      await this.settle(id, mine, debt);
    } else if (debt?.what === 'renewal' && mine && stored && isNewer(mine, stored, debt.over)) {
      this.show(id, await this.settle(id, mine, debt));
    } else {
      this.debts.delete(id);
      this.show(id, stored);
    }
    this.tellLost(id);
  }

  private noteOwn({ account, token }: AccountRecord): void {
    const tokens = this.own.get(account.id)?.tokens ?? [];
    this.own.set(account.id, { account, tokens: [...tokens, token].slice(-MOST_OWN) });
  }

  /** While the account is there, somebody may still use what this window has handed out. */
  private tellLost(id: string): void {
    const own = this.own.get(id);
    if (!own || this.records.has(id)) return;
    this.own.delete(id);
    this.losses.fire(own);
  }

  /**
   * Makes the store what memory is, or is about to be. What it refuses is left as a debt.
   * @returns what the account has then
   */
  private async settle(
    id: string,
    record: AccountRecord | undefined,
    debt: Debt,
  ): Promise<AccountRecord | undefined> {
    try {
      let now = record;
      if (!record) await this.store.delete(id);
      else if (debt.what === 'renewal') now = await this.store.renew(record);
      else await this.store.write(record);
      this.debts.delete(id);
      return now;
    } catch (error) {
      this.debts.set(id, debt);
      this.log.warn(`Could not store the ${debt.what} of ${nameOf(id)}: ${String(error)}`);
      if (concernsUser(debt)) this.failure ??= new SecretStorageError(error, meaningOf(debt.what));
      return record;
    }
  }

  /** These log-ins are over. */
  private end(...records: readonly (AccountRecord | undefined)[]): void {
    for (const record of records) if (record) this.ended.add(record.login);
    for (const login of this.ended) {
      if (this.ended.size <= MOST_ENDED) break;
      this.ended.delete(login);
    }
  }

  private async sweep(id?: string): Promise<void> {
    try {
      await this.store.sweep(id);
    } catch (error) {
      this.log.warn(`Tokens left over could not be deleted: ${String(error)}`);
    }
  }

  /** Makes memory and store agree on who is active. Never fails. */
  private settleActive(): Promise<void> {
    return this.turns.take(ACTIVE, async () => {
      try {
        await (this.owesActive ? this.storeActive(this.active) : this.readActive());
      } catch (error) {
        this.log.warn(`Could not store or read which account is active: ${String(error)}`);
      }
      this.announce();
    });
  }

  private async readActive(): Promise<void> {
    const stored = await this.store.readActive();
    // Somebody may have chosen another one meanwhile.
    if (!this.owesActive) this.active = stored;
  }

  private async storeActive(id: string | undefined): Promise<void> {
    if (id === undefined) await this.store.deleteActive();
    else await this.store.writeActive(id);
    this.owesActive = this.active !== id;
  }

  /** Makes memory what the store is, and announces the difference, if there is one. */
  private show(id: string, record: AccountRecord | undefined): void {
    // Memory may have forgotten the account while something was being done with it.
    if (record && this.leaving.has(id)) return;
    const wasDamaged = this.damaged.delete(id);
    const before = this.records.get(id);
    if (before?.token.value === record?.token.value) {
      const isAsBefore = !record || isSame(before?.refusal, record.refusal);
      // The token stays the same object, too, for whoever keeps something by it.
      if (!isAsBefore) this.set(id, { ...record, token: before?.token ?? record.token });
      if (wasDamaged || !isAsBefore) this.announce();
    } else if (record) {
      this.set(id, record);
      this.tell({ ...NO_CHANGE, [before ? 'renewed' : 'added']: [record.account] });
    } else {
      this.set(id, undefined);
      if (before) this.tell({ ...NO_CHANGE, removed: [before.account] });
    }
  }

  private set(id: string, record: AccountRecord | undefined): void {
    if (record) this.records.set(id, record);
    else this.records.delete(id);
    this.list = undefined;
  }
}

/** What is read anew is another object, and no other refusal. */
function isSame(a: Refusal | undefined, b: Refusal | undefined): boolean {
  return a?.message === b?.message && a?.isTold === b?.isTold;
}

/**
 * Whether a renewal that could not be stored is later than what is stored by now, by whichever window.
 * @param over value of the token that was stored before it
 */
function isNewer(mine: AccountRecord, stored: AccountRecord, over: string): boolean {
  if (mine.login !== stored.login) return false;
  if (mine.token.value !== stored.token.value) return stored.token.value === over;
  return mine.refusal !== undefined && (mine.refusal.isTold || !stored.refusal);
}

/** A token that could not be stored is soon replaced; the log-in it belongs to is what counts. */
function concernsUser(debt: Debt): debt is Debt & { readonly what: 'login' | 'logout' } {
  return debt.what !== 'renewal';
}

/** What a debt means for the user, as a sentence. */
function meaningOf(what: 'login' | 'logout'): string {
  return what === 'login'
    ? l10n.t('This log-in ends with the window unless it works again.')
    : l10n.t('You are logged out, but your API key stays in it until it works again.');
}

function nameOf(id: string): string {
  return `an account on ${hostOf(instanceOf(id))}`;
}
