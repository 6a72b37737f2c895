import { orCancelled } from '../looker/cancellation';
import type { Api } from '../looker/api/lazyLookerApi';
import type { UserPage } from '../looker/api/lookerApi';
import type { Token } from '../looker/api/token';
import type { LookerUser } from '../looker/api/user';
import { instanceOf, type Account } from './account';
import { AccountBook, type AccountsChange } from './accountBook';
import type { AccountRecord, AccountStore } from './accountStore';
import type { Disposable, Event } from './emitter';
import type { UnreadableAccountError } from './errors';
import { KnownAccounts, type KnownAccount, type MemoryOptions } from './knownAccounts';
import { Logins } from './logins';
import { Logouts, type Unrevoked } from './logouts';
import { Renewals, type RenewalsOptions } from './renewals';
import { Revocations } from './revocations';
import { sessionOf, type Session } from './session';

export interface AccountsOptions extends RenewalsOptions, MemoryOptions {
  readonly store: AccountStore;
}

/** An account as it stands, for showing. */
export interface AccountStatus {
  readonly account: Account;
  /** See {@link Renewals.timeLeft}. */
  readonly timeLeft: number;
  /** The token is so near its end, or past it, that it should be renewed. */
  readonly isDue: boolean;
  /** It is renewed ahead of its end, without anybody asking. */
  readonly renewsItself: boolean;
  /** It is renewed when somebody asks for a session, at the latest. */
  readonly renewsOnUse: boolean;
  /** There is no API key to get another token with, neither the account's nor its admin's. */
  readonly isTokenOnly: boolean;
  readonly isRenewing: boolean;
  /** Why the last renewal failed, until one succeeds. */
  readonly failure: Error | undefined;
  /** The user has read of it, in whichever window. */
  readonly isFailureTold: boolean;
}

/** A token that was got to try an API key, and belongs to no account. */
export interface KeyTrial {
  readonly token: Token;
  /** Ends it at Looker. @returns whether Looker could be told */
  readonly end: () => Promise<boolean>;
}

/** Who is logged in: log-in, sudo, sessions and log-out, announced by one event. */
export class Accounts implements Disposable {
  /** See {@link AccountBook.onDidChange}; fires as well when a status changes. */
  readonly onDidChange: Event<AccountsChange>;

  private readonly renewals: Renewals;
  private readonly knownAccounts: KnownAccounts;
  /** Ids of known accounts that had no record when this window was opened. */
  private readonly missing: ReadonlySet<string>;
  private readonly revocations = new Revocations();
  private readonly logins: Logins;
  private readonly logouts: Logouts;

  private constructor(
    private readonly book: AccountBook,
    options: AccountsOptions,
  ) {
    this.renewals = new Renewals(book, options, this.revocations);
    this.knownAccounts = new KnownAccounts(options);
    const parts = [book, this.renewals, this.knownAccounts, this.revocations, options.log] as const;
    this.logins = new Logins(...parts);
    this.logouts = new Logouts(...parts);
    const ids = book.isComplete ? this.knownAccounts.all().map(({ account }) => account.id) : [];
    this.missing = new Set(ids.filter((id) => book.isGone(id)));
    this.onDidChange = book.onDidChange;
  }

  /** Reads what is stored. Asks the network nothing. */
  static async open(options: AccountsOptions): Promise<Accounts> {
    return new Accounts(await AccountBook.open(options.store, options.log), options);
  }

  dispose(): void {
    this.book.dispose();
  }

  /** All accounts, by instance, each admin followed by those they act as. */
  all(): readonly AccountStatus[] {
    return this.book.all().map((record) => this.statusOf(record));
  }

  /** Who is logged in, in the same order. */
  get list(): readonly Account[] {
    return this.book.all().map(({ account }) => account);
  }

  /** The account the status bar shows: the one chosen last, else the first. */
  get active(): AccountStatus | undefined {
    const record = this.book.get(this.book.activeId ?? '') ?? this.book.all()[0];
    return record && this.statusOf(record);
  }

