import type { AccountStatus } from '../../accounts/accountStatus';
import { accountState } from '../account/accountState';

/** What a language model is told of one account, and all that it is told. */
export interface ToldAccount {
  readonly instance: string;
  readonly user: string;
  /** Who acts as the user, where somebody does. */
  readonly sudoBy?: string;
  readonly isActive: boolean;
  /** Whole minutes until the token expires, never less than 0. */
  readonly minutesLeft: number;
  /** Nothing works until the user logs in again. */
  readonly needsLogin: boolean;
}

/**
 * Who is logged in where and for how long, for a language model. Each field is named here: what accounts come
 * to hold besides stays untold. Names come from servers, so they go out as values of JSON, not as sentences.
 */
export function accountsToolContent(
  accounts: readonly AccountStatus[],
  active: AccountStatus | undefined,
): string {
  const told = accounts.map((status): ToldAccount => {
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
  return JSON.stringify({ accounts: told });
}
