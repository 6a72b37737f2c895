import type { Account } from './account';
import type { LoginMethod } from './knownAccounts';
import type { Plan } from './renewal/renewalPlan';

/** An account with the state of its `production` token, for display. */
export interface AccountStatus extends Pick<
  Plan,
  | 'timeLeft'
  | 'isExpiring'
  | 'canRenew'
  | 'renewsItself'
  | 'renewsOnUse'
  | 'failure'
  | 'isAcknowledged'
> {
  readonly account: Account;
  readonly isRenewing: boolean;
  /** How the user logged in; undefined for a sudo account. */
  readonly how: LoginMethod | undefined;
}

/** The displayed part of a plan. @param isRenewing whether this window is renewing the token */
export function accountStatus(
  account: Account,
  how: LoginMethod | undefined,
  plan: Plan,
  isRenewing: boolean,
): AccountStatus {
  const { timeLeft, isExpiring, canRenew, renewsItself, renewsOnUse, failure, isAcknowledged } =
    plan;
  return {
    account,
    how,
    timeLeft,
    isExpiring,
    canRenew,
    renewsItself,
    renewsOnUse,
    isRenewing,
    failure,
    isAcknowledged,
  };
}
