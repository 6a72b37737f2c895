import type { Account } from '../../accounts/account';

/** What whoever starts a login knows already. */
export interface LoginPreset {
  /** The instance, where it is settled and not to be asked for. */
  readonly baseUrl?: string | undefined;
  /** Accounts whose key is asked for again: it can't be read any more, nothing works without, or an extension wants them back. */
  readonly again?: readonly Account[];
  /** Begins with the choice of an instance, also where the active account must be logged in again. */
  readonly isAnother?: boolean;
  /** Set where another extension asks: aborted once it need not wait for an answer any more. */
  readonly abandoned?: AbortSignal;
}
