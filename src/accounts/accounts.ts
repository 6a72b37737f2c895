import { abortable } from '../looker/cancellation';
import type { Api } from '../looker/api/lazyLookerApi';
import type { Token } from '../looker/api/token';
import type { ApiKey } from '../looker/api/lookerApi';
import type { UserPage } from '../looker/api/searchUsers';
import type { LookerUser } from '../looker/api/user';
import type { Workspace } from '../looker/workspace';
import { instanceOf, type Account } from './account';
import { accountStatus, type AccountStatus } from './accountStatus';
import type { Disposable, Event } from './emitter';
import type { UnreadableAccountError } from './errors';
import { tryKey, type KeyTrial } from './login/keyTrial';
import { KnownAccounts, type KnownAccount, type MemoryOptions } from './knownAccounts';
import { Logins, type LoginTarget } from './login/logins';
import { Logouts, type Unrevoked } from './login/logouts';
import { LostAccounts } from './lostAccounts';
import { AccountBook } from './memory/accountBook';
import type { AccountsChange } from './memory/announcements';
import type { LiveAccount } from './memory/liveAccount';
import { Renewals, type RenewalsOptions } from './renewal/renewals';
import { Revocations } from './login/revocations';
import type { Session } from './session';
import { sessionOf } from './store/accountRecord';
import type { AccountStore } from './store/accountStore';

export interface AccountsOptions extends RenewalsOptions, MemoryOptions {
  readonly store: AccountStore;
}

/** Who is logged in: login, sudo, sessions and logout, announced by one event. */
export class Accounts implements Disposable {
  /** See {@link AccountBook.onDidChange}; fires as well when a status changes. */
  readonly onDidChange: Event<AccountsChange>;

  private readonly renewals: Renewals;
  private readonly knownAccounts: KnownAccounts;
  private readonly lostAccounts: LostAccounts;
  private readonly revocations = new Revocations();
  private readonly logins: Logins;
  private readonly logouts: Logouts;

  private constructor(
    private readonly book: AccountBook,
    options: AccountsOptions,
  ) {
    this.renewals = new Renewals(book, options, this.revocations);
    this.knownAccounts = new KnownAccounts(options);
    this.lostAccounts = new LostAccounts(book, this.knownAccounts);
    const parts = [book, this.renewals, this.knownAccounts, this.revocations, options.log] as const;
    this.logins = new Logins(...parts);
    this.logouts = new Logouts(...parts);
    this.onDidChange = book.onDidChange;
  }

  /** Reads what is stored. Asks the network nothing. */
  static async open(options: AccountsOptions): Promise<Accounts> {
    const accounts = new Accounts(await AccountBook.open(options), options);
    await accounts.lostAccounts.look(options.store);
    return accounts;
  }

  dispose(): void {
    this.book.dispose();
  }

  /** All accounts, by instance, each admin followed by the users they act as. */
  all(): readonly AccountStatus[] {
    return this.book.accounts.all().map((live) => this.statusOf(live));
  }

  /** Who is logged in, in the same order. */
  get list(): readonly Account[] {
    return this.book.accounts.all().map(({ record }) => record.account);
  }

  /** The account the status bar shows: the one chosen last, else the first. */
  get active(): AccountStatus | undefined {
    const live = this.book.active.shown(this.book.accounts.all());
    return live && this.statusOf(live);
  }

  /** See {@link ActiveAccounts.currentOn}. */
  currentOn(baseUrl: string): Account | undefined {
    return this.book.active.currentOn(baseUrl, this.book.accounts.all())?.record.account;
  }

