import * as l10n from '@vscode/l10n';
import type { ApiVersion } from '../looker/api/apiVersion';
import { orCancelled } from '../looker/cancellation';
import type { Clock, ServerClock } from '../looker/clock';
import { TokenRejectedError } from '../looker/errors/refusal';
import type { Api } from '../looker/api/lazyLookerApi';
import type { Token } from '../looker/api/token';
import type { Account, Sudo } from './account';
import type { AccountBook } from './accountBook';
import type { AccountRecord } from './accountStore';
import {
  ExpiredOnArrivalError,
  isLoggedOut,
  LoggedOutError,
  LoginNeededError,
  TokenAcceptedError,
} from './errors';
import { Expiry } from './expiry';
import { Failures } from './failures';
import type { Log } from './log';
import type { Revocations } from './revocations';
import type { Session } from './session';

/** Speaks to an instance in one API version, the way the user configured that instance. */
export type Connect = (baseUrl: string, apiVersion: ApiVersion) => Api;

/**
 * When tokens are renewed: ahead of their end, only when a session is asked for, or never by themselves.
 */
export type RenewalMode = 'background' | 'onUse' | 'off';

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
  /** Waits so many ms. */
  readonly pause: (ms: number) => Promise<unknown>;
  readonly log: Log;
}

/** Several windows that wake up with a token that has expired wait up to so long, and one of them renews. */
const LONGEST_DELAY_MS = { background: 30_000, onUse: 3000 };

/** No token is renewed ahead of its end sooner after it came, however short it lives. */
const SHORTEST_USE_MS = 5000;

/** No token that a renewal has brought is replaced by hand sooner: a command can be run in a loop. */
const SHORTEST_USE_BY_HAND_MS = 5000;

/** How long the server is not asked again whether it accepts a token. */
const VERDICT_STANDS_MS = 5000;

/** Why a token is asked for. */
interface Reason {
  /**
   * The user wants one now, whatever the token there is and whatever was before, unless that has just come. The token
   * it replaces is revoked.
   */
  readonly byHand?: boolean | undefined;
  /** Value of a token that the server no longer accepts. */
  readonly rejected?: string;
}

/** How long whoever asks waits. */
interface Wait {
  /** Only ends the wait of the one who gives it. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Keeps tokens good: API-key accounts by logging in again, sudo accounts through their admin's. However
 * many ask, an account has one renewal under way.
 */
export class Renewals {
  private readonly expiry: Expiry;
  readonly failures: Failures;

  private readonly underWay = new Map<string, Promise<Session>>();
  /** How much each token's renewal is delayed in this window, from 0 to 1. */
  private readonly delays = new WeakMap<Token, number>();
  /** When tokens were got here, and when they were first seen to need renewal. */
  private readonly cameAt = new WeakMap<Token, number>();
  private readonly noticedAt = new WeakMap<Token, number>();
  /** Tokens for whose end the server's time has been asked, or is being asked. */
  private readonly asking = new WeakMap<Token, Promise<void>>();
  private readonly asked = new WeakSet<Token>();
  /** Tokens that the server does not accept, whatever their time. */
  private readonly dead = new WeakSet<Token>();
  /** What the server has said of tokens that somebody reported, and when. */
  private readonly verdicts = new WeakMap<Token, { isAccepted: Promise<boolean>; at: number }>();

  constructor(
    private readonly book: AccountBook,
    private readonly options: RenewalsOptions,
    private readonly revocations: Revocations,
  ) {
    this.expiry = new Expiry(options.serverClock);
    this.failures = new Failures(book, options.clock);
    book.onDidLose(({ account, tokens }) => {
      // Those that seem to have expired as well: this machine's clock may have been set.
      for (const token of tokens) this.revocations.revoke(this.apiOf(account), token);
    });
  }

  isUnderWay(id: string): boolean {
    return this.underWay.has(id);
  }