  /** Accounts of whom only a record is left that cannot be read. They can be logged out. */
  get unreadable(): readonly UnreadableAccountError[] {
    return this.book.unreadable;
  }

  /** Why the secret storage fails, the same error until it works again. */
  get storeFailure(): Error | undefined {
    return this.book.storeFailure;
  }

  /** Why it is not known so far who is logged in: what is stored could not be read. */
  get readFailure(): Error | undefined {
    return this.book.isComplete ? undefined : this.book.storeFailure;
  }

  /** Finds out what other windows have done, and stores what could not be stored before. Never fails. */
  catchUp(): Promise<void> {
    return this.book.catchUp();
  }

  /** Everybody who has been logged in, or is, the last used first. */
  get known(): readonly KnownAccount[] {
    return this.knownAccounts.all();
  }

  /** Ids of all accounts, those that cannot be read last. */
  get ids(): readonly string[] {
    return [
      ...this.list.map(({ id }) => id),
      ...this.book.unreadable.map(({ accountId }) => accountId),
    ];
  }

  /** Whether accounts are logged in to an instance, or records of them are left. */
  isInUse(baseUrl: string): boolean {
    return this.ids.some((id) => instanceOf(id) === baseUrl);
  }

  /** See {@link KnownAccounts.forget}. Does nothing while the instance is in use. */
  forgetInstance(baseUrl: string): void {
    if (!this.isInUse(baseUrl)) this.knownAccounts.forget(baseUrl);
  }

  /** Who has had an account of this id, as far as is remembered. */
  whoWas(id: string): Account | undefined {
    return this.knownAccounts.get(id)?.account;
  }

  /** Accounts that were logged in, and of whom nothing is stored any more. */
  get lost(): readonly Account[] {
    if (this.missing.size === 0) return [];
    return this.known
      .filter(({ account: { id }, isLoggedIn }) => isLoggedIn && this.missing.has(id))
      .map(({ account }) => account)
      .filter(({ id }) => !this.book.get(id));
  }

  /** Takes the lost accounts for logged out, in all windows: their users have been told. */
  settleLost(): void {
    for (const account of this.lost) this.knownAccounts.noteLogout(account);
  }

  /** Makes an account the active one, in all windows. */
  activate(id: string): Promise<void> {
    const record = this.book.get(id);
    if (record) this.knownAccounts.noteUse(record.account);
    return this.book.activate(id);
  }

  get isLoggingIn(): boolean {
    return this.logins.isUnderWay;
  }

  /** The account with the token it has, good or not. Asks nobody. */
  peek(id: string): Session | undefined {
    const record = this.book.get(id);
    return record && sessionOf(record);
  }

  /** See {@link Renewals.timeLeft}. */
  timeLeft(session: Session): number {
    return this.renewals.timeLeft(session);
  }

  /** See {@link Renewals.session}. Cancelling only stops waiting. */
  async session(id: string, signal?: AbortSignal): Promise<Session> {
    const session = await orCancelled(this.renewals.session(id), signal);
    this.knownAccounts.noteUse(session.account);
    return sessionOf(session);
  }

  /** Asks Looker for a new token now. See {@link Renewals.renew}. Cancelling only stops waiting. */
  async renew(id: string, signal?: AbortSignal): Promise<Session> {
    return sessionOf(await orCancelled(this.renewals.renew(id, { byHand: true }), signal));
  }

  /**
   * Renews what is due, where accounts are renewed in the background.
   * @returns ms until the next one is due, to be renewed or to be said so; undefined where none is
   */
  renewDue(): number | undefined {
    const spans: number[] = [];
    for (const { account, token } of this.book.all()) {
      const untilDue = this.renewals.untilDue({ account, token });
      if (untilDue > 0) spans.push(untilDue);
      else if (!this.renewals.hasKey(account.id)) void this.renewals.askTheTime({ account, token });
      const untilRenewal = this.renewals.untilRenewal(account.id);
      if (untilRenewal === undefined || this.renewals.isUnderWay(account.id)) continue;
      if (untilRenewal > 0) spans.push(untilRenewal);
      // Its failure is kept as the account's, and its next time comes later.
      else this.renewals.renew(account.id).catch(() => undefined);
    }
    return spans.length > 0 ? Math.min(...spans) : undefined;
  }