  /** Accounts of which only a record is left that cannot be read. They can be logged out. */
  get unreadable(): readonly UnreadableAccountError[] {
    return this.book.accounts.unreadable;
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
      ...this.book.accounts.unreadable.map(({ accountId }) => accountId),
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

  /** See {@link LostAccounts}. */
  get lost(): readonly Account[] {
    return this.lostAccounts.all;
  }

  /** See {@link LostAccounts.acknowledge}. */
  acknowledgeLost(): void {
    this.lostAccounts.acknowledge();
  }

  /** Makes an account the active one, in all windows. */
  activate(id: string): Promise<void> {
    const live = this.book.accounts.get(id);
    if (live) this.knownAccounts.noteUse(live.record.account);
    return this.book.active.activate(id);
  }

  get isLoggingIn(): boolean {
    return this.logins.isUnderWay;
  }

  /** The account with the token it has for the workspace, good or not. Asks nobody. */
  peek(id: string, workspace: Workspace = 'production'): Session | undefined {
    const live = this.book.accounts.get(id);
    return live && sessionOf(live.record, workspace);
  }

  /** See {@link Plans.timeLeft}. */
  timeLeft(session: Session): number {
    return this.renewals.plans.timeLeft(session);
  }

  /** See {@link Renewals.session}. Canceling only stops waiting. */
  async session(
    id: string,
    signal?: AbortSignal,
    workspace: Workspace = 'production',
  ): Promise<Session> {
    const session = await abortable(this.renewals.session(id, workspace), signal);
    this.knownAccounts.noteUse(session.account);
    return session;
  }

  /** Asks Looker for a new token now. See {@link Renewals.renew}. Canceling only stops waiting. */
  renew(id: string, signal?: AbortSignal, workspace: Workspace = 'production'): Promise<Session> {
    return abortable(this.renewals.renew(id, workspace, { byHand: true }), signal);
  }

  /** See {@link Renewals.renewDueAccounts}. */
  renewDueAccounts(): number | undefined {
    return this.renewals.renewDueAccounts();
  }

  /**
   * Goes on where the network, or a certificate, was in the way of an instance: the user has done something
   * about it, such as trusting its certificate. Of all instances where none is named.
   */
  clearFailures(baseUrl?: string): void {
    this.renewals.failures.clear(baseUrl);
  }

  /** See {@link Failures.acknowledge}. */
  acknowledgeFailure(id: string): Promise<void> {
    return this.renewals.failures.acknowledge(id);
  }

  /** Tells the listeners that time has passed, and with it what is shown of the accounts. */
  announceTime(): void {
    this.book.announce();
  }

  /** See {@link Logins.login}. */
  login(
    target: LoginTarget,
    apiKey: ApiKey,
    signal?: AbortSignal,
    options?: { readonly keepsKey?: boolean },
  ): Promise<Account> {
    return this.logins.login(target, apiKey, signal, options);
  }

  /** See {@link Logins.loginWithBrowser}. */
  loginWithBrowser: Logins['loginWithBrowser'] = (...how) => this.logins.loginWithBrowser(...how);

  /** See {@link Logins.loginAs}. */
  loginAs(
    admin: Account,
    user: string,
    associative?: boolean,
    signal?: AbortSignal,
  ): Promise<Account> {
    return this.logins.loginAs(admin, user, associative, signal);
  }

  /** See {@link Logouts.logout}. */
  logout(ids: readonly string[], signal?: AbortSignal): Promise<readonly Unrevoked[]> {
    return this.logouts.logout(ids, signal);
  }

  /** See {@link Renewals.replaceRejected}. */
  replaceRejected(id: string, token: string): Promise<void> {
    return this.renewals.replaceRejected(id, token);
  }

  /**
   * Tries whether Looker accepts an account's API key: the account and its token stay as they are. See {@link tryKey}.
   * @returns undefined where the account has no key
   */
  async tryKey(id: string, signal?: AbortSignal): Promise<KeyTrial | undefined> {
    const { record } = this.book.accounts.get(id) ?? {};
    return record && tryKey(record, this.apiOf(record.account), this.revocations, signal);
  }

  /** See {@link Renewals.mint}. */
  mint(id: string, workspace: Workspace): Promise<Token | undefined> {
    return this.renewals.mint(id, workspace);
  }

  /** Ends a token that was minted. A window that closes waits for it. Never fails. */
  async revoke(account: Account, token: string): Promise<void> {
    await Promise.allSettled([this.revocations.note(this.apiOf(account).logout(token))]);
  }

  /** One user, for an admin's account. @throws LookerError; LoginNeededError; CanceledError */
  user(admin: Account, userId: string, signal?: AbortSignal): Promise<LookerUser> {
    return this.renewals.withToken(
      admin.id,
      ({ token }) => this.apiOf(admin).user(userId, token.value, signal),
      { signal },
    );
  }

  /**
   * Users an admin's account may act as: see {@link LookerApi.searchUsers}.
   * @throws LookerError; LoginNeededError; CanceledError
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

  private statusOf(live: LiveAccount): AccountStatus {
    const plan = this.renewals.plans.planOf(live, 'production');
    const { account } = live.record;
    return accountStatus(account, plan, this.renewals.isRenewing(account.id, 'production'));
  }
}
