import type { Workspace } from '../looker/workspace';

/** A Looker token to send requests with. */
export interface Lease {
  readonly token: string;
  /** Ms until the token expires, by Looker's clock; negative afterwards. */
  readonly timeLeft: () => number;
}

/** How a broker gets tokens for its account. */
export interface Minting {
  /**
   * Logs in to Looker again: the token has a session of its own, and the broker revokes it. This can't be canceled,
   * because Looker may have issued the token already: the broker waits and revokes it.
   * @returns undefined if there are no credentials to log in with, so that the account's own token must be shared
   * @throws LookerError, which is shown to the program
   */
  readonly mint: (workspace: Workspace) => Promise<Lease | undefined>;
  /** The account's own token, renewed if it is due. @throws as `mint` does */
  readonly shared: () => Promise<Lease>;
  /** Looker has rejected the account's own token (401). Resolves once there may be another one. Never fails. */
  readonly rejected: (token: string) => Promise<void>;
  /** Revokes a minted token. Never fails. */
  readonly revoke: (token: string) => Promise<void>;
}
