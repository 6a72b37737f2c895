import { randomUUID } from 'node:crypto';
import type { ApiVersion } from '../looker/apiVersion';
import { orCancelled } from '../looker/cancellation';
import {
  CancelledError,
  isSomebodyElse,
  RefusedError,
  SudoMismatchError,
  type SudoPair,
} from '../looker/errors';
import type { ApiKey, LookerApi } from '../looker/lookerApi';
import type { Token } from '../looker/token';
import type { LookerUser } from '../looker/user';
import { accountId, accountLabel, instanceOf, type Account, type Sudo } from './account';
import { AccountBook, type AccountsChange } from './accountBook';
import type { AccountRecord, AccountStore } from './accountStore';
import type { Disposable, Event } from './emitter';
import { LoggedOutError, type UnreadableAccountError } from './errors';
import { KnownAccounts, type KnownAccount, type KnownAccountsOptions } from './knownAccounts';
import { Renewals, type RenewalsOptions } from './renewals';
import { Revocations } from './revocations';
import type { Session } from './session';
import { Turns } from './turns';

export interface AccountsOptions extends RenewalsOptions, KnownAccountsOptions {
  readonly store: AccountStore;
}

/** Where to log in, and in which API version. */
export interface LoginTarget {
  readonly baseUrl: string;
  readonly apiVersion: ApiVersion;
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

/** A token that Looker could not be told to end; it lives on until it expires. */
export interface Unrevoked {
  readonly account: Account;
  /** Ms that it has yet to live. */
  readonly timeLeft: number;
  readonly error: unknown;
}

/** A token that was got to try an API key, and belongs to no account. */
export interface KeyTrial {
  readonly token: Token;
  /** Ends it at Looker. @returns whether Looker could be told */
  readonly end: () => Promise<boolean>;
}

/** Who is logged in: log-in, sudo, sessions and log-out, announced by one event. */
export class Accounts implements Disposable {
  /** Fires after a change is stored, by this window or another one, and when a status changes. */
  readonly onDidChange: Event<AccountsChange>;

  private readonly renewals: Renewals;
  private readonly knownAccounts: KnownAccounts;
  /** Ids of known accounts that had no record when this window was opened. */
  private readonly missing: ReadonlySet<string>;
  private readonly turns = new Turns();
  private readonly revocations = new Revocations();
  private logins = 0;

