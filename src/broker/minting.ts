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
   * Logs in to Looker again, for a token with a session of its own. The broker has to revoke it. A login can't be
   * canceled, because Looker may already have issued the token: the broker waits for it, and then revokes it.
   * @returns undefined if there are no credentials to log in with, so that the account's own token must be shared
   * @throws LookerError, which is shown to the program
   */
  readonly mint: (workspace: Workspace) => Promise<Lease | undefined>;
  /** The account's own token, renewed if it is due. @throws as `mint` does */
  readonly shared: () => Promise<Lease>;
  /** Call it if Looker has rejected the account's own token (401). Resolves once there may be another. Never fails. */
  readonly rejected: (token: string) => Promise<void>;
  /** Revokes a minted token. Never fails. */
  readonly revoke: (token: string) => Promise<void>;
}
