import type { ApiVersion } from '../looker/apiVersion';
import { elapsed, momentOf, type Clock, type Moment, type ServerClock } from '../looker/clock';
import { RateLimitedError, TokenRejectedError } from '../looker/errors';
import type { LookerApi } from '../looker/lookerApi';
import type { Token } from '../looker/token';
import type { Account, Sudo } from './account';
import type { AccountBook } from './accountBook';
import type { AccountRecord } from './accountStore';
import { ExpiredOnArrivalError, LoggedOutError, LoginNeededError, needsLogin } from './errors';
import { isGood, needsRenewal, renewalTime } from './expiry';
import type { Log } from './log';

/** Speaks to an instance in one API version, the way the user configured that instance. */
export type Connect = (baseUrl: string, apiVersion: ApiVersion) => LookerApi;

/** An account with a token of it. */
export interface Session {
  readonly account: Account;
  readonly token: Token;
}

/**
 * When tokens are renewed: ahead of their end, only when a session is asked for, or never by themselves.
 */
export type RenewalMode = 'background' | 'onUse' | 'off';

/** After a passing failure the next try waits this long, doubled with each failure up to the longest. */
const FIRST_PAUSE_MS = 60_000;
const LONGEST_PAUSE_MS = 10 * 60_000;

/** Whoever asks meanwhile is told of the same failure at once: a loop of requests is none to Looker. */
const PAUSE_ON_USE_MS = 10_000;

/** What renewals depend on. */
export interface RenewalsOptions {
  readonly connect: Connect;
  readonly renewal: () => RenewalMode;
  /** Whether this is the window the user is in: it renews first, and the others adopt its token. */
  readonly isFocused: () => boolean;
  readonly clock: Clock;
  /** The clock of an instance, which `connect` keeps right. */
  readonly serverClock: (baseUrl: string) => ServerClock;
  /** From 0 to 1. */
  readonly random: () => number;
  readonly log: Log;
}

interface Failure {
  /** The token it could not replace: a new one makes the failure history. */
  readonly token: string;
  readonly error: Error;
  /** How many in a row. */
  readonly count: number;
  readonly at: Moment;
}

/**
 * Keeps tokens good: API-key accounts by logging in again, sudo accounts through their admin's. However
 * many ask, an account has one renewal under way.
 */
export class Renewals {
  private readonly underWay = new Map<string, Promise<Session>>();
  private readonly failures = new Map<string, Failure>();
  /** Delay of each token's renewal in this window, from 0 to 1. */
  private readonly delays = new WeakMap<Token, number>();

  /** Tokens for whose end the server's time has been asked, or is being asked. */
  private readonly asking = new WeakMap<Token, Promise<void>>();
  private readonly asked = new WeakSet<Token>();

  constructor(
    private readonly book: AccountBook,
    private readonly options: RenewalsOptions,
  ) {}

  isUnderWay(id: string): boolean {
    return this.underWay.has(id);
  }

  /** Why the last renewal of the token the account still has went wrong; for sudo, its admin's too. */
  failureOf(id: string): Error | undefined {
    return this.lastFailure(id)?.error;
  }

  /** Ms until the account is to be renewed by itself, or since; undefined where it never is. */
  timeToRenewal(id: string): number | undefined {
    const record = this.book.get(id);
    if (!record || !this.renewsItself(id)) return undefined;
    const due = renewalTime(record.token, this.delayOf(record.token)) - this.timeFor(record);
    const failure = this.lastFailure(id);
    return failure ? Math.max(due, pauseAfter(failure) - this.since(failure)) : due;
  }

  /** Whether the token is so near its end that it should be replaced, and this is sure. */
  isDue(session: Session): boolean {
    const isSure = this.hasKey(session.account.id) || this.asked.has(session.token);
    return this.needsRenewal(session) && isSure;
  }

