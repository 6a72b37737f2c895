import type { Account } from '../../accounts/account';

/** What is already known when a login starts. */
export interface LoginPreset {
  /** The instance. If it is given, it isn't asked for. */
  readonly baseUrl?: string | undefined;
  /**
   * Accounts to log in again: their records can't be read, nothing works without a login, or an extension requests
   * them.
   */
  readonly again?: readonly Account[];
  /** Set to start with the choice of an instance, even if the active account must be logged in again. */
  readonly isAnother?: boolean;
  /** Set if another extension requests the login: aborted once it no longer waits. */
  readonly abandoned?: AbortSignal;
}