  private constructor(
    private readonly book: AccountBook,
    private readonly options: AccountsOptions,
  ) {
    this.renewals = new Renewals(book, options, this.revocations);
    this.knownAccounts = new KnownAccounts(options);
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

  /** Finds out what other windows have done, and stores what could not be stored before. Never fails. */
  catchUp(): Promise<void> {
    return this.book.catchUp();
  }

  /** Everybody who has been logged in, or is, the last used first. */
  get known(): readonly KnownAccount[] {
    return this.knownAccounts.all();
  }

  /** Whether accounts are logged in to an instance, or records of them are left. */
  isInUse(baseUrl: string): boolean {
    const ids = [
      ...this.book.all().map(({ account }) => account.id),
      ...this.book.unreadable.map(({ accountId }) => accountId),
    ];
    return ids.some((id) => instanceOf(id) === baseUrl);
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
    return this.logins > 0;
  }

  /** The account with the token it has, good or not. Asks nobody. */
  peek(id: string): Session | undefined {
    return this.book.get(id);
  }

  /** See {@link Renewals.timeLeft}. */
  timeLeft(session: Session): number {
    return this.renewals.timeLeft(session);
  }

  /** See {@link Renewals.session}. */
  session(id: string): Promise<Session> {
    const session = this.renewals.session(id);
    session.then(
      ({ account }) => {
        this.knownAccounts.noteUse(account);
      },
      () => undefined,
    );
    return session;
  }

  /** Asks Looker for a new token now. See {@link Renewals.renew}. Cancelling only stops waiting. */
  renew(id: string, signal?: AbortSignal): Promise<Session> {
    return orCancelled(this.renewals.renew(id, { byHand: true }), signal);
  }

  /**
   * Renews what is due, where accounts are renewed in the background.
   * @returns ms until the next one is due, to be renewed or to be said so; undefined where none is
   */
  renewDue(): number | undefined {
    const spans: number[] = [];
    for (const { account, token } of this.book.all()) {
      const untilDue = this.renewals.expiry.untilRenewal({ account, token });
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

  /**
   * Logs in with an API key, verifies whose it is, and only then keeps it. An account that is logged in
   * already gets the new key and token.
   * @param keepsKey false to keep the token only, until it expires
   * @throws LookerError; CancelledError. Nothing is kept then
   */
  login(
    target: LoginTarget,
    apiKey: ApiKey,
    signal?: AbortSignal,
    { keepsKey = true } = {},
  ): Promise<Account> {
    return this.loggingIn(async () => {
      const api = this.options.connect(target.baseUrl, target.apiVersion);
      const token = await api.login(apiKey, signal);
      return this.revocations.orRevoke(api, token, async () => {
        const user = await api.me(token.value, signal);
        return this.add(target, user, undefined, { token, ...(keepsKey && { apiKey }) }, signal);
      });
    });
  }

  /**
   * Acts as another user, with the rights of an admin's account, once Looker agrees who acts as whom. Renewals,
   * by the same admin for the same user, do not ask it again.
   * @param associative see {@link LookerApi.loginAs}
   * @throws LookerError; LoginNeededError for the admin; CancelledError. Nothing is kept then
   */
  loginAs(
    admin: Account,
    user: string,
    associative?: boolean,
    signal?: AbortSignal,
  ): Promise<Account> {
    return this.loggingIn(async () => {
      const api = this.apiOf(admin);
      const sudo: Sudo = {
        adminAccountId: admin.id,
        admin: admin.user,
        ...(associative !== undefined && { associative }),
      };
      // Looker takes 007 for 7.
      const userId = user.replace(/^0+(?=\d)/, '');
      const token = await this.renewals.sudoToken(userId, sudo, { signal });
      return this.revocations.orRevoke(api, token, async () => {
        const user = await api.me(token.value, signal);
        const asked: SudoPair = { userId, adminId: admin.user.id };
        const told: SudoPair = {
          userId: user.id,
          adminId: (await this.sudoUserId(api, token, signal)) ?? asked.adminId,
        };
        // Whom of the two Looker calls the actual user is all the same: it must be nobody else.
        const isAdmin = told.adminId === asked.adminId || told.adminId === asked.userId;
        if (told.userId !== asked.userId || !isAdmin) {
          throw new SudoMismatchError(admin.baseUrl, asked, told);
        }
        return this.add(admin, user, sudo, { token }, signal);
      });
    });
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

  /** One user, for an admin's account. @throws LookerError; LoginNeededError */
  user(admin: Account, userId: string, signal?: AbortSignal): Promise<LookerUser> {
    return this.renewals.withToken(admin.id, ({ token }) =>
      this.apiOf(admin).user(userId, token.value, signal),
    );
  }

  /** Users an admin's account may act as: see {@link LookerApi.searchUsers}. @throws LookerError; LoginNeededError */
  searchUsers(
    admin: Account,
    words: string,
    page?: number,
    signal?: AbortSignal,
  ): Promise<readonly LookerUser[]> {
    return this.renewals.withToken(admin.id, ({ token }) =>
      this.apiOf(admin).searchUsers(words, token.value, page, signal),
    );
  }

  /** Speaks to the account's instance. */
  apiOf(account: Account): LookerApi {
    return this.renewals.apiOf(account);
  }

  /**
   * Logs accounts out, with the sudo accounts under them. Locally first, so that nothing survives here
   * whatever happens next; then Looker is told, sudo tokens before their admin's.
   * @returns the tokens that could not be revoked
   */
  logout(ids: readonly string[], signal?: AbortSignal): Promise<readonly Unrevoked[]> {
    return this.revocations.note(this.logOut(ids, signal));
  }

  private async logOut(
    ids: readonly string[],
    signal: AbortSignal | undefined,
  ): Promise<readonly Unrevoked[]> {
    const shown = this.accountsOf(ids);
    // Another window may have started to act as somebody, and its event not come here.
    await this.book.catchUp();
    const leaving = [...shown, ...this.accountsOf(ids)];
    const sudoIds = new Set(leaving.filter(({ sudo }) => sudo).map(({ id }) => id));
    // Those, too, of whom nothing is left that can be read: nobody must miss them later.
    const ownIds = [...ids, ...leaving.map(({ id }) => id)].filter((id) => !sudoIds.has(id));
    // A window may be closed in the middle: no sudo account must stay behind without its admin.
    const sudo = await this.removeAll(sudoIds);
    const own = await this.removeAll(ownIds);
    // Whoever has begun to act as somebody meanwhile.
    sudo.push(...(await this.removeAll(this.accountsOf(ownIds).map(({ id }) => id))));
    await this.activateNext(leaving);
    return [...(await this.revokeAll(sudo, signal)), ...(await this.revokeAll(own, signal))];
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

  /** The accounts of these ids, with the sudo accounts under them. */
  private accountsOf(ids: readonly string[]): readonly Account[] {
    return this.book
      .all()
      .map(({ account }) => account)
      .filter(({ id, sudo }) => ids.includes(id) || (sudo && ids.includes(sudo.adminAccountId)));
  }

  private async removeAll(ids: Iterable<string>): Promise<AccountRecord[]> {
    const removed = await Promise.all([...new Set(ids)].map((id) => this.forget(id)));
    return removed.filter((record) => record !== undefined);
  }

  private async revokeAll(
    records: readonly AccountRecord[],
    signal: AbortSignal | undefined,
  ): Promise<readonly Unrevoked[]> {
    const unrevoked = await Promise.all(records.map((record) => this.revoke(record, signal)));
    return unrevoked.filter((unrevoked) => unrevoked !== undefined);
  }

  /** Keeps nothing but who it was. @returns what was stored last, by whichever window */
  private async forget(id: string): Promise<AccountRecord | undefined> {
    const account = this.book.get(id)?.account ?? this.whoWas(id);
    const last = await this.book.remove(id);
    if (account) this.knownAccounts.noteLogout(account);
    return last;
  }

  /** Ends the token of an account, and those it had before. */
  private async revoke(
    { account, token, replaced }: AccountRecord,
    signal: AbortSignal | undefined,
  ): Promise<Unrevoked | undefined> {
    const api = this.apiOf(account);
    // Those that seem to have expired as well: this machine's clock may have been set.
    const tokens = new Map([...replaced, token].map((each) => [each.value, each]));
    const failed: Unrevoked[] = [];
    await Promise.all(
      [...tokens.values()].map(async (each) => {
        try {
          await api.logout(each.value, signal);
        } catch (error) {
          const timeLeft = this.timeLeft({ account, token: each });
          failed.push({ account, timeLeft, error });
        }
      }),
    );
    const [longest] = failed.sort((a, b) => b.timeLeft - a.timeLeft);
    if (!longest) {
      this.options.log.info(`Logged out ${account.label}.`);
      return undefined;
    }
    const { error, timeLeft } = longest;
    this.options.log.warn(`Logged out ${account.label} here, but not at Looker: ${String(error)}`);
    return timeLeft > 0 ? longest : undefined;
  }

  /** Whoever stops acting as another user is themselves again. */
  private async activateNext(leaving: readonly Account[]): Promise<void> {
    const active = leaving.find(({ id }) => id === this.book.activeId);
    if (!active) return;
    const admin = this.book.get(active.sudo?.adminAccountId ?? '');
    await this.book.activate((admin ?? this.book.all()[0])?.account.id);
  }

  /** Who acts, says Looker; undefined where it, or whoever stands before it, lets nobody ask. */
  private async sudoUserId(
    api: LookerApi,
    { value }: Token,
    signal: AbortSignal | undefined,
  ): Promise<string | undefined> {
    try {
      const { sudoUserId } = await api.session(value, signal);
      if (sudoUserId === undefined) this.options.log.warn('Looker does not tell who acts as whom.');
      return sudoUserId;
    } catch (error) {
      if (!(error instanceof RefusedError) && !isSomebodyElse(error)) throw error;
      this.options.log.warn(`Looker does not tell who acts as whom: ${String(error)}`);
      return undefined;
    }
  }

  private async loggingIn<T>(work: () => Promise<T>): Promise<T> {
    this.logins++;
    this.book.announce();
    try {
      return await work();
    } finally {
      this.logins--;
      this.book.announce();
    }
  }

  /** The label the account had before, else one that no other account has or ever had. */
  private labelOf(id: string, names: Parameters<typeof accountLabel>[0]): string {
    const inUse = new Set(
      this.book
        .all()
        .filter(({ account }) => account.id !== id)
        .map(({ account }) => account.label),
    );
    const taken = {
      has: (label: string) => inUse.has(label) || this.knownAccounts.isTaken(label, id),
    };
    const before = this.whoWas(id)?.label;
    return before === undefined || taken.has(before) ? accountLabel(names, taken) : before;
  }

  /** One at a time, so that no two accounts take the same label. */
  private add(
    { baseUrl, apiVersion }: LoginTarget,
    { id: userId, name, email }: LookerUser,
    sudo: Sudo | undefined,
    kept: Pick<AccountRecord, 'token' | 'apiKey'>,
    signal: AbortSignal | undefined,
  ): Promise<Account> {
    return this.turns.take('add', async () => {
      if (signal?.aborted) throw new CancelledError();
      const id = accountId(baseUrl, userId, sudo?.admin.id);
      const user = { id: userId, name, ...(email && { email }) };
      const label =
        this.book.get(id)?.account.label ??
        this.labelOf(id, { baseUrl, user, ...(sudo && { admin: sudo.admin }) });
      const account = { id, label, baseUrl, apiVersion, user, ...(sudo && { sudo }) };
      if (sudo && !this.book.get(sudo.adminAccountId)) throw new LoggedOutError(sudo.admin.name);
      await this.book.put(id, (before) => {
        const replaced = before ? this.renewals.liveTokens(before) : [];
        return { account, login: randomUUID(), replaced, ...kept };
      });
      // The admin may have logged out at that moment, and not have known of this account.
      if (sudo && this.book.isGone(sudo.adminAccountId)) {
        await this.book.remove(id);
        throw new LoggedOutError(sudo.admin.name);
      }
      this.knownAccounts.noteLogin(account);
      await this.book.activate(id);
      this.options.log.info(`Logged in ${label}.`);
      return account;
    });
  }
}
