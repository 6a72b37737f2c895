import * as v from 'valibot';
import type { ServerClock } from '../clock';
import { TokenValue } from './shapes';

/** A token as Looker issued it. Times are absolute, in epoch ms, by the server's clock. */
export interface Token {
  readonly value: string;
  readonly issuedAt: number;
  readonly expiresAt: number;
  /**
   * How far the server's clock was ahead of this machine's, in ms, for windows that haven't heard from the server yet.
   */
  readonly clockAhead: number;
}

/** Ten years. A longer lifetime is a mistake or an attack, and would overflow dates. */
const LONGEST_LIFE_S = 315_360_000;

/**
 * Body of `POST /login` and `POST /login/{user_id}`. Every field of the vendor's AccessToken is optional and read-only,
 * so a response without a usable token or lifetime is refused here. `expires_in` is in seconds.
 */
export const AccessTokenResponse = v.object({
  access_token: TokenValue,
  expires_in: v.pipe(
    v.number(),
    v.check((seconds) => seconds >= 1 && seconds <= LONGEST_LIFE_S),
  ),
});

/**
 * @param requestedAt when the request started, by this machine's steady time: the lifetime is then never overestimated
 */
export function toToken(
  response: v.InferOutput<typeof AccessTokenResponse>,
  clock: ServerClock,
  requestedAt: number,
): Token {
  const issuedAt = clock.at(requestedAt);
  return {
    value: response.access_token,
    issuedAt,
    expiresAt: issuedAt + Math.floor(response.expires_in * 1000),
    clockAhead: clock.ahead,
  };
}
