import type { Token } from '../looker/token';

/** All arithmetic on a token's life. Times are the server's, in epoch ms; spans are ms. */

const RENEWAL_MARGIN_MS = 5 * 60_000;
const HAND_OUT_MS = 60_000;

/** A token is renewed this long before it expires: 5 minutes, or a third of a short life. */
function renewalMargin(token: Token): number {
  return Math.min(RENEWAL_MARGIN_MS, life(token) / 3);
}

/** Whether the token should be renewed, though it may still be good. */
export function needsRenewal(token: Token, now: number): boolean {
  return now >= renewalTime(token);
}

/**
 * When to renew the token ahead of its end.
 * @param delay from 0 to 1: how much of the first half of the margin to let pass, so that several windows
 *   do not renew at once and the first one's token can be adopted by the others
 */
export function renewalTime(token: Token, delay = 0): number {
  const margin = renewalMargin(token);
  return token.expiresAt - margin + (delay * margin) / 2;
}

/** Whether the token may be handed out: it has a minute to live, or a third of a short life. */
export function isGood(token: Token, now: number): boolean {
  return timeLeft(token, now) >= Math.min(HAND_OUT_MS, life(token) / 3);
}

/** Negative once the token has expired. */
export function timeLeft(token: Token, now: number): number {
  return token.expiresAt - now;
}

function life(token: Token): number {
  return token.expiresAt - token.issuedAt;
}
