import * as l10n from '@vscode/l10n';
import type { AccountStatus } from '../../accounts/accountStatus';
import { needsLogin } from '../../accounts/errors';
import { recoveryOf } from '../../looker/errors/expectedError';
import { isUnreachable } from '../../looker/errors/lookerError';
import { formatShortDuration, formatDuration } from '../text/duration';

/** The state of an account, as an icon and in words. */
export interface AccountState {
  /** `key` if nothing is wrong, or soon will be. */
  readonly icon: string;
  /** For the status bar: the time left, or what to do. */
  readonly short: string;
  /** A clause, such as `token valid for 52 minutes`. */
  readonly spoken: string;
  /** Set if nothing works until the user logs in again, or stops acting as a user. */
  readonly isBroken?: boolean;
}

/** Determines the state of an account, for all places that show it. */
export function accountState(status: AccountStatus): AccountState {
  const { timeLeft, failure } = status;
  const short = formatShortDuration(timeLeft);
  if (status.isRenewing) return { icon: 'sync~spin', short, spoken: l10n.t('renewing the token') };
  if (timeLeft <= 0) return expiredState(status);
  const left = formatDuration(timeLeft);
  if (needsLogin(failure)) {
    const spoken = isSudoRefused(status)
      ? l10n.t('token valid for {0}, then stop acting as this user', left)
      : l10n.t('token valid for {0}, then log in again', left);
    return { icon: 'warning', short, spoken };
  }
  if (failure) {
    return isUnreachable(failure)
      ? { icon: 'debug-disconnect', short, spoken: l10n.t('offline, token valid for {0}', left) }
      : {
          icon: 'warning',
          short,
          spoken: l10n.t('token valid for {0}, last renewal failed', left),
        };
  }
  if (status.isExpiring && !status.renewsItself) {
    const spoken = status.canRenew
      ? l10n.t('token valid for {0}, then renew it', left)
      : l10n.t('token valid for {0}, then log in again', left);
    return { icon: 'watch', short, spoken };
  }
  return { icon: 'key', short, spoken: l10n.t('token valid for {0}', left) };
}

function expiredState(status: AccountStatus): AccountState {
  const short = formatShortDuration(0);
  if (isSudoRefused(status)) {
    const spoken = l10n.t('token expired, stop acting as this user');
    return { icon: 'error', short, spoken, isBroken: true };
  }
  if (mustLogIn(status)) {
    const spoken = l10n.t('token expired, log in again');
    return { icon: 'error', short: l10n.t('log in again'), spoken, isBroken: true };
  }
  const spoken = status.renewsOnUse
    ? l10n.t('token expired, will renew when used')
    : l10n.t('token expired, renew it or log in again');
  return { icon: 'circle-slash', short, spoken };
}

/** Whether only a login gets a new token. The current token may still be valid. */
export function mustLogIn({ canRenew, failure }: AccountStatus): boolean {
  return !canRenew || needsLogin(failure);
}

/** Whether Looker no longer lets the admin act as this user. A login doesn't help. */
function isSudoRefused({ account: { sudo }, failure }: AccountStatus): boolean {
  return sudo !== undefined && ['stopActing', 'chooseUser'].includes(recoveryOf(failure));
}
