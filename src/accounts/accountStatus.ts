import type { Account } from './account';
import type { Plan } from './renewal/renewalPlan';

/** An account with the state of its `production` token, for display. */
export interface AccountStatus extends Pick<
  Plan,
  'timeLeft' | 'isDue' | 'canRenew' | 'renewsItself' | 'renewsOnUse' | 'failure' | 'isAcknowledged'
> {
  readonly account: Account;
  readonly isRenewing: boolean;
}

/** Picks the parts of a plan that are shown. @param isRenewing whether this window is renewing the token now */
export function accountStatus(account: Account, plan: Plan, isRenewing: boolean): AccountStatus {
  const { timeLeft, isDue, canRenew, renewsItself, renewsOnUse, failure, isAcknowledged } = plan;
  return {
    account,
    timeLeft,
    isDue,
    canRenew,
    renewsItself,
    renewsOnUse,
    isRenewing,
    failure,
    isAcknowledged,
  };
}
