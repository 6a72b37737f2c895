import { whoIs } from '../accounts/account';
import type { AccountStatus } from '../accounts/accounts';
import { needsLogin } from '../accounts/errors';
import { hostOf, TimeoutError, UnreachableError } from '../looker/errors';
import { shortSpan, spokenSpan } from './duration';

/** What the status bar item shows. */
export interface StatusBarContent {
  readonly text: string;
  /** The same for a screen reader. */
  readonly spoken: string;
  /** One line an account, plain text. */
  readonly tooltip: readonly string[];
  readonly background: 'none' | 'warning' | 'error';
  readonly click: 'login' | 'showAccounts';
}

/** What there is to show. */
export interface StatusBarState {
  readonly accounts: readonly AccountStatus[];
  readonly active: AccountStatus | undefined;
  readonly isLoggingIn: boolean;
}

/** Everything the status bar can say, decided in one place. */
export function statusBarContent(state: StatusBarState): StatusBarContent {
  const { active } = state;
  const tooltip = state.accounts.map(tooltipLine);
  const still = { tooltip, background: 'none' } as const;
  if (!active && state.isLoggingIn) {
    return {
      ...still,
      text: '$(sync~spin) Looker: logging in…',
      spoken: 'Looker: logging in',
      click: 'login',
    };
  }
  if (!active) {
    return {
      ...still,
      text: '$(key) Looker: log in',
      spoken: 'Looker: logged out. Log in.',
      tooltip: ['Not logged in to Looker. Click to log in.'],
      click: 'login',
    };
  }
  const { account } = active;
  const condition = conditionOf(active);
  return {
    tooltip,
    text: `$(${iconOf(state, condition)}) ${hostOf(account.baseUrl)} · ${whoIs(account)} · ${condition.short}`,
    spoken: `Looker: ${whoIs(account)} on ${hostOf(account.baseUrl)}, ${condition.spoken}`,
    background: condition.isBroken ? 'error' : account.sudo ? 'warning' : 'none',
    click: condition.isBroken && !account.sudo ? 'login' : 'showAccounts',
  };
}

/** How an account stands, in icon, letters and words. */
export interface Condition {
  readonly icon: string;
  readonly short: string;
  readonly spoken: string;
  /** Nothing works until the user logs in again. */
  readonly isBroken?: boolean;
}

/** The one place that judges how an account stands. */
export function conditionOf(status: AccountStatus): Condition {
  const left = status.timeLeft;
  const short = shortSpan(left);
  if (status.isRenewing) return { icon: 'sync~spin', short, spoken: 'renewing the token' };
  const isRefused = status.isLast || needsLogin(status.failure);
  if (left <= 0) {
    if (isRefused) {
      return { icon: 'error', short, spoken: 'token expired: log in again', isBroken: true };
    }
    return status.renewsOnUse
      ? { icon: 'circle-slash', short, spoken: 'token expired; it is renewed when it is used' }
      : { icon: 'circle-slash', short, spoken: 'token expired: renew it, or log in again' };
  }
  const spoken = `token good for ${spokenSpan(left)}`;
  if (needsLogin(status.failure)) {
    return { icon: 'warning', short, spoken: `${spoken}, then you must log in again` };
  }
  if (status.failure) {
    const isOffline =
      status.failure instanceof UnreachableError || status.failure instanceof TimeoutError;
    return isOffline
      ? { icon: 'debug-disconnect', short, spoken: `offline, ${spoken}` }
      : { icon: 'warning', short, spoken: `${spoken}, the last renewal failed` };
  }
  if (status.isDue && !status.renewsItself) {
    const then = status.isLast ? ', then you must log in again' : ', not being renewed';
    return { icon: 'watch', short, spoken: spoken + then };
  }
  return { icon: 'key', short, spoken };
}

/** A log-in under way spins beside the name of whoever is active meanwhile. */
function iconOf({ active, isLoggingIn }: StatusBarState, { icon }: Condition): string {
  if (isLoggingIn) return 'sync~spin';
  return active?.account.sudo && icon === 'key' ? 'eye' : icon;
}

function tooltipLine(status: AccountStatus): string {
  return `${status.account.label}: ${conditionOf(status).spoken}`;
}
