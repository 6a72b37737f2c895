import type { Token } from '../../looker/api/token';
import type { Workspace } from '../../looker/workspace';
import { canRenew as canRenewWith } from '../credentials/storedCredential';
import type { LiveAccount } from '../memory/liveAccount';
import { failuresOf, untilRetry } from './retry';

/**
 * When tokens are renewed: ahead of their end, only when a session is asked for, or never by themselves.
 */
export type RenewalMode = 'background' | 'onUse' | 'off';

/** What a plan depends on besides the accounts. */
export interface Moment {
  readonly mode: RenewalMode;
  /** Whether this is the window the user is in: it renews first, and the others adopt its token. */
  readonly isFocused: boolean;
  /** This machine's steady time, in ms. */
  readonly now: number;
  /** The time of the instance, which judges the token, in epoch ms. */
  readonly serverNow: number;
}

/** What is to be done about an account's token for one workspace, and when. All spans are in ms. */
export interface Plan {
  /** Until the token expires; negative once it has, and 0 where the server has ended it before its time. */
  readonly timeLeft: number;
  /** The token may be handed out: it has a minute to live, or a third of a short life. */
  readonly isUsable: boolean;
  /** The token is so near its end, or past it, that it should be replaced, and this is sure. */
  readonly isDue: boolean;
  /** Until the token should be replaced ahead of its end; negative once it should have been, and Infinity where there is none yet. */
  readonly dueIn: number;
  /** There is something to get the next token with: the account's own credential, or its admin's. */
  readonly canRenew: boolean;
  /** The account is renewed ahead of its end, without anybody asking. */
  readonly renewsItself: boolean;
  /** The account is renewed when a session is asked for, at the latest. */
  readonly renewsOnUse: boolean;
  /** Until this window renews the account by itself; negative once it should have, and undefined where it never does. */
  readonly renewIn: number | undefined;
  /** Whoever asks for a session now gets the token there is, and it is renewed beside. */
  readonly renewsBeside: boolean;
  /** Why the last renewal failed, until one succeeds; for a sudo account that may be its admin's. */
  readonly failure: Error | undefined;
  /** The user has read why Looker refuses to renew, in whichever window. */
  readonly isAcknowledged: boolean;
  /** Why a renewal on use makes no sense, at least not now: what failed before, or that the user has switched it off. */
  readonly blockedBy: Error | 'off' | undefined;
}

/** A token is renewed so long ahead of its end, or a third of a short life. */
const RENEWAL_MARGIN_MS = 5 * 60_000;
/** A token that is handed out lives so long at least, or a third of a short life. */
const HAND_OUT_MS = 60_000;
/** How much of the margin a window may let pass, so that the first window's token can be adopted by the others. */
const LONGEST_SHARE = 0.7;
/** Several windows that wake up with a token that has expired wait up to so long, and one of them renews. */
const LONGEST_DELAY_MS = 30_000;
/** No token is renewed ahead of its end sooner after it came, however short it lives. */
const SHORTEST_USE_MS = 5000;

/**
 * Decides what is to be done about an account's token. The same values give the same plan.
 * @param admin the admin's account, for a sudo account whose admin is logged in
 */
export function plan(
  live: LiveAccount,
  admin: LiveAccount | undefined,
  workspace: Workspace,
  { mode, isFocused, now, serverNow }: Moment,
): Plan {
  const token = live.record.tokens[workspace]?.token;
  const state = live.tokens[workspace];
  const { isRejected, firstDueAt = now, receivedAt = -Infinity } = state;
  const canRenew = canRenewWith(live.record.credential, admin?.record.credential);
  const failures = failuresOf(live, admin, workspace);
  const jitter = isFocused ? 0 : state.jitter;

  const untilExpiry = token ? token.expiresAt - serverNow : 0;
  const timeLeft = isRejected ? 0 : untilExpiry;
  const isUsable = token !== undefined && !isRejected && hasEnoughLife(token, serverNow);
  const margin = token ? orThirdOf(RENEWAL_MARGIN_MS, token) : 0;
  const isNearEnd = token !== undefined && untilExpiry <= margin;
  const dueIn = token === undefined ? Infinity : isRejected ? -Infinity : untilExpiry - margin;
  const isSure = canRenew || state.timeCheck === 'done';
  const isDue = isRejected || (isNearEnd && isSure);

  const inBackground = untilRetry(failures, 'background', now, 1 + jitter);
  const onUse = untilRetry(failures, 'onUse', now);
  const renewsItself = mode === 'background' && canRenew && inBackground < Infinity;
  const renewsOnUse = mode !== 'off' && canRenew && onUse < Infinity;
  const renewIn =
    renewsItself && token
      ? Math.max(
          dueIn + jitter * margin * LONGEST_SHARE,
          inBackground,
          receivedAt + SHORTEST_USE_MS - now,
          // Counted from when it was seen to be due: that may have happened while the machine slept.
          dueIn > 0 ? -Infinity : firstDueAt + jitter * LONGEST_DELAY_MS - now,
        )
      : undefined;
  const retriesNow = untilRetry(failures, 'background', now) <= 0;
  // Where tokens are renewed in the background, nobody hastens that by asking for one.
  const isTime = mode === 'background' ? (renewIn ?? 1) <= 0 : renewsOnUse && retriesNow;
  return {
    timeLeft,
    isUsable,
    isDue,
    dueIn,
    canRenew,
    renewsItself,
    renewsOnUse,
    renewIn,
    renewsBeside: isUsable && isNearEnd && isTime,
    failure: failures.error,
    isAcknowledged: failures.refusal?.isAcknowledged ?? false,
    blockedBy: onUse > 0 ? failures.error : mode === 'off' ? 'off' : undefined,
  };
}

/**
 * Whether a token that the server has not rejected has enough life left to be handed out.
 * @param serverNow the time of the instance, in epoch ms
 */
export function hasEnoughLife(token: Token, serverNow: number): boolean {
  return token.expiresAt - serverNow >= orThirdOf(HAND_OUT_MS, token);
}

/** The span, or a third of the token's life where that is shorter. */
function orThirdOf(ms: number, { issuedAt, expiresAt }: Token): number {
  return Math.min(ms, (expiresAt - issuedAt) / 3);
}