  /**
   * Ms until the session's token expires, by the server's clock; negative once it has, and none where the server
   * has ended it before its time.
   */
  timeLeft(session: Session): number {
    return this.dead.has(session.token) ? 0 : this.expiry.timeLeft(session);
  }

  /**
   * See {@link Expiry.untilRenewal}; a token that the server has ended before its time should have been renewed long
   * ago.
   */
  untilDue(session: Session, delay = 0): number {
    return this.dead.has(session.token) ? -Infinity : this.expiry.untilRenewal(session, delay);
  }

  /** Whether the account is renewed ahead of its end. */
  renewsItself(id: string): boolean {
    return (
      this.options.renewal() === 'background' &&
      this.hasKey(id) &&
      this.failures.untilRetry(id, 'background') < Infinity
    );
  }

  /** Whether the account is renewed at the latest when somebody asks for a session. */
  renewsOnUse(id: string): boolean {
    return (
      this.options.renewal() !== 'off' &&
      this.hasKey(id) &&
      this.failures.untilRetry(id, 'onUse') < Infinity
    );
  }

  /** Ms until the account is to be renewed by itself, or since; undefined where it never is. */
  untilRenewal(id: string): number | undefined {
    const record = this.book.get(id);
    if (!record || !this.renewsItself(id)) return undefined;
    const delay = this.delayOf(record.token);
    return Math.max(
      this.untilDue(record, delay),
      this.failures.untilRetry(id, 'background', 1 + delay),
      SHORTEST_USE_MS - this.since(this.cameAt.get(record.token)),
      delay * LONGEST_DELAY_MS.background - this.since(this.notice(record)),
    );
  }

