import type { Token } from '../../looker/api/token';
import type { Workspace } from '../../looker/workspace';
import { canRenew as canRenewWith } from '../credentials/storedCredential';
import type { LiveAccount } from '../memory/liveAccount';
import { blockingFailures, untilRetry } from './retry';

/** When tokens are renewed: before they expire, only when a session is requested, or never automatically. */
export type RenewalMode = 'background' | 'onUse' | 'off';

/** What a plan depends on besides the accounts. */
export interface Moment {
  readonly mode: RenewalMode;
  /** Whether this window has the focus: it renews first, and the others adopt its token. */
  readonly isFocused: boolean;
  /** This machine's steady time, in ms. */
  readonly now: number;
  /** The instance's time, which decides when the token expires, in epoch ms. */
  readonly serverNow: number;
}

/** What to do about an account's token for one workspace, and when. All spans are in ms. */
export interface Plan {
  /** Until the token expires; negative afterwards, and 0 if the server has revoked it early. */
  readonly timeLeft: number;
  /** The token may be handed out: it is valid for at least a minute, or a third of a short lifetime. */
  readonly isUsable: boolean;
  /** The token has expired or is about to, and that is certain. */
  readonly isExpiring: boolean;
  /**
   * Until the token should be replaced before it expires; negative after that, and Infinity if there is no token yet.
   */
  readonly dueIn: number;
  /** There are credentials for the next token: the account's own, or its admin's. */
  readonly canRenew: boolean;
  /** The account is renewed before it expires, without a request. */
  readonly renewsItself: boolean;
  /** The account is renewed at the latest when a session is requested. */
  readonly renewsOnUse: boolean;
  /** Until this window renews the account automatically; negative after that, and undefined if it never does. */
  readonly renewIn: number | undefined;
  /** A request for a session gets the current token, and starts a renewal. */
  readonly renewsAhead: boolean;
  /** Why the last renewal failed, until one succeeds; for a sudo account possibly its admin's. */
  readonly failure: Error | undefined;
  /** The user has read, in any window, why Looker refuses to renew. */
  readonly isAcknowledged: boolean;
  /** Why a renewal on use is pointless for now: an earlier failure, or `off` if the user has turned renewal off. */
  readonly blockedBy: Error | 'off' | undefined;
}

/** A token is renewed this long before it expires, or a third of a short lifetime before. */
const RENEWAL_MARGIN_MS = 5 * 60_000;
/** A token that is handed out is valid for at least this long, or a third of a short lifetime. */
const HAND_OUT_MS = 60_000;
/** How much of the margin a window may let pass, so that the others can adopt the first window's token. */
const LONGEST_SHARE = 0.7;
/** After waking up with an expired token, windows wait up to this long, so that only one of them renews. */
const LONGEST_DELAY_MS = 30_000;
/** No token is renewed in the background any sooner after it was issued, however short its lifetime. */
const SHORTEST_USE_MS = 5000;

/**
 * Decides what to do about an account's token. It is a pure function.
 * @param admin the admin's account, for a sudo account with an admin who is logged in
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
  const failures = blockingFailures(live, admin, workspace);
  const jitter = isFocused ? 0 : state.jitter;

  const untilExpiry = token ? token.expiresAt - serverNow : 0;
  const timeLeft = isRejected ? 0 : untilExpiry;
  const isUsable = token !== undefined && !isRejected && hasEnoughLife(token, serverNow);
  const margin = token ? orThirdOf(RENEWAL_MARGIN_MS, token) : 0;
  const isNearEnd = token !== undefined && untilExpiry <= margin;
  const dueIn = token === undefined ? Infinity : isRejected ? -Infinity : untilExpiry - margin;
  const isSure = canRenew || state.timeCheck === 'done';
  const isExpiring = isRejected || (isNearEnd && isSure);

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
          // Counts from when it was seen to be due, since it may have become due while the machine slept.
          dueIn > 0 ? -Infinity : firstDueAt + jitter * LONGEST_DELAY_MS - now,
        )
      : undefined;
  const retriesNow = untilRetry(failures, 'background', now) <= 0;
  // In background mode, a request for a session doesn't renew any sooner than planned.
  const isTime = mode === 'background' ? (renewIn ?? 1) <= 0 : renewsOnUse && retriesNow;
  return {
    timeLeft,
    isUsable,
    isExpiring,
    dueIn,
    canRenew,
    renewsItself,
    renewsOnUse,
    renewIn,
    renewsAhead: isUsable && isNearEnd && isTime,
    failure: failures.error,
    isAcknowledged: failures.refusal?.isAcknowledged ?? false,
    blockedBy: onUse > 0 ? failures.error : mode === 'off' ? 'off' : undefined,
  };
}

/**
 * Whether a token that the server hasn't rejected is valid long enough to be handed out.
 * @param serverNow the instance's time, in epoch ms
 */
export function hasEnoughLife(token: Token, serverNow: number): boolean {
  return token.expiresAt - serverNow >= orThirdOf(HAND_OUT_MS, token);
}

/** The span, or a third of the token's lifetime if that is shorter. */
function orThirdOf(ms: number, { issuedAt, expiresAt }: Token): number {
  return Math.min(ms, (expiresAt - issuedAt) / 3);
}
