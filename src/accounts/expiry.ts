import type { ServerClock } from '../looker/clock';
import type { Token } from '../looker/api/token';
import type { Session } from './session';

const RENEWAL_MARGIN_MS = 5 * 60_000;
const HAND_OUT_MS = 60_000;

/** How long tokens live, in ms, by the clocks of the servers that judge them. */
export class Expiry {
  /** @param serverClock the clock of an instance */
  constructor(private readonly serverClock: (baseUrl: string) => ServerClock) {}

  /** Negative once the token has expired. */
  timeLeft({ account, token }: Session): number {
    return token.expiresAt - this.serverClock(account.baseUrl).now(token.clockAhead);
  }

  /** Ms since the token was asked for. */
  age({ account, token }: Session): number {
    return this.serverClock(account.baseUrl).now(token.clockAhead) - token.issuedAt;
  }

  /** Whether the token may be handed out: it has a minute to live, or a third of a short life. */
  isGood(session: Session): boolean {
    return this.timeLeft(session) >= Math.min(HAND_OUT_MS, lifeOf(session.token) / 3);
  }

  /** Whether the token should be renewed, though it may still be good. */
  needsRenewal(session: Session): boolean {
    return this.untilRenewal(session) <= 0;
  }

  /**
   * How long until the token should be renewed ahead of its end, 5 minutes or a third of a short life; negative
   * once it should have been.
   * @param delay from 0 to 1: how much of most of that margin to let pass, so that several windows do not renew
   *   at once and the first one's token can be adopted by the others
   */
  untilRenewal(session: Session, delay = 0): number {
    const margin = Math.min(RENEWAL_MARGIN_MS, lifeOf(session.token) / 3);
    return this.timeLeft(session) - margin + delay * margin * 0.7;
  }
}

function lifeOf(token: Token): number {
  return token.expiresAt - token.issuedAt;
}