  /** Whether the token is so near its end, or past it, that it should be replaced, and this is sure. */
  isDue(session: Session): boolean {
    if (this.dead.has(session.token)) return true;
    const isSure = this.hasKey(session.account.id) || this.asked.has(session.token);
    return this.expiry.needsRenewal(session) && isSure;
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

  /** Whether there is an API key to renew with: the account's own, or its admin's. */
  hasKey(id: string): boolean {
    const record = this.book.get(id);
    const adminId = record?.account.sudo?.adminAccountId;
    return adminId === undefined ? record?.apiKey !== undefined : this.hasKey(adminId);
  }

  /**
   * The account with a token good for use: the one it has, else a new one. While a token is still good
   * but near its end, it is handed out and renewed beside. Where Looker has refused to renew, it is not
   * asked again until the user logs in; where it could not be reached, not within seconds.
   * @throws LookerError where there is no good token and none to be had; LoginNeededError; LoggedOutError;
   *   UnreadableAccountError
   */
  async session(id: string, reason: Reason = {}): Promise<Session> {
    const record = this.recordOf(id);
    if (this.isGood(record)) {
      if (this.shouldRenewBeside(record)) {
        // Its failure is kept as the account's; whoever asks here has a good token.
        this.renew(id).catch(noop);
      }
      return record;
    }
    if (!this.hasKey(id)) {
      if (!this.dead.has(record.token)) await this.askTheTime(record);
      if (this.isGood(record)) return record;
    }
    if (!reason.byHand) this.refuseInVain(record);
    // A laptop may sleep in the middle of a renewal, longer than the new token lives.
    for (let tries = 2; tries > 0; tries--) {
      const renewed = await this.renew(id, reason);
      if (this.isGood(renewed)) return renewed;
    }
    throw new ExpiredOnArrivalError(record.account);
  }

  /**
   * A new token for the account, unless another window has renewed it meanwhile. Whoever asks while a
   * renewal is under way gets that one.
   * @throws LookerError; LoginNeededError; LoggedOutError; UnreadableAccountError
   */
  renew(id: string, reason: Reason = {}): Promise<Session> {
    const underWay = this.underWay.get(id);
    if (underWay) return underWay;
    const renewal = this.run(id, reason).finally(() => {
      this.underWay.delete(id);
      this.book.announce();
    });
    this.underWay.set(id, renewal);
    this.book.announce();
    return renewal;
  }

  /** A token to act as another user. @throws LookerError; LoginNeededError, for the admin; CancelledError */
  sudoToken(
    userId: string,
    { adminAccountId, associative }: Sudo,
    reason: Reason & Wait = {},
  ): Promise<Token> {
    const work = ({ account, token }: Session) =>
      this.apiOf(account).loginAs(userId, token.value, associative, reason.signal);
    return this.withToken(adminAccountId, work, reason);
  }

  /**
   * Does something with a good token of the account. One that was ended on the server before its time is
   * replaced, and it is tried once more.
   * @throws CancelledError as soon as the signal is aborted, whatever is being waited for; a renewal goes on, since
   *   others may wait for it too
   */
  async withToken<T>(
    id: string,
    work: (session: Session) => Promise<T>,
    { signal, ...reason }: Reason & Wait = {},
  ): Promise<T> {
    const session = await orCancelled(this.session(id, reason), signal);
    try {
      return await work(session);
    } catch (error) {
      if (!(error instanceof TokenRejectedError)) throw error;
      this.bury(session.token);
      if (!reason.byHand) this.refuseInVain(session);
      const rejected = session.token.value;
      return await work(await orCancelled(this.renew(id, { ...reason, rejected }), signal));
    }
  }

  /**
   * Replaces a token that somebody says the server does not accept. The server is asked first, and not again
   * within seconds: nobody can make it hand out tokens by saying so.
   * @throws TokenAcceptedError; LoggedOutError; UnreadableAccountError; whatever keeps the server from being asked, or
   *   a renewal fails with
   */
  async replaceRejected(id: string, rejected: string): Promise<void> {
    const record = this.recordOf(id);
    const { account, token } = record;
    if (token.value !== rejected) return;
    if (this.expiry.timeLeft(record) > 0 && !this.dead.has(token)) {
      if (await this.isAccepted(record)) throw new TokenAcceptedError(account);
      this.bury(token);
    }
    this.refuseInVain(record);
    await this.renew(id, { rejected });
  }

  /** Tokens that an account has or had, and that have not expired. */
  liveTokens({ account, token, replaced }: AccountRecord): readonly Token[] {
    return [...replaced, token].filter((token) => this.expiry.timeLeft({ account, token }) > 0);
  }

  /** @throws LoggedOutError; UnreadableAccountError */
  private recordOf(id: string, label?: string): AccountRecord {
    const record = this.book.get(id);
    if (!record) throw this.whyGone(id, label);
    return record;
  }

  private whyGone(id: string, label: string | undefined): Error {
    return this.book.damageOf(id) ?? new LoggedOutError(label);
  }

  /** From now on this token is worth nothing, whatever its time. */
  private bury(token: Token): void {
    this.dead.add(token);
    this.book.announce();
  }

  private async run(id: string, { byHand, rejected }: Reason): Promise<Session> {
    const before = this.recordOf(id);
    const { label } = before.account;
    let tried = before;
    try {
      if (!byHand && !this.options.isFocused() && !this.isGood(before)) {
        await this.options.pause(LONGEST_DELAY_MS.onUse * this.options.random());
      }
      await this.book.reload(id);
      const stored = this.recordOf(id, label);
      tried = stored;
      const isDead = stored.token.value === rejected || this.dead.has(stored.token);
      const isUsable = !isDead && !this.expiry.needsRenewal(stored);
      if (isUsable && (!byHand || this.hasJustCome(stored))) return stored;
      // Another window may have been refused meanwhile.
      if (!byHand) this.refuseInVain(stored);
      const token = await this.newToken(stored, { byHand });
      const { refusal: _, ...login } = stored;
      const replaced = this.liveTokens(stored);
      const renewed = await this.book.renew(stored, { ...login, token, replaced });
      // Who logs out, or in anew, in the middle of it wants nothing of this token; nor who was faster elsewhere.
      if (renewed?.token.value !== token.value) {
        this.revocations.revoke(this.apiOf(stored.account), token);
      }
      if (!renewed) throw this.whyGone(id, label);
      // However often a user, or an extension, runs the command, one token is alive.
      if (byHand && !isDead && renewed.token.value === token.value) {
        this.revocations.revoke(this.apiOf(stored.account), stored.token);
      }
      this.cameAt.set(renewed.token, this.options.clock.steady());
      this.options.log.info(`Renewed the token of ${label}.`);
      return renewed;
    } catch (error) {
      this.options.log.warn(`Could not renew the token of ${label}: ${String(error)}`);
      if (error instanceof Error && !isLoggedOut(error)) await this.failures.note(tried, error);
      throw error;
    }
  }

  private async isAccepted({ account, token }: Session): Promise<boolean> {
    const known = this.verdicts.get(token);
    if (known && this.since(known.at) < VERDICT_STANDS_MS) return known.isAccepted;
    const isAccepted = this.apiOf(account)
      .me(token.value)
      .then(
        () => true,
        (error: unknown) => {
          if (error instanceof TokenRejectedError) return false;
          throw error;
        },
      );
    this.verdicts.set(token, { isAccepted, at: this.options.clock.steady() });
    return isAccepted;
  }

  private isGood(session: Session): boolean {
    return !this.dead.has(session.token) && this.expiry.isGood(session);
  }

  /** Whether it was renewed a moment ago, in whichever window. A new login may be renewed at once. */
  private hasJustCome({ account, token, replaced }: AccountRecord): boolean {
    const age = this.expiry.age({ account, token });
    return replaced.length > 0 && Math.abs(age) < SHORTEST_USE_BY_HAND_MS;
  }

  /** @throws why a renewal on use makes no sense, at least not now */
  private refuseInVain({ account }: Session): void {
    const failure = this.failures.of(account.id);
    if (failure && this.failures.untilRetry(account.id, 'onUse') > 0) throw failure;
    if (this.options.renewal() === 'off') {
      throw new LoginNeededError(account, l10n.t('renewal is switched off'));
    }
  }

  /** Where tokens are renewed in the background, whoever asks for one does not hasten it. */
  private shouldRenewBeside(record: AccountRecord): boolean {
    if (!this.expiry.needsRenewal(record)) return false;
    const { id } = record.account;
    if (this.options.renewal() === 'background') return (this.untilRenewal(id) ?? 1) <= 0;
    return this.renewsOnUse(id) && this.failures.untilRetry(id, 'background') <= 0;
  }

  private newToken({ account, apiKey }: AccountRecord, reason: Reason): Promise<Token> {
    if (account.sudo) return this.sudoToken(account.user.id, account.sudo, reason);
    if (apiKey) return this.apiOf(account).login(apiKey);
    throw new LoginNeededError(account, l10n.t('its API key was not kept'));
  }

  private delayOf(token: Token): number {
    if (this.options.isFocused()) return 0;
    // Most windows draw a long delay, so that the first one is done before the second begins.
    const delay = this.delays.get(token) ?? Math.cbrt(this.options.random());
    this.delays.set(token, delay);
    return delay;
  }

  /** When the token was first seen to need renewal; undefined where it does not. */
  private notice(session: Session): number | undefined {
    if (this.untilDue(session) > 0) return undefined;
    const noticedAt = this.noticedAt.get(session.token) ?? this.options.clock.steady();
    this.noticedAt.set(session.token, noticedAt);
    return noticedAt;
  }

  private since(moment = -Infinity): number {
    return this.options.clock.steady() - moment;
  }

  /** Speaks to the account's instance. */
  apiOf({ baseUrl, apiVersion }: Pick<Account, 'baseUrl' | 'apiVersion'>): Api {
    return this.options.connect(baseUrl, apiVersion);
  }
}

function noop(): void {
  // Whatever comes of it.
}
