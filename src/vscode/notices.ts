import * as l10n from '@vscode/l10n';
import { instanceOf, type Account } from '../accounts/account';
import type { AccountStatus } from '../accounts/accounts';
import {
  needsLogin,
  NobodyLoggedInError,
  RefusedBeforeError,
  NewerAccountError,
  UnreadableAccountError,
} from '../accounts/errors';
import {
  ChangedCertificateError,
  DisabledUserError,
  isSomebodyElse,
  ProxyError,
  SudoRefusedError,
  TimeoutError,
  UnknownUserError,
  UnreachableError,
  UntrustedCertificateError,
  LookerError,
} from '../looker/errors';
import type { LoginPreset } from './commands/login';
import { spokenSpan } from './duration';

/** The one thing to do next that a message offers. */
export type NextStep =
  | ({ readonly do: 'login' | 'loginAgain' } & LoginPreset)
  | {
      readonly do: 'openInstance' | 'checkConnection' | 'showCertificate';
      readonly baseUrl: string;
    }
  | { readonly do: 'stopActing'; readonly account: Account }
  | { readonly do: 'showLog' | 'update' };

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

/** What helps after an error. @param account whom it is about, where that is known */
export function nextStep(error: unknown, account?: Account): NextStep {
  if (error instanceof NobodyLoggedInError) return { do: 'login' };
  if (error instanceof UnreadableAccountError) return unreadableStep(error, account);
  const baseUrl = account?.baseUrl ?? (error instanceof LookerError ? error.baseUrl : undefined);
  if (needsLogin(error)) {
    const isSudoRefused =
      error instanceof SudoRefusedError ||
      error instanceof UnknownUserError ||
      error instanceof RefusedBeforeError;
    if (account?.sudo && isSudoRefused) return { do: 'stopActing', account };
    if (!(error instanceof UnknownUserError)) return { do: 'login', baseUrl };
  }
  if (error instanceof UntrustedCertificateError) {
    return { do: 'showCertificate', baseUrl: error.baseUrl };
  }
  // No one click trusts the new one, nor leads to where it came from.
  if (error instanceof ChangedCertificateError) return { do: 'showLog' };
  const isToBeMendedThere = isSomebodyElse(error) || error instanceof DisabledUserError;
  if (isToBeMendedThere && baseUrl !== undefined) return { do: 'openInstance', baseUrl };
  return isOfTheNetwork(error)
    ? { do: 'checkConnection', baseUrl: error.baseUrl }
    : { do: 'showLog' };
}

/** Whether it goes wrong somewhere between here and the instance. */
function isOfTheNetwork(error: unknown): error is LookerError {
  return (
    error instanceof UnreachableError ||
    error instanceof TimeoutError ||
    error instanceof ProxyError
  );
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
    step: unreadableStep(error, who),
  };
}

/** What helps with an account that cannot be read. @param who has had it, where that is known */
export function unreadableStep(error: UnreadableAccountError, who: Account | undefined): NextStep {
  return error instanceof NewerAccountError
    ? { do: 'update' }
    : { do: 'loginAgain', baseUrl: instanceOf(error.accountId), ...(who && { again: [who] }) };
}

function accountNotice(
  { account, failure, isLast, isDue, isFailureTold, timeLeft }: AccountStatus,
  all: readonly AccountStatus[],
): Notice | undefined {
  const { id, label, baseUrl, sudo } = account;
  if (isLast) {
    if (!isDue) return undefined;
    return {
      key: `${id} ends`,
      message:
        timeLeft > 0
          ? l10n.t(
              'The token of {0} expires in {1}, and its API key was not kept.',
              label,
              spokenSpan(timeLeft),
            )
          : l10n.t('The token of {0} has expired, and its API key was not kept.', label),
      step: { do: 'loginAgain', baseUrl },
    };
  }
  if (!failure || isFailureTold || !(needsLogin(failure) || isSomebodyElse(failure))) {
    return undefined;
  }
  // What an admin is refused is told of the admin, not of everybody they act as.
  const admin = all.find((other) => other.account.id === sudo?.adminAccountId);
  if (admin?.failure === failure) return undefined;
  const message = l10n.t('The token of {0} is not renewed. {1}', label, failure.message);
  const step = nextStep(failure, account);
  return { key: `${id} ${message}`, message, step, error: failure, account };
}

/** Where a record went cannot be known, only where that happens. Who is acted as is lost with their admin. */
function lostNotice(lost: readonly Account[]): Notice {
  const labels = lost
    .filter(({ sudo }) => !lost.some(({ id }) => id === sudo?.adminAccountId))
    .map(({ label }) => label);
  const isOne = labels.length === 1;
  const message = isOne
    ? l10n.t(
        'The log-in of {0} is missing from the secret storage of VS Code. This happens where the system has no keyring, or after a log-out in another profile.',
        labels.join(', '),
      )
    : l10n.t(
        'These log-ins are missing from the secret storage of VS Code: {0}. This happens where the system has no keyring, or after a log-out in another profile.',
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