  /**
   * Goes on where the network, or a certificate, was in the way of an instance: the user has done something
   * about it, such as trusting its certificate. Of all instances where none is named.
   */
  tryAgain(baseUrl?: string): void {
    this.renewals.failures.forgive(baseUrl);
    this.book.announce();
  }

  /** The user has read why the account is not renewed: no other window needs to say it. */
  markFailureTold(id: string): Promise<void> {
    return this.renewals.failures.markTold(id);
  }

  /** Tells the listeners that time has passed, and with it what is shown of the accounts. */
  announceTime(): void {
    this.book.announce();
  }

  /** See {@link Logins.login}. */
  login(...how: Parameters<Logins['login']>): Promise<Account> {
    return this.logins.login(...how);
  }

  /** See {@link Logins.loginAs}. */
  loginAs(...how: Parameters<Logins['loginAs']>): Promise<Account> {
    return this.logins.loginAs(...how);
  }

  /** See {@link Logouts.logout}. */
  logout(ids: readonly string[], signal?: AbortSignal): Promise<readonly Unrevoked[]> {
    return this.logouts.logout(ids, signal);
  }

  /**
   * Replaces a token that Looker no longer accepts, as somebody says who has used it. One that is no longer the
   * account's has been replaced already.
   * @throws TokenAcceptedError; LoggedOutError; LookerError, LoginNeededError where there is no other to be had
   */
  replaceRejected(id: string, token: string): Promise<void> {
    return this.renewals.replaceRejected(id, token);
  }

  /**
   * Tries whether Looker accepts an account's API key, by a log-in that is nobody's: the account and its token
   * stay as they are. Whoever tries it ends it.
   * @returns undefined where the key was not kept
   * @throws LookerError; CancelledError
   */
  async tryKey(id: string, signal?: AbortSignal): Promise<KeyTrial | undefined> {
    const record = this.book.get(id);
    if (!record?.apiKey) return undefined;
    const api = this.apiOf(record.account);
    const token = await api.login(record.apiKey, signal);
    return {
      token,
      end: async () => {
        const [{ status }] = await Promise.allSettled([
          this.revocations.note(api.logout(token.value)),
        ]);
        return status === 'fulfilled';
      },
    };
  }

  /** One user, for an admin's account. @throws LookerError; LoginNeededError; CancelledError */
  user(admin: Account, userId: string, signal?: AbortSignal): Promise<LookerUser> {
    return this.renewals.withToken(
      admin.id,
      ({ token }) => this.apiOf(admin).user(userId, token.value, signal),
      { signal },
    );
  }

  /**
   * Users an admin's account may act as: see {@link LookerApi.searchUsers}.
   * @throws LookerError; LoginNeededError; CancelledError
   */
  searchUsers(
    admin: Account,
    words: string,
    page?: number,
    signal?: AbortSignal,
  ): Promise<UserPage> {
    return this.renewals.withToken(
      admin.id,
      ({ token }) => this.apiOf(admin).searchUsers(words, token.value, page, signal),
      { signal },
    );
  }

  /** Speaks to the account's instance. */
  apiOf(account: Account): Api {
    return this.renewals.apiOf(account);
  }

  /** See {@link Revocations.allDone}. */
  allRevoked(): Promise<void> {
    return this.revocations.allDone();
  }

  private statusOf({ account, token }: AccountRecord): AccountStatus {
    const { id } = account;
    const { failures } = this.renewals;
    return {
      account,
      timeLeft: this.timeLeft({ account, token }),
      isDue: this.renewals.isDue({ account, token }),
      renewsItself: this.renewals.renewsItself(id),
      renewsOnUse: this.renewals.renewsOnUse(id),
      isTokenOnly: !this.renewals.hasKey(id),
      isRenewing: this.renewals.isUnderWay(id),
      failure: failures.of(id),
      isFailureTold: failures.isTold(id),
    };
  }
}
