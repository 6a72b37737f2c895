import { isIntercepted } from '../../looker/errors/expectedError';
import { isRefusal, LookerError } from '../../looker/errors/lookerError';
import type { Workspace } from '../../looker/workspace';
import { needsLogin } from '../errors';
import type { Failure, LiveAccount, TokenState } from '../memory/liveAccount';
import type { Refusal } from '../store/accountRecord';

/** After a passing failure the next try waits this long, doubled with each failure up to the longest. */
const FIRST_PAUSE_MS = 60_000;
const LONGEST_PAUSE_MS = 10 * 60_000;

/** Whoever asks meanwhile gets the same failure at once: a loop of requests is none to Looker. */
const PAUSE_ON_USE_MS = 5000;

/** Whether somebody waits for the token, or it is renewed ahead of its end. */
export type Occasion = 'onUse' | 'background';

/** What stands in the way of a renewal. */
export interface Failures {
  /** Why the last one failed: the account's own failure, else its admin's. */
  readonly error: Error | undefined;
  /** What Looker has refused, the account's own first. */
  readonly refusal: Refusal | undefined;
  /** Those that have happened in this window, the account's own and its admin's. */
  readonly here: readonly Failure[];
}

/**
 * What stands in the way of renewing an account's token for a workspace. A sudo account is renewed with the token its
 * admin has for `production`.
 */
export function failuresOf(
  live: LiveAccount,
  admin: LiveAccount | undefined,
  workspace: Workspace,
): Failures {
  const own = live.tokens[workspace];
  const admins = admin?.tokens.production;
  return {
    error: errorOf(own) ?? errorOf(admins),
    refusal: live.record.tokens[workspace]?.refusal ?? admin?.record.tokens.production.refusal,
    here: [own.failure, admins?.failure].filter((failure) => failure !== undefined),
  };
}

/**
 * Ms until another try makes sense, negative once it does; Infinity where it never does by itself.
 * @param patience from 1: how much longer than needed to wait, so that not all windows try at once
 */
export function untilRetry(
  { error, here }: Failures,
  occasion: Occasion,
  now: number,
  patience = 1,
): number {
  if (!error) return -Infinity;
  if (needsLogin(error)) return Infinity;
  if (occasion === 'background' && isIntercepted(error)) return Infinity;
  // One through its admin is tried again no sooner than the admin's own.
  return (
    Math.max(...here.map((failure) => failure.at + patience * pauseAfter(failure, occasion))) - now
  );
}

/**
 * What failed, once a renewal has failed with an error. Where it is the admin's that failed, which has a failure of
 * its own, that counts in place of what was in the way of this one before. What has failed before is no new failure.
 */
export function failedWith(
  error: Error,
  own: TokenState,
  admins: TokenState | undefined,
  now: number,
): Failure | undefined {
  if (errorOf(own) === error) return own.failure;
  if (errorOf(admins) === error) return undefined;
  return { error, count: (own.failure?.count ?? 0) + 1, at: now };
}

/** What has been stored of a refusal counts where this window has not been refused itself. */
function errorOf(state: TokenState | undefined): Error | undefined {
  const error = state?.failure?.error;
  return state?.refused && !isRefusal(error) ? state.refused : error;
}

/** As long as another try is useless; else longer with each failure where nobody waits. */
function pauseAfter({ error, count }: Failure, occasion: Occasion): number {
  const asked = error instanceof LookerError ? (error.retryAfterMs ?? 0) : 0;
  const pause =
    occasion === 'onUse'
      ? PAUSE_ON_USE_MS
      : Math.min(FIRST_PAUSE_MS * 2 ** (count - 1), LONGEST_PAUSE_MS);
  return Math.max(pause, Math.min(asked, LONGEST_PAUSE_MS));
}
