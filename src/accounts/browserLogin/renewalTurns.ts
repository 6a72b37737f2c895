import { BrowserLoginEndedError } from '../../looker/oauth/errors';
import { UnsavedRenewalError } from './errors';
import type { Log } from '../log';
import type { Owner, Turn, TurnLog } from './turn';

/** What is stored of a login whose token is due. */
export interface Due {
  readonly refreshToken: string;
  /** Number of the turn that has brought it; 0 for what came with the login. */
  readonly turn: number;
}

/** One renewal of one login. */
export interface Renewal<Result> {
  /**
   * Reads what is stored now, as this window sees it.
   * @returns what is due; or the result, where nothing is to be done any more: another window has renewed it, or logged
   *   it out
   */
  readonly read: () => Promise<{ readonly due: Due } | { readonly result: Result }>;
  /** Asks Looker. */
  readonly refresh: (refreshToken: string) => Promise<Refreshed<Result>>;
}

/** What Looker has given. */
export interface Refreshed<Result> {
  /** The refresh token to use from now on, the same as before or another one. */
  readonly refreshToken: string;
  /** Stores it with the number of the turn that has brought it. */
  readonly store: (turn: number) => Promise<Result>;
}

export interface RenewalTurnsOptions {
  readonly turns: TurnLog;
  readonly owner: Owner;
  /** Whether the process of a turn's owner still runs; undefined where that cannot be known. */
  readonly isAlive: (owner: Owner) => boolean | undefined;
  /** Ms since some moment, by a clock that nobody sets. It may stand still while the machine sleeps. */
  readonly uptime: () => number;
  readonly pause: (ms: number) => Promise<unknown>;
  /** The longest that a request may take, in ms. */
  readonly timeoutMs: () => number;
  readonly log: Log;
}

/** How often to look whether another window is done. */
const POLL_MS = 250;

/**
 * How long to wait for what another window has stored. VS Code resolves `store` before other windows see it: each has a
 * copy of its own, which is written out after 100 ms, and told of changes later (`DEFAULT_FLUSH_DELAY` in its
 * `storage.ts`).
 */
const STORE_LAG_MS = 10_000;

/** Beside the request: reading, writing, and a machine that is busy. */
const TURN_MARGIN_MS = 30_000;

/** What {@link TurnLog} says where nothing can be noted. */
const UNKNOWN = Symbol('no turns here');

/**
 * Renews logins whose refresh token may be worth nothing once it is used: one window at a time, and none with a token
 * that another has used already. Turns are numbered on disk, and the next number belongs to whoever writes it first. A
 * window that has gone in the middle of its turn holds nobody up: its process is looked for, and no clock is asked that
 * somebody can set.
 */
export class RenewalTurns {
  /** When the turn of a login that is under way was first seen. */
  private readonly seen = new Map<string, { readonly number: number; readonly at: number }>();
  /** Logins that this window renews now. */
  private readonly underWay = new Set<string>();
  private hasWarned = false;

  constructor(private readonly options: RenewalTurnsOptions) {}

  /**
   * Renews a login, once another window that is at it is done. In one window, not twice at the same time.
   * @throws UnsavedRenewalError where another window has the only refresh token that works, and could not store it;
   *   whatever `refresh` and its `store` throw
   */
  async renew<Result>(login: string, renewal: Renewal<Result>): Promise<Result> {
    const { pause, uptime, owner } = this.options;
    let behindSince: number | undefined;
    for (;;) {
      const last = await this.note(() => this.options.turns.last(login));
      if (last !== UNKNOWN && last && !last.isOver && !this.isAbandoned(login, last)) {
        await pause(POLL_MS);
        continue;
      }
      // Only now: what a turn has brought is stored, or about to be, before it is over.
      const read = await renewal.read();
      if ('result' in read) return read.result;
      const { due } = read;
      if (last === UNKNOWN) return this.renewAlone(due, renewal);
      if (last && due.turn < last.renewedIn) {
        behindSince ??= uptime();
        if (uptime() - behindSince < STORE_LAG_MS) {
          await pause(POLL_MS);
          continue;
        }
        this.giveUpWaiting(due, last);
      }
      const turn: Turn = {
        number: Math.max(last?.number ?? 0, due.turn) + 1,
        owner,
        isOver: false,
        renewedIn: Math.max(last?.renewedIn ?? 0, due.turn),
        rotatedIn: last?.rotatedIn ?? 0,
      };
      const isMine = await this.begin(login, turn);
      if (isMine === UNKNOWN) return this.renewAlone(due, renewal);
      if (isMine) return this.take(login, turn, due, renewal);
    }
  }

