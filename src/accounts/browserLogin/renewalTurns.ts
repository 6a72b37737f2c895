import { BrowserLoginEndedError } from '../../looker/oauth/errors';
import { KeyedMutex } from '../../base/keyedMutex';
import { UnsavedRenewalError } from './errors';
import type { Log } from '../../base/log';
import type { Owner, Turn, TurnLog } from './turn';

/** The stored part of a login with a token that is due for renewal. */
export interface Due {
  readonly refreshToken: string;
  /** Number of the turn that got the refresh token; 0 for the one from the login. */
  readonly turn: number;
}

/** One renewal of one login. */
export interface LoginRenewal<Result> {
  /**
   * Reads the stored login as this window sees it now.
   * @returns what is due, or the result if there is nothing left to do: another window has renewed the login or logged
   *   it out
   */
  readonly read: () => Promise<{ readonly due: Due } | { readonly result: Result }>;
  /** Sends the request to Looker. */
  readonly refresh: (refreshToken: string) => Promise<Refreshed<Result>>;
}

/** Looker's response to a refresh. */
export interface Refreshed<Result> {
  /** The refresh token to use from now on; it may be the same as before. */
  readonly refreshToken: string;
  /** Set if more requests are needed before there is a result: the window may disappear in between. */
  readonly preparation?: Preparation;
  /** Stores the refresh token and the result, with the number of the turn that got them. */
  readonly store: (turn: number) => Promise<Result>;
}

/** The steps before a result. They take another turn number. */
export interface Preparation {
  /** Stores only the refresh token, with the number of the turn that got it. */
  readonly save: (turn: number) => Promise<void>;
  /** Sends the remaining requests. */
  readonly finish: () => Promise<void>;
}

export interface RenewalTurnsOptions {
  readonly turns: TurnLog;
  readonly owner: Owner;
  /** Whether the process of a turn's owner is still running; undefined if that can't be determined. */
  readonly isAlive: (owner: Owner) => boolean | undefined;
  /** Ms since an arbitrary moment, by a clock that can't be set. It may stand still while the machine sleeps. */
  readonly uptime: () => number;
  readonly pause: (ms: number) => Promise<unknown>;
  /** Longest time one request may take, in ms. */
  readonly timeoutMs: () => number;
  readonly log: Log;
}

/** How often to check whether another window is done. */
const POLL_MS = 250;

/**
 * How long to wait for what another window has stored. VS Code resolves `store` before other windows see the value:
 * each window has its own copy, which is written after 100 ms, and is notified of changes later (`DEFAULT_FLUSH_DELAY`
 * in its `storage.ts`).
 */
const STORE_LAG_MS = 10_000;

/** Extra time besides the request: reading, writing, and a busy machine. */
const TURN_MARGIN_MS = 30_000;

/** The result of a {@link TurnLog} call that failed. */
const UNKNOWN = Symbol('unknown');

/**
 * Renews logins whose refresh token may only work once: one window at a time, and never with a refresh token that
 * another window has already used. Turns are numbered on disk, and the window that first writes a number owns that
 * turn. A window that disappears during its turn doesn't block others: they check whether its process is still running,
 * and don't rely on a clock that can be set.
 */
export class RenewalTurns {
  /** When the pending turn of a login was first seen. */
  private readonly seen = new Map<string, { readonly number: number; readonly at: number }>();
  /** By login: within a window, renewals run one after the other. */
  private readonly mutex = new KeyedMutex();
  private hasWarned = false;

  constructor(private readonly options: RenewalTurnsOptions) {}

  /**
   * Renews a login, after any window that is already renewing it. Call it only once at a time per window and login.
   * @throws UnsavedRenewalError if another window has the only working refresh token and couldn't store it; whatever
   *   `refresh` and its `store` throw
   */
  renewInTurn<Result>(login: string, renewal: LoginRenewal<Result>): Promise<Result> {
    return this.mutex.run(login, () => this.takeTurns(login, renewal));
  }

  /** Deletes the record of a login that has ended. Never fails. */
  async forget(login: string): Promise<void> {
    this.seen.delete(login);
    await this.orUnknown(() => this.options.turns.forget(login));
  }

  private async takeTurns<Result>(login: string, renewal: LoginRenewal<Result>): Promise<Result> {
    const { pause, uptime, owner } = this.options;
    let behind: { readonly renewedIn: number; readonly since: number } | undefined;
    for (;;) {
      const last = await this.orUnknown(() => this.options.turns.last(login));
      if (last !== UNKNOWN && last && !last.isOver && !this.isAbandoned(login, last)) {
        await pause(POLL_MS);
        continue;
      }
      // Read only now: the result of a turn is stored, or about to be, before the turn ends.
      const read = await renewal.read();
      if ('result' in read) return read.result;
      const { due } = read;
      if (last === UNKNOWN) return this.renewAlone(due, renewal);
      if (last && due.turn < last.renewedIn) {
        const { renewedIn } = last;
        if (behind?.renewedIn !== renewedIn) behind = { renewedIn, since: uptime() };
        if (uptime() - behind.since < STORE_LAG_MS) {
          await pause(POLL_MS);
          continue;
        }
        this.giveUpWaiting(due, last);
      }
      const turn: Turn = {
        // The same for all windows that have read the same.
        number: Math.max(last?.number ?? 0, last?.renewedIn ?? 0, due.turn) + 1,
        owner,
        isOver: false,
        renewedIn: Math.max(last?.renewedIn ?? 0, due.turn),
        rotatedIn: last?.rotatedIn ?? 0,
        ...(last?.rotatedBy && { rotatedBy: last.rotatedBy }),
      };
      const isMine = await this.begin(login, turn);
      if (isMine === UNKNOWN) return this.renewAlone(due, renewal);
      if (isMine) {
        const taken = await this.takeTurn(login, turn, due, renewal);
        if (taken) return taken.result;
      }
    }
  }

