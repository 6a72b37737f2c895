import type { Account } from '../../accounts/account';

/** What is already known. */
export interface LoginAsUserPreset {
  /** The account to act with. */
  readonly admin?: Account | undefined;
  /** The instance it must be on. */
  readonly baseUrl?: string | undefined;
  readonly userId?: string | undefined;
  /** See {@link LoginPreset.abandoned}. */
  readonly abandoned?: AbortSignal;
}