  /** Deletes what is noted of a login that has ended. Never fails. */
  async forget(login: string): Promise<void> {
    this.seen.delete(login);
    await this.note(() => this.options.turns.forget(login));
  }

  private async begin(login: string, turn: Turn): Promise<boolean | typeof UNKNOWN> {
    const { turns, uptime } = this.options;
    const askedAt = uptime();
    const isMine = await this.note(() => turns.begin(login, turn));
    if (isMine !== true || uptime() - askedAt < TURN_MARGIN_MS / 2) return isMine;
    // The machine has been busy for so long that another window may take this one for gone.
    await this.note(() => turns.end(login, { ...turn, isOver: true }));
    return false;
  }

  private async take<Result>(
    login: string,
    turn: Turn,
    { refreshToken }: Due,
    { refresh }: Renewal<Result>,
  ): Promise<Result> {
    const end = (brought: Partial<Turn> = {}) =>
      this.note(() => this.options.turns.end(login, { ...turn, ...brought, isOver: true }));
    this.underWay.add(login);
    try {
      const refreshed = await refresh(refreshToken).catch(async (error: unknown) => {
        await end();
        throw error;
      });
      const isRotated = refreshed.refreshToken !== refreshToken;
      const { number } = turn;
      // Before it is stored: from now on nobody takes what is stored so far for the latest.
      await end({ renewedIn: number, ...(isRotated && { rotatedIn: number }) });
      return await refreshed.store(number);
    } finally {
      this.underWay.delete(login);
    }
  }

  /** Where nothing can be noted: what other windows store is looked at for a while before Looker's no counts. */
  private async renewAlone<Result>(
    { refreshToken, turn }: Due,
    { read, refresh }: Renewal<Result>,
  ): Promise<Result> {
    try {
      return await (await refresh(refreshToken)).store(turn + 1);
    } catch (error) {
      if (!(error instanceof BrowserLoginEndedError)) throw error;
      const { pause, uptime } = this.options;
      for (const since = uptime(); uptime() - since < STORE_LAG_MS; await pause(POLL_MS)) {
        const now = await read();
        if ('result' in now) return now.result;
        const { due } = now;
        if (due.refreshToken !== refreshToken) {
          return (await refresh(due.refreshToken)).store(due.turn + 1);
        }
      }
      throw error;
    }
  }

  /** @throws UnsavedRenewalError where the refresh token that is stored must not be used */
  private giveUpWaiting(due: Due, { owner, rotatedIn }: Turn): void {
    if (due.turn >= rotatedIn) return;
    // Its window still has the one that works. To use the earlier one could end the login at Looker.
    if (owner && this.options.isAlive(owner)) throw new UnsavedRenewalError();
    this.options.log.warn(
      'A window closed before it saved its refresh token. Trying the previous one.',
    );
  }

  private isAbandoned(login: string, { owner, number }: Turn): boolean {
    const { isAlive, uptime, timeoutMs } = this.options;
    if (owner?.run === this.options.owner.run) return !this.underWay.has(login);
    if (owner && isAlive(owner) === false) return true;
    const seen = this.seen.get(login);
    if (seen?.number === number) return uptime() - seen.at > timeoutMs() + TURN_MARGIN_MS;
    this.seen.set(login, { number, at: uptime() });
    return false;
  }

  /** @returns {@link UNKNOWN} where nothing can be noted */
  private async note<T>(work: () => Promise<T>): Promise<T | typeof UNKNOWN> {
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
