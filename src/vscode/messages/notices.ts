import * as l10n from '@vscode/l10n';
import type { Account } from '../../accounts/account';
import type { AccountStatus } from '../../accounts/accountStatus';
import { needsLogin, type UnreadableAccountError } from '../../accounts/errors';
import { isIntercepted } from '../../looker/errors/expectedError';
import { formatDuration } from '../text/duration';
import { listNames } from '../text/listNames';
import { nextStep, type NextStep } from './nextStep';

/** A message about something that has happened on its own. */
export interface Notice {
  /** A notice with the key of a current notice isn't shown again. */
  readonly key: string;
  readonly message: string;
  readonly step: NextStep;
  /** The error it is about, which may have been shown already. */
  readonly error?: Error;
  /** The account whose failure it is. The failure then counts as acknowledged in all windows. */
  readonly account?: Account;
}

/** The state that notices are about. */
export interface NoticeState {
  readonly accounts: readonly AccountStatus[];
  readonly unreadable: readonly UnreadableAccountError[];
  /** Accounts that should be logged in but are no longer stored. */
  readonly lost: readonly Account[];
  /** The account with this ID, if it is remembered. */
  readonly remembered: (accountId: string) => Account | undefined;
  readonly storeFailure: Error | undefined;
}

/** All current notices. */
export function noticesOf(state: NoticeState): readonly Notice[] {
  const { accounts, unreadable, storeFailure, lost, remembered } = state;
  return [
    ...(storeFailure ? [storeNotice(storeFailure)] : []),
    ...unreadable.map((error) => unreadableNotice(error, remembered(error.accountId))),
    ...(lost.length > 0 ? [lostNotice(lost)] : []),
    ...accounts.flatMap((status) => accountNotice(status, accounts) ?? []),
  ];
}

function storeNotice(error: Error): Notice {
  return { key: error.message, message: error.message, error, step: { do: 'showLog' } };
}

function unreadableNotice(error: UnreadableAccountError, who: Account | undefined): Notice {
  const { accountId, message } = error;
  return {
    key: `${accountId} unreadable`,
    message,
    error,
    step: nextStep(error, who),
  };
}

function accountNotice(
  { account, how, failure, canRenew, isExpiring, isAcknowledged, timeLeft }: AccountStatus,
  all: readonly AccountStatus[],
): Notice | undefined {
  const { id, label, baseUrl, sudo } = account;
  const admin = all.find((other) => other.account.id === sudo?.adminAccountId);
  if (!canRenew) {
    if (!isExpiring) return undefined;
    // A sudo account is renewed with its admin's login.
    return {
      key: `${id} ends`,
      message: unsavedMessage(label, admin?.how ?? how, timeLeft),
      step: { do: 'loginAgain', baseUrl, again: [admin?.account ?? account] },
    };
  }
  if (!failure || isAcknowledged || !(needsLogin(failure) || isIntercepted(failure))) {
    return undefined;
  }
  // An admin's failure is shown for the admin, not for each user they act as.
  if (admin?.failure === failure) return undefined;
  const message = l10n.t("Couldn't renew the token for {0}. {1}", label, failure.message);
  const step = nextStep(failure, account);
  return { key: `${id} ${message}`, message, step, error: failure, account };
}

/** @param timeLeft until the token expires, in ms */
function unsavedMessage(label: string, how: AccountStatus['how'], timeLeft: number): string {
  if (how === 'browser') {
    return timeLeft > 0
      ? l10n.t(
          "The token for {0} expires in {1}, and the login wasn't saved. Log in again.",
          label,
          formatDuration(timeLeft),
        )
      : l10n.t("The token for {0} has expired, and the login wasn't saved. Log in again.", label);
  }
  return timeLeft > 0
    ? l10n.t(
        "The token for {0} expires in {1}, and the API key wasn't saved. Log in again.",
        label,
        formatDuration(timeLeft),
      )
    : l10n.t("The token for {0} has expired, and the API key wasn't saved. Log in again.", label);
}

/**
 * Why a login is gone can't be known, only what can cause it: a logout would have left a trace. Users that a lost admin
 * acts as aren't listed.
 */
function lostNotice(lost: readonly Account[]): Notice {
  const labels = lost
    .filter(({ sudo }) => !lost.some(({ id }) => id === sudo?.adminAccountId))
    .map(({ label }) => label);
  const isOne = labels.length === 1;
  const message = isOne
    ? l10n.t(
        "VS Code's secret storage no longer has the login of {0}. This can happen if the system has no keyring.",
        listNames(labels),
      )
    : l10n.t(
        "VS Code's secret storage no longer has these logins: {0}. This can happen if the system has no keyring.",
        listNames(labels),
      );
  const [baseUrl, another] = new Set(lost.map(({ baseUrl }) => baseUrl));
  const isOneInstance = another === undefined;
  return {
    key: 'lost',
    message,
    step: { do: 'loginAgain', baseUrl: isOneInstance ? baseUrl : undefined, again: lost },
  };
}