  /**
   * Asks the server's time once, before a token that cannot be replaced is said to end: the clock of this
   * machine may have been set. Never fails.
   */
  async askTheTime({ account, token }: Session): Promise<void> {
    const asking =
      this.asking.get(token) ??
      this.apiOf(account)
        .release()
        .then(noop, noop)
        .finally(() => {
          this.asked.add(token);
          this.book.announce();
        });
    this.asking.set(token, asking);
    await asking;
  }

  /** The time by which a session's token is judged: its server's, in epoch ms. */
  timeFor({ account, token }: Session): number {
    return this.options.serverClock(account.baseUrl).now(token.clockAhead);
  }

  /** Whether there is an API key to renew with: the account's own, or its admin's. */
  hasKey(id: string): boolean {
    const record = this.book.get(id);
    const adminId = record?.account.sudo?.adminAccountId;
    return adminId === undefined ? record?.apiKey !== undefined : this.hasKey(adminId);
  }

  /** Whether the account is renewed ahead of its end. */
  renewsItself(id: string): boolean {
    return this.options.renewal() === 'background' && this.canRenew(id);
  }

  /**
   * The account with a token good for use: the one it has, else a new one. While a token is still good
   * but near its end, it is handed out and renewed beside. Where Looker has refused to renew, it is not
   * asked again until the user logs in; where it could not be reached, not within seconds.
   * @throws LookerError where there is no good token and none to be had; LoginNeededError
   */
  async session(id: string): Promise<Session> {
    const record = this.book.get(id);
    if (!record) throw new LoggedOutError('This account');
    const mode = this.options.renewal();
    if (this.isGood(record)) {
      if (mode !== 'off' && this.canRenew(id) && this.needsRenewal(record)) {
        // Its failure is kept as the account's; whoever asks here has a good token.
        this.renew(id).catch(() => undefined);
      }
      return record;
    }
    const failure = this.lastFailure(id);
    if (failure && (needsLogin(failure.error) || this.since(failure) < pauseOnUse(failure))) {
      throw failure.error;
    }
    if (!this.hasKey(id)) {
      await this.askTheTime(record);
      if (this.isGood(record)) return record;
    }
    if (mode === 'off') throw new LoginNeededError(record.account, 'renewal is switched off');
    // A laptop may sleep in the middle of a renewal, longer than the new token lives.
    for (let tries = 2; tries > 0; tries--) {
      const renewed = await this.renew(id);
      if (this.isGood(renewed)) return renewed;
    }
    throw new ExpiredOnArrivalError(record.account);
  }

  /**
   * A new token for the account, unless another window has renewed it meanwhile. Whoever asks while a
   * renewal is under way gets that one.
   * @param force ask Looker even where the token stored is still good
   * @throws LookerError; LoginNeededError
   */
  renew(id: string, { force = false } = {}): Promise<Session> {
    const underWay = this.underWay.get(id);
    if (underWay) return underWay;
    const renewal = this.run(id, force).finally(() => {
      this.underWay.delete(id);
      this.book.announce();
    });
    this.underWay.set(id, renewal);
    this.book.announce();
    return renewal;
  }

  /** A token to act as another user. @throws LookerError; LoginNeededError, for the admin */
  sudoToken(
    userId: string,
    { adminAccountId, associative }: Sudo,
    signal?: AbortSignal,
  ): Promise<Token> {
    return this.withToken(adminAccountId, ({ account, token }) =>
      this.apiOf(account).loginAs(userId, token.value, associative, signal),
    );
  }

  /**
   * Does something with a good token of the account. One that was ended on the server before its time is
   * renewed, and it is tried once more.
   */
  async withToken<T>(id: string, work: (session: Session) => Promise<T>): Promise<T> {
    try {
      return await work(await this.session(id));
    } catch (error) {
      if (!(error instanceof TokenRejectedError)) throw error;
      return work(await this.renew(id, { force: true }));
    }
  }

