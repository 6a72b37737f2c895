import type { Workspace } from '../looker/workspace';

/** A token of Looker's, to send requests with. */
export interface Lease {
  readonly token: string;
  /** Ms until Looker no longer takes it, by Looker's clock; negative afterward. */
  readonly timeLeft: () => number;
}

/** How a broker gets tokens of the one account that it stands for. */
export interface Minting {
  /**
   * Logs in to Looker anew: a token whose session nobody else uses, and which the broker revokes. It cannot be canceled,
   * since Looker may have issued the token by then: the broker waits, and revokes it.
   * @returns undefined where there is nothing to log in with, so that the account's own token has to be shared
   * @throws LookerError, which is what the program reads
   */
  readonly mint: (workspace: Workspace) => Promise<Lease | undefined>;
  /** The account's own token, renewed where that is due. @throws as `mint` does */
  readonly shared: () => Promise<Lease>;
  /** Looker has refused the account's own token (401). Resolves once another one can be had. Never fails. */
  readonly rejected: (token: string) => Promise<void>;
  /** Ends a minted token at Looker. Never fails. */
  readonly revoke: (token: string) => Promise<void>;
}
