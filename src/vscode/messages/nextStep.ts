import type { Account } from '../../accounts/account';
import { ExpectedError, recoveryOf } from '../../looker/errors/expectedError';
import type { LoginPreset } from '../login/loginPreset';

/** The next step that a message offers. */
export type NextStep =
  | ({ readonly do: 'login' | 'loginAgain' } & LoginPreset)
  | {
      readonly do: 'openInstance' | 'checkConnection' | 'showCertificate' | 'reviewExceptions';
      readonly baseUrl: string;
    }
  | { readonly do: 'stopActing'; readonly account: Account }
  | { readonly do: 'showLog' }
  | { readonly do: 'showExtension' };

/** The step that helps after an error. @param account the account it is about, if known */
export function nextStep(error: unknown, account?: Account): NextStep {
  const baseUrl = error instanceof ExpectedError ? (error.baseUrl ?? account?.baseUrl) : undefined;
  const recovery = recoveryOf(error);
  switch (recovery) {
    case 'logIn':
      return loginStep(baseUrl, account);
    case 'logInAgain':
      return { do: 'loginAgain', baseUrl, ...(account && { again: [account] }) };
    case 'stopActing':
      return account?.sudo ? { do: 'stopActing', account } : loginStep(baseUrl, account);
    case 'chooseUser':
      return account?.sudo ? { do: 'stopActing', account } : { do: 'showLog' };
    case 'openInstance':
    case 'checkConnection':
    case 'showCertificate':
    case 'reviewExceptions':
      return baseUrl === undefined ? { do: 'showLog' } : { do: recovery, baseUrl };
    case 'showExtension':
      return { do: recovery };
    // Only the URL prompt can offer this.
    case 'useOtherUrl':
    case 'showLog':
      return { do: 'showLog' };
  }
}

/** A sudo account has no API key of its own, so its key isn't requested. */
function loginStep(baseUrl: string | undefined, account: Account | undefined): NextStep {
  return {
    do: 'login',
    ...(baseUrl !== undefined && { baseUrl }),
    ...(account && !account.sudo && { again: [account] }),
  };
}