  private async run(id: string, force: boolean): Promise<Session> {
    const before = this.book.get(id);
    const label = before?.account.label ?? 'This account';
    try {
      const stored = await this.book.reload(id);
      if (!stored) throw new LoggedOutError(label);
      if (!force && !this.needsRenewal(stored)) return stored;
      const token = await this.newToken(stored);
      const renewed = await this.book.renew(stored, token);
      // Who logs out, or in anew, in the middle of it wants nothing of this token.
      if (renewed?.token.value !== token.value) revoke(this.apiOf(stored.account), token);
      if (!renewed) throw new LoggedOutError(label);
      this.options.log.info(`Renewed the token of ${label}.`);
      return renewed;
    } catch (error) {
      this.options.log.warn(`Could not renew the token of ${label}: ${String(error)}`);
      if (before && error instanceof Error && !this.isAdmins(before.account, error)) {
        const count = (this.ownFailure(id)?.count ?? 0) + 1;
        const token = before.token.value;
        this.failures.set(id, { token, error, count, at: momentOf(this.options.clock) });
      }
      throw error;
    }
  }

  private isGood(session: Session): boolean {
    return isGood(session.token, this.timeFor(session));
  }

  private needsRenewal(session: Session): boolean {
    return needsRenewal(session.token, this.timeFor(session));
  }

  private since({ at }: Failure): number {
    return elapsed(this.options.clock, at);
  }

  private newToken({ account, apiKey }: AccountRecord): Promise<Token> {
    if (account.sudo) return this.sudoToken(account.user.id, account.sudo);
    if (apiKey) return this.apiOf(account).login(apiKey);
    throw new LoginNeededError(account, 'its API key was not kept');
  }

  /** Whether there is something to renew with, and Looker has not refused it. */
  private canRenew(id: string): boolean {
    return this.hasKey(id) && !needsLogin(this.failureOf(id));
  }

  /** Whether it is the admin's account that failed: once that has a new token, so can this one. */
  private isAdmins({ sudo }: Account, error: Error): boolean {
    return sudo !== undefined && this.ownFailure(sudo.adminAccountId)?.error === error;
  }

  private lastFailure(id: string): Failure | undefined {
    const adminId = this.book.get(id)?.account.sudo?.adminAccountId;
    return this.ownFailure(id) ?? (adminId ? this.ownFailure(adminId) : undefined);
  }

  private ownFailure(id: string): Failure | undefined {
    const failure = this.failures.get(id);
    return failure?.token === this.book.get(id)?.token.value ? failure : undefined;
  }

  private delayOf(token: Token): number {
    if (this.options.isFocused()) return 0;
    const delay = this.delays.get(token) ?? this.options.random();
    this.delays.set(token, delay);
    return delay;
  }

  private apiOf({ baseUrl, apiVersion }: Account): LookerApi {
    return this.options.connect(baseUrl, apiVersion);
  }
}

/** A token that nobody will keep must not stay alive; how ending it goes concerns nobody. */
export async function orRevoke<T>(
  api: LookerApi,
  token: Token,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    revoke(api, token);
    throw error;
  }
}

function revoke(api: LookerApi, token: Token): void {
  api.logout(token.value).catch(() => undefined);
}

function noop(): void {
  // Whatever comes of it.
}

/** After a passing failure, how long nobody's request makes another try; as long as Looker asks for. */
function pauseOnUse(failure: Failure): number {
  return failure.error instanceof RateLimitedError ? pauseAfter(failure) : PAUSE_ON_USE_MS;
}

/** As long as Looker asks to be left alone, else longer with each failure. */
function pauseAfter({ error, count }: Failure): number {
  const asked = error instanceof RateLimitedError ? (error.retryAfterMs ?? 0) : 0;
  const pause = Math.min(FIRST_PAUSE_MS * 2 ** (count - 1), LONGEST_PAUSE_MS);
  return Math.max(pause, Math.min(asked, LONGEST_PAUSE_MS));
}
