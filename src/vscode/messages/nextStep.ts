import { instanceOf, type Account } from '../../accounts/account';
import {
  needsLogin,
  NewerAccountError,
  NobodyLoggedInError,
  RefusedBeforeError,
  UnreadableAccountError,
} from '../../accounts/errors';
import {
  ChangedCertificateError,
  DisabledUserError,
  isSomebodyElse,
  isUnreachable,
  LookerError,
  ProxyError,
  SudoRefusedError,
  UnknownUserError,
  UntrustedCertificateError,
  WeakerProtectionError,
} from '../../looker/errors';
import type { LoginPreset } from '../login/loginPreset';

/** The one thing to do next that a message offers. */
export type NextStep =
  | ({ readonly do: 'login' | 'loginAgain' } & LoginPreset)
  | {
      readonly do: 'openInstance' | 'checkConnection' | 'showCertificate' | 'reviewExceptions';
      readonly baseUrl: string;
    }
  | { readonly do: 'stopActing'; readonly account: Account }
  | { readonly do: 'showLog' }
  | { readonly do: 'showExtension' };

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
    const again = account && !account.sudo ? { again: [account] } : {};
    if (!(error instanceof UnknownUserError)) return { do: 'login', baseUrl, ...again };
  }
  if (error instanceof UntrustedCertificateError) {
    return { do: 'showCertificate', baseUrl: error.baseUrl };
  }
  if (error instanceof WeakerProtectionError) {
    return { do: 'reviewExceptions', baseUrl: error.baseUrl };
  }
  // No one click trusts the new one, nor leads to where it came from.
  if (error instanceof ChangedCertificateError) return { do: 'showLog' };
  const isToBeMendedThere = isSomebodyElse(error) || error instanceof DisabledUserError;
  if (isToBeMendedThere && baseUrl !== undefined) return { do: 'openInstance', baseUrl };
  return isOfTheNetwork(error)
    ? { do: 'checkConnection', baseUrl: error.baseUrl }
    : { do: 'showLog' };
}

/** What helps with an account that cannot be read. @param who has had it, where that is known */
export function unreadableStep(error: UnreadableAccountError, who: Account | undefined): NextStep {
  return error instanceof NewerAccountError
    ? { do: 'showExtension' }
    : { do: 'loginAgain', baseUrl: instanceOf(error.accountId), ...(who && { again: [who] }) };
}

/** Whether it goes wrong somewhere between here and the instance. */
function isOfTheNetwork(error: unknown): error is LookerError {
  return isUnreachable(error) || error instanceof ProxyError;
}
