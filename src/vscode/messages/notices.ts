import * as l10n from '@vscode/l10n';
import type { Account } from '../../accounts/account';
import type { AccountStatus } from '../../accounts/accountStatus';
import { needsLogin, type UnreadableAccountError } from '../../accounts/errors';
import { isIntercepted } from '../../looker/errors/expectedError';
import { formatDuration } from '../text/duration';
import { nextStep, type NextStep } from './nextStep';

/** Something to tell the user though they have not asked. */
export interface Notice {
  /** While there is a notice of the same key, it is not told again. */
  readonly key: string;
  readonly message: string;
  readonly step: NextStep;
  /** What it is about, where that is an error that may have been told already. */
  readonly error?: Error;
  /** Whose failure it is, to be noted as told for the other windows. */
  readonly account?: Account;
}

/** What there is to say of the accounts. */
export interface NoticeState {
  readonly accounts: readonly AccountStatus[];
  readonly unreadable: readonly UnreadableAccountError[];
  /** Accounts that should be logged in, but of which nothing is stored any more. */
  readonly lost: readonly Account[];
  /** Who has had an account of this id, as far as is remembered. */
  readonly whoWas: (accountId: string) => Account | undefined;
  readonly storeFailure: Error | undefined;
}

/** Everything that is told with nobody asking, decided in one place. */
export function noticesOf(state: NoticeState): readonly Notice[] {
  const { accounts, unreadable, storeFailure, lost, whoWas } = state;
  return [
    ...(storeFailure ? [storeNotice(storeFailure)] : []),
    ...unreadable.map((error) => unreadableNotice(error, whoWas(error.accountId))),
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
  { account, how, failure, canRenew, isDue, isAcknowledged, timeLeft }: AccountStatus,
  all: readonly AccountStatus[],
): Notice | undefined {
  const { id, label, baseUrl, sudo } = account;
  if (!canRenew) {
    if (!isDue) return undefined;
    return {
      key: `${id} ends`,
      message: unsavedMessage(label, how, timeLeft),
      step: { do: 'loginAgain', baseUrl },
    };
  }
  if (!failure || isAcknowledged || !(needsLogin(failure) || isIntercepted(failure))) {
    return undefined;
  }
  // What an admin is refused is told of the admin, not of everybody they act as.
  const admin = all.find((other) => other.account.id === sudo?.adminAccountId);
  if (admin?.failure === failure) return undefined;
  const message = l10n.t("Couldn't renew the token for {0}. {1}", label, failure.message);
  const step = nextStep(failure, account);
  return { key: `${id} ${message}`, message, step, error: failure, account };
}

/** @param timeLeft of the token, in ms */
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

/** Where a record went cannot be known, only where that happens: a logout leaves traces. Who is acted as is lost with their admin. */
function lostNotice(lost: readonly Account[]): Notice {
  const labels = lost
    .filter(({ sudo }) => !lost.some(({ id }) => id === sudo?.adminAccountId))
    .map(({ label }) => label);
  const isOne = labels.length === 1;
  const message = isOne
    ? l10n.t(
        "VS Code's secret storage no longer has the login of {0}. This can happen if the system has no keyring.",
        labels.join(', '),
      )
    : l10n.t(
        "VS Code's secret storage no longer has these logins: {0}. This can happen if the system has no keyring.",
        labels.join(', '),
      );
  const [baseUrl, another] = new Set(lost.map(({ baseUrl }) => baseUrl));
  const isOneInstance = another === undefined;
  return {
    key: 'lost',
    message,
    step: { do: 'loginAgain', baseUrl: isOneInstance ? baseUrl : undefined, again: lost },
  };
}
