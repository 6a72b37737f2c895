import { abortable } from '../looker/cancellation';
import type { ApiKey } from '../looker/api/lookerApi';
import type { ReceivedCode } from '../looker/oauth/browserLogin';
import type { Workspace } from '../looker/workspace';
import { instanceOf, type Account } from './account';
import type { BrowserLoginTerms } from './browserLogin/browserLogins';
import { accountStatus, type AccountStatus } from './accountStatus';
import { loginMethodOf } from './credentials/storedCredential';
import type { Disposable, Event } from '../base/emitter';
import type { UnreadableAccountError } from './errors';
import { Lazy } from './lazy';
import { KnownAccounts, type KnownAccount, type KnownAccountsOptions } from './knownAccounts';
import type { Logins, LoginTarget } from './login/logins';
import type { Unrevoked } from './login/logouts';
import { LostAccounts } from './lostAccounts';
import { AccountBook, type AccountBookOptions } from './memory/accountBook';
import type { AccountsChange } from './memory/announcements';
import type { LiveAccount } from './memory/liveAccount';
import { Failures } from './renewal/failures';
import type { CurrentPlansOptions } from './renewal/currentPlans';
import { Renewals } from './renewal/renewals';
import type { TokenRequests } from './renewal/tokenRequests';
import { Revocations } from './login/revocations';
import type { Requests, RequestsContext } from './requests';
import type { Session } from './session';
import { sessionOf } from './store/accountRecord';

export interface AccountsOptions
  extends AccountBookOptions, CurrentPlansOptions, KnownAccountsOptions {
  /** Loads the code for requests to Looker. Called with the first request, and again if loading failed. */
  readonly requests: (context: RequestsContext) => Promise<Requests>;
}

/** The accounts that are logged in: login, sudo, sessions and logout, with one event for all changes. */
export class Accounts implements Disposable {
  /** See {@link AccountBook.onDidChange}; also fires when a status changes. */
  readonly onDidChange: Event<AccountsChange>;

  private readonly failures: Failures;
  private readonly renewals: Renewals;
  private readonly knownAccounts: KnownAccounts;
  private readonly lostAccounts: LostAccounts;
  private readonly revocations = new Revocations();
  private readonly requests: Lazy<Requests>;
  private loginsUnderWay = 0;

  private constructor(
    private readonly book: AccountBook,
    options: AccountsOptions,
  ) {
    const { revocations } = this;
    const failures = new Failures(book, options.clock);
    const knownAccounts = new KnownAccounts(options);
    const renewals = new Renewals(book, failures, options, () => this.tokenRequests());
    const context = { book, renewals, failures, knownAccounts, revocations };
    this.requests = new Lazy(() => options.requests(context));
    this.failures = failures;
    this.renewals = renewals;
    this.knownAccounts = knownAccounts;
    this.lostAccounts = new LostAccounts(book, knownAccounts);
    this.onDidChange = book.onDidChange;
    // Includes tokens that seem to have expired, because this machine's clock may have been set.
    book.onDidOrphan(({ account, tokens }) => {
      for (const token of tokens) void this.revoke(account, token.value);
    });
  }

  /** Reads what is stored. Sends no requests. */
  static async open(options: AccountsOptions): Promise<Accounts> {
    const accounts = new Accounts(await AccountBook.open(options), options);
    await accounts.lostAccounts.find(options.store);
    return accounts;
  }

  dispose(): void {
    this.book.dispose();
  }

  /** All accounts with their states, by instance, each admin followed by the users they act as. */
  statuses(): readonly AccountStatus[] {
    return this.book.accounts.all().map((live) => this.statusOf(live));
  }

  /** All accounts, in the same order. */
  get list(): readonly Account[] {
    return this.book.accounts.all().map(({ record }) => record.account);
  }

  /** The account shown in the status bar: the one chosen last, else the first. */
  get active(): AccountStatus | undefined {
    const live = this.book.active.shown(this.book.accounts.all());
    return live && this.statusOf(live);
  }

  /** See {@link ActiveAccounts.currentOn}. */
  currentOn(baseUrl: string): Account | undefined {
    return this.book.active.currentOn(baseUrl, this.book.accounts.all())?.record.account;
  }

  /** Accounts with a stored record that can't be read. They can be logged out. */
  get unreadable(): readonly UnreadableAccountError[] {
    return this.book.accounts.unreadable;
  }

  /** Why the secret storage isn't working; the same error until it works again. */
  get storeFailure(): Error | undefined {
    return this.book.storeFailure;
  }

  /** Why it isn't known yet which accounts are logged in; undefined once the stored accounts could be read. */
  get readFailure(): Error | undefined {
    return this.book.isComplete ? undefined : this.book.storeFailure;
  }

  /** Picks up changes by other windows, and saves what couldn't be saved before. Never fails. */
  catchUp(): Promise<void> {
    return this.book.catchUp();
  }

  /** All accounts that are or were logged in, the last used first. */
  get known(): readonly KnownAccount[] {
    return this.knownAccounts.all();
  }