  private async begin(login: string, turn: Turn): Promise<boolean | typeof UNKNOWN> {
    const { turns, uptime } = this.options;
    const askedAt = uptime();
    const isMine = await this.orUnknown(() => turns.begin(login, turn));
    if (isMine !== true || uptime() - askedAt < TURN_MARGIN_MS / 2) return isMine;
    // The machine was so busy that another window may already treat this turn as abandoned.
    await this.orUnknown(() => turns.note(login, { ...turn, isOver: true }));
    return false;
  }

  /** @returns undefined if it took so long that another window has begun a turn: the result of that turn counts */
  private async takeTurn<Result>(
    login: string,
    turn: Turn,
    { refreshToken }: Due,
    { refresh }: LoginRenewal<Result>,
  ): Promise<{ readonly result: Result } | undefined> {
    const note = (results: Partial<Turn>) =>
      this.orUnknown(() => this.options.turns.note(login, { ...turn, isOver: true, ...results }));
    const refreshed = await refresh(refreshToken).catch(async (error: unknown) => {
      await note({});
      throw error;
    });
    const isRotated = refreshed.refreshToken !== refreshToken;
    const { number } = turn;
    const results = {
      renewedIn: number,
      ...(isRotated && { rotatedIn: number, rotatedBy: turn.owner }),
    };
    const { preparation, store } = refreshed;
    // Recorded before it is stored, so that no window takes the currently stored one for the latest.
    await note({ ...results, isOver: !preparation });
    if (!preparation) return { result: await store(number) };
    let renewedIn = number;
    try {
      await preparation.save(number);
      await preparation.finish();
      const last = await this.orUnknown(() => this.options.turns.last(login));
      const isLate = last !== UNKNOWN && last !== undefined && last.number > number;
      if (isLate) return undefined;
      const result = await store(number + 1);
      // Windows that see the saved refresh token, but not yet the result, wait for the result.
      renewedIn++;
      return { result };
    } finally {
      await note({ ...results, renewedIn });
    }
  }

  /**
   * Used if turns can't be recorded: before Looker's refusal counts, it checks for a while whether another window has
   * stored something.
   */
  private async renewAlone<Result>(due: Due, renewal: LoginRenewal<Result>): Promise<Result> {
    const renew = async ({ refreshToken, turn }: Due) => {
      const { preparation, store } = await renewal.refresh(refreshToken);
      // Nothing is stored first, since another window may store its result at the same time.
      await preparation?.finish();
      return store(turn + 1);
    };
    try {
      return await renew(due);
    } catch (error) {
      if (!(error instanceof BrowserLoginEndedError)) throw error;
      const { pause, uptime } = this.options;
      for (const since = uptime(); uptime() - since < STORE_LAG_MS; await pause(POLL_MS)) {
        const now = await renewal.read();
        if ('result' in now) return now.result;
        if (now.due.refreshToken !== due.refreshToken) return renew(now.due);
      }
      throw error;
    }
  }

  /** @throws UnsavedRenewalError if the stored refresh token must not be used */
  private giveUpWaiting(due: Due, { rotatedBy, rotatedIn }: Turn): void {
    if (due.turn >= rotatedIn) return;
    // Its window still has the working refresh token. Using the earlier one could end the login on the server.
    if (rotatedBy && this.options.isAlive(rotatedBy)) throw new UnsavedRenewalError();
    this.options.log.warn(
      'A window closed before it saved its refresh token. Trying the previous one.',
    );
  }

  private isAbandoned(login: string, { owner, number }: Turn): boolean {
    const { isAlive, uptime, timeoutMs } = this.options;
    // A turn of this window is over by now, even if that couldn't be recorded.
    if (owner?.run === this.options.owner.run) return true;
    if (owner && isAlive(owner) === false) return true;
    const seen = this.seen.get(login);
    if (seen?.number === number) return uptime() - seen.at > timeoutMs() + TURN_MARGIN_MS;
    this.seen.set(login, { number, at: uptime() });
    return false;
  }

  /** The result of a call to the {@link TurnLog}; {@link UNKNOWN} if it fails, which is logged once. */
  private async orUnknown<T>(work: () => Promise<T>): Promise<T | typeof UNKNOWN> {
    try {
      return await work();
    } catch (error) {
      if (!this.hasWarned) {
        this.options.log.warn(
          `Each window renews browser logins alone, because they can't take turns: ${String(error)}`,
        );
      }
      this.hasWarned = true;
      return UNKNOWN;
    }
  }
}
