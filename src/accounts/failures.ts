import type { Clock } from '../looker/clock';
import type { Token } from '../looker/api/token';
import { isIntercepted } from '../looker/errors/expectedError';
import { isRefusal } from '../looker/errors/lookerError';
import { RateLimitedError } from '../looker/errors/response';
import type { AccountBook } from './accountBook';
import type { AccountRecord, Refusal } from './accountStore';
import { needsLogin, RefusedBeforeError } from './errors';

/** After a passing failure the next try waits this long, doubled with each failure up to the longest. */
const FIRST_PAUSE_MS = 60_000;
const LONGEST_PAUSE_MS = 10 * 60_000;

/** Whoever asks meanwhile is told of the same failure at once: a loop of requests is none to Looker. */
const PAUSE_ON_USE_MS = 5000;

/** Whether somebody waits for the token, or it is renewed ahead of its end. */
export type Occasion = 'onUse' | 'background';

interface Failure {
  readonly error: Error;
  /** How many in a row. */
  readonly count: number;
  /** By this machine's steady time. */
  readonly at: number;
}

/**
 * Why renewals have failed, and when the next try makes sense. What Looker has refused, in whichever window,
 * is not tried again until the user does something.
 */
export class Failures {
  /** By the token that could not be replaced: a new one makes the failure history. */
  private readonly failures = new WeakMap<Token, Failure>();
  private readonly refusedBefore = new WeakMap<Refusal, Error>();

  constructor(
    private readonly book: AccountBook,
    private readonly clock: Clock,
  ) {}

  /** Why the last renewal of the token the account still has went wrong; for sudo, its admin's too. */
  of(id: string): Error | undefined {
    const record = this.book.get(id);
    const adminId = record?.account.sudo?.adminAccountId;
    return (
      this.errorOf(record) ??
      (adminId === undefined ? undefined : this.errorOf(this.book.get(adminId)))
    );
  }

  /**
   * Notes a failed renewal. Where it is the admin's that failed, which has a note of its own, that counts in place of
   * what was in the way of this one before. What has failed before is not noted again.
   */
  async note(record: AccountRecord, error: Error): Promise<void> {
    const { account, token, refusal } = record;
    if (this.of(account.id) === error) return;
    if (account.sudo && this.errorOf(this.book.get(account.sudo.adminAccountId)) === error) {
      this.failures.delete(token);
      return;
    }
    const count = (this.failures.get(token)?.count ?? 0) + 1;
    this.failures.set(token, { error, count, at: this.clock.steady() });
    if (isRefusal(error)) {
      const { message } = error;
      // The same again is no news.
      const isTold = refusal?.message === message && refusal.isTold;
      await this.book.refuse(record, { message, isTold });
    }
  }

  /** Whether the user has read why Looker refuses, in whichever window. */
  isTold(id: string): boolean {
    return this.refused(id)?.refusal?.isTold ?? false;
  }

  /** Notes that they have. */
  async markTold(id: string): Promise<void> {
    const record = this.refused(id);
    if (!record?.refusal || record.refusal.isTold) return;
    await this.book.refuse(record, { ...record.refusal, isTold: true });
  }

  /** Forgets what was in the way of an instance, or of all: the user has done something about it. */
  forgive(baseUrl?: string): void {
    for (const { account, token } of this.book.all()) {
      const isThere = baseUrl === undefined || account.baseUrl === baseUrl;
      if (isThere && !needsLogin(this.failures.get(token)?.error)) this.failures.delete(token);
    }
  }

  /**
   * Ms until another try makes sense, negative once it does; Infinity where it never does by itself.
   * @param patience from 1: how much longer than needed to wait, so that not all windows try at once
   */
  untilRetry(id: string, occasion: Occasion, patience = 1): number {
    const error = this.of(id);
    if (!error) return -Infinity;
    if (needsLogin(error)) return Infinity;
    if (occasion === 'background' && isIntercepted(error)) return Infinity;
    const record = this.book.get(id);
    const admin = this.book.get(record?.account.sudo?.adminAccountId ?? '');
    const noted = [record, admin].flatMap((failed) => this.noted(failed) ?? []);
    // One through its admin is tried again no sooner than the admin's own.
    const moments = noted.map((failure) => failure.at + patience * pauseAfter(failure, occasion));
    return Math.max(...moments) - this.clock.steady();
  }

  /** The account's own, not its admin's. */
  private errorOf(record: AccountRecord | undefined): Error | undefined {
    const refusal = record?.refusal;
    const error = this.noted(record)?.error;
    if (!refusal || isRefusal(error)) return error;
    const before = this.refusedBefore.get(refusal) ?? new RefusedBeforeError(refusal.message);
    this.refusedBefore.set(refusal, before);
    return before;
  }

  private noted(record: AccountRecord | undefined): Failure | undefined {
    return record && this.failures.get(record.token);
  }

  /** The record that has the refusal, the account's or its admin's. */
  private refused(id: string): AccountRecord | undefined {
    const record = this.book.get(id);
    const adminId = record?.account.sudo?.adminAccountId;
    return record?.refusal || adminId === undefined ? record : this.book.get(adminId);
  }
}

/** As long as Looker asks to be left alone; else longer with each failure where nobody waits. */
function pauseAfter({ error, count }: Failure, occasion: Occasion): number {
  const asked = error instanceof RateLimitedError ? (error.retryAfterMs ?? 0) : 0;
  const pause =
    occasion === 'onUse'
      ? PAUSE_ON_USE_MS
      : Math.min(FIRST_PAUSE_MS * 2 ** (count - 1), LONGEST_PAUSE_MS);
  return Math.max(pause, Math.min(asked, LONGEST_PAUSE_MS));
}
