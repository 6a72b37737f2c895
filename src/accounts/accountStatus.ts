import type { Account } from './account';
import type { Plan } from './renewal/renewalPlan';

/** An account as it stands, for showing: what is to be done about its token for `production`. */
export interface AccountStatus extends Pick<
  Plan,
  'timeLeft' | 'isDue' | 'canRenew' | 'renewsItself' | 'renewsOnUse' | 'failure' | 'isAcknowledged'
> {
  readonly account: Account;
  readonly isRenewing: boolean;
}

/** What of a plan is shown. @param isRenewing whether a renewal is under way in this window */
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