  /** IDs of all accounts, unreadable ones last. */
  get ids(): readonly string[] {
    return [
      ...this.list.map(({ id }) => id),
      ...this.book.accounts.unreadable.map(({ accountId }) => accountId),
    ];
  }

  /** Whether an instance has any accounts, even unreadable ones. */
  isInUse(baseUrl: string): boolean {
    return this.ids.some((id) => instanceOf(id) === baseUrl);
  }

  /** See {@link KnownAccounts.forget}. Does nothing while the instance is in use. */
  forgetInstance(baseUrl: string): void {
    if (!this.isInUse(baseUrl)) this.knownAccounts.forget(baseUrl);
  }

  /** The account with this ID, logged in or not, if it is known. */
  remembered(id: string): Account | undefined {
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

  /** Makes an account the active one in all windows. */
  activate(id: string): Promise<void> {
    const live = this.book.accounts.get(id);
    if (live) this.knownAccounts.noteUse(live.record.account);
    return this.book.active.activate(id);
  }

  get isLoggingIn(): boolean {
    return this.loginsUnderWay > 0;
  }

  /** The account with its token for the workspace, valid or not. Sends no requests. */
  peek(id: string, workspace: Workspace = 'production'): Session | undefined {
    const live = this.book.accounts.get(id);
    return live && sessionOf(live.record, workspace);
  }

  /** The OAuth client of an account's login; undefined if the account has no refresh token. */
  oauthClientOf(id: string): string | undefined {
    const credential = this.book.accounts.get(id)?.record.credential;
    return credential?.kind === 'browser' ? credential.clientId : undefined;
  }

  /** See {@link CurrentPlans.timeLeft}. */
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

  /** Requests a new token from Looker now. See {@link Renewals.renew}. Canceling only stops waiting. */
  renew(id: string, signal?: AbortSignal, workspace: Workspace = 'production'): Promise<Session> {
    return abortable(this.renewals.renew(id, workspace, { byHand: true }), signal);
  }

  /** See {@link Renewals.renewDueAccounts}. */
  renewDueAccounts(): number | undefined {
    return this.renewals.renewDueAccounts();
  }

  /**
   * Retries after failures caused by the network or a certificate, because the user has done something about them, such
   * as trusting a certificate. Applies to all instances if none is named.
   */
  clearFailures(baseUrl?: string): void {
    this.failures.clear(baseUrl);
  }

  /** See {@link Failures.acknowledge}. */
  acknowledgeFailure(id: string): Promise<void> {
    return this.failures.acknowledge(id);
  }

  /** Notifies listeners that time has passed, and with it the displayed state of the accounts. */
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
    return this.loggingIn((logins) => logins.login(target, apiKey, signal, options));
  }

  /** See {@link Logins.loginWithBrowser}. */
  loginWithBrowser(
    target: LoginTarget,
    code: ReceivedCode,
    signal?: AbortSignal,
    terms?: BrowserLoginTerms,
  ): Promise<Account> {
    return this.loggingIn((logins) => logins.loginWithBrowser(target, code, signal, terms));
  }

  /** See {@link Logins.loginAs}. */
  loginAs(
    admin: Account,
    userId: string,
    associative?: boolean,
    signal?: AbortSignal,
  ): Promise<Account> {
    return this.loggingIn((logins) => logins.loginAs(admin, userId, associative, signal));
  }

  /** See {@link Logouts.logout}. */
  logout(ids: readonly string[], signal?: AbortSignal): Promise<readonly Unrevoked[]> {
    const logout = async () => (await this.requests.get()).logouts.logout(ids, signal);
    return this.revocations.track(logout());
  }

  /** Loads the code for other requests with the tokens of accounts. */
  async tokenRequests(): Promise<TokenRequests> {
    return (await this.requests.get()).tokenRequests;
  }

  /** See {@link TokenRequests.replaceRejected}. */
  async replaceRejected(id: string, token: string): Promise<void> {
    await (await this.tokenRequests()).replaceRejected(id, token);
  }

  /** Revokes a minted token. A closing window waits for it. Never fails. */
  async revoke(account: Account, token: string): Promise<void> {
    const logout = async () => (await this.tokenRequests()).apiOf(account).logout(token);
    await Promise.allSettled([this.revocations.track(logout())]);
  }

  /** See {@link Revocations.allDone}. */
  allRevoked(): Promise<void> {
    return this.revocations.allDone();
  }

  /** Announces that a login is in progress. */
  private async loggingIn(work: (logins: Logins) => Promise<Account>): Promise<Account> {
    this.loginsUnderWay++;
    this.book.announce();
    try {
      return await work((await this.requests.get()).logins);
    } finally {
      this.loginsUnderWay--;
      this.book.announce();
    }
  }

  private statusOf(live: LiveAccount): AccountStatus {
    const plan = this.renewals.plans.planOf(live, 'production');
    const { account, credential } = live.record;
    const isRenewing = this.renewals.isRenewing(account.id, 'production');
    return accountStatus(account, loginMethodOf(credential), plan, isRenewing);
  }
}
