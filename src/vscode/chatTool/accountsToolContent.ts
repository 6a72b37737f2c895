import type { AccountStatus } from '../../accounts/accountStatus';
import { accountState } from '../account/accountState';

/** Everything that a language model gets about one account. */
export interface ToolAccount {
  readonly instance: string;
  readonly user: string;
  /** The admin who acts as the user, for a sudo account. */
  readonly sudoBy?: string;
  readonly isActive: boolean;
  /** Whole minutes until the token expires, never less than 0. */
  readonly minutesLeft: number;
  /** Whether nothing works until the user logs in again. */
  readonly needsLogin: boolean;
}

/**
 * The accounts for a language model. Each field is listed here, so that fields added to accounts later stay private.
 * Names come from servers, so they are JSON values and not part of sentences.
 */
export function accountsToolContent(
  accounts: readonly AccountStatus[],
  active: AccountStatus | undefined,
): string {
  const listed = accounts.map((status): ToolAccount => {
    const { id, baseUrl, user, sudo } = status.account;
    return {
      instance: baseUrl,
      user: user.name,
      ...(sudo && { sudoBy: sudo.admin.name }),
      isActive: id === active?.account.id,
      minutesLeft: Math.max(0, Math.floor(status.timeLeft / 60_000)),
      needsLogin: accountState(status).isBroken ?? false,
    };
  });
  return JSON.stringify({ accounts: listed });
}
