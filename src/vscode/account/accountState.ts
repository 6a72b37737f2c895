import * as l10n from '@vscode/l10n';
import type { AccountStatus } from '../../accounts/accountStatus';
import { needsLogin } from '../../accounts/errors';
import { isUnreachable } from '../../looker/errors/lookerError';
import { formatShortDuration, formatDuration } from '../text/duration';

/** How an account stands, in icon, letters and words. */
export interface AccountState {
  readonly icon: string;
  readonly short: string;
  readonly spoken: string;
  /** Nothing works until the user logs in again. */
  readonly isBroken?: boolean;
}

/** The one place that judges how an account stands. */
export function accountState(status: AccountStatus): AccountState {
  const left = status.timeLeft;
  const short = formatShortDuration(left);
  if (status.isRenewing) return { icon: 'sync~spin', short, spoken: l10n.t('renewing the token') };
  if (left <= 0) {
    if (mustLogIn(status)) {
      return {
        icon: 'error',
        short,
        spoken: l10n.t('token expired: log in again'),
        isBroken: true,
      };
    }
    return status.renewsOnUse
      ? {
          icon: 'circle-slash',
          short,
          spoken: l10n.t('token expired; it is renewed when it is used'),
        }
      : { icon: 'circle-slash', short, spoken: l10n.t('token expired: renew it, or log in again') };
  }
  const spoken = l10n.t('token good for {0}', formatDuration(left));
  if (needsLogin(status.failure)) {
    return { icon: 'warning', short, spoken: l10n.t('{0}, then you must log in again', spoken) };
  }
  if (status.failure) {
    return isUnreachable(status.failure)
      ? { icon: 'debug-disconnect', short, spoken: l10n.t('offline, {0}', spoken) }
      : { icon: 'warning', short, spoken: l10n.t('{0}, the last renewal failed', spoken) };
  }
  if (status.isDue && !status.renewsItself) {
    const then = !status.canRenew
      ? l10n.t('{0}, then you must log in again', spoken)
      : l10n.t('{0}, not being renewed', spoken);
    return { icon: 'watch', short, spoken: then };
  }
  return { icon: 'key', short, spoken };
}

/** Whether there is no new token without the user logging in, though the one there is may still be good. */
export function mustLogIn({ canRenew, failure }: AccountStatus): boolean {
  return !canRenew || needsLogin(failure);
}
