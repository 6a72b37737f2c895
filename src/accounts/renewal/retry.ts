import { isIntercepted } from '../../looker/errors/expectedError';
import { isRefusedByLooker, LookerError } from '../../looker/errors/lookerError';
import type { Workspace } from '../../looker/workspace';
import { needsLogin } from '../errors';
import type { Failure, LiveAccount, TokenState } from '../memory/liveAccount';
import type { RenewalRefusal } from '../store/accountRecord';

/** Pause after a temporary failure; it doubles with each failure up to the longest. */
const FIRST_PAUSE_MS = 60_000;
const LONGEST_PAUSE_MS = 10 * 60_000;

/** Requests during this time get the same failure at once, so that a loop of them doesn't become a loop to Looker. */
const PAUSE_ON_USE_MS = 5000;

/** Whether a caller waits for the token, or it is renewed before it expires. */
export type Occasion = 'onUse' | 'background';

/** The failures that block a renewal. */
export interface BlockingFailures {
  /** Why the last renewal failed: the account's own failure, else its admin's. */
  readonly error: Error | undefined;
  /** Looker's refusal, the account's own first. */
  readonly refusal: RenewalRefusal | undefined;
  /** Failures in this window, the account's own and its admin's. */
  readonly here: readonly Failure[];
}

/**
 * The failures that block the renewal of an account's token for a workspace. A sudo account is renewed with its admin's
 * `production` token.
 */
export function blockingFailures(
  live: LiveAccount,
  admin: LiveAccount | undefined,
  workspace: Workspace,
): BlockingFailures {
  const own = live.tokens[workspace];
  const admins = admin?.tokens.production;
  return {
    error: errorOf(own) ?? errorOf(admins),
    refusal: live.record.tokens[workspace]?.refusal ?? admin?.record.tokens.production.refusal,
    here: [own.failure, admins?.failure].filter((failure) => failure !== undefined),
  };
}

/**
 * Ms until another attempt is useful; negative after that; Infinity if only the user can help.
 * @param patience from 1: factor for the pause, so that not all windows try at once
 */
export function untilRetry(
  { error, here }: BlockingFailures,
  occasion: Occasion,
  now: number,
  patience = 1,
): number {
  if (!error) return -Infinity;
  if (needsLogin(error)) return Infinity;
  if (occasion === 'background' && isIntercepted(error)) return Infinity;
  // A sudo account isn't retried sooner than its admin's own account.
  return (
    Math.max(...here.map((failure) => failure.at + patience * pauseAfter(failure, occasion))) - now
  );
}

/**
 * The failure to record after a renewal failed with an error. An error of the admin's is recorded for the admin and
 * clears the account's own. An error that was recorded before isn't a new failure.
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

/** A stored refusal counts unless this window was refused itself. */
function errorOf(state: TokenState | undefined): Error | undefined {
  const error = state?.failure?.error;
  return state?.refused && !isRefusedByLooker(error) ? state.refused : error;
}

/** The pause that Looker asks for, if longer; in the background, the pause grows with each failure. */
function pauseAfter({ error, count }: Failure, occasion: Occasion): number {
  const asked = error instanceof LookerError ? (error.retryAfterMs ?? 0) : 0;
  const pause =
    occasion === 'onUse'
      ? PAUSE_ON_USE_MS
      : Math.min(FIRST_PAUSE_MS * 2 ** (count - 1), LONGEST_PAUSE_MS);
  return Math.max(pause, Math.min(asked, LONGEST_PAUSE_MS));
}
