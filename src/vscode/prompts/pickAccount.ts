import { whoIs, type Account } from '../../accounts/account';
import type { AccountStatus } from '../../accounts/accounts';
import { NobodyLoggedInError } from '../../accounts/errors';
import { hostOf } from '../../looker/errors';
import { spokenSpan } from '../duration';
import { pick, type Choice } from './pick';
import { alone } from './steps';

/** Asks which account; where there is only one, that is the answer. @throws NobodyLoggedInError; CancelledError */
export async function pickAccount(
  title: string,
  placeholder: string,
  accounts: readonly AccountStatus[],
): Promise<Account> {
  const [first, second] = accounts;
  if (!first) throw new NobodyLoggedInError();
  if (!second) return first.account;
  return pick({ place: alone(title), placeholder, choices: accounts.map(accountChoice) });
}

/** An account as a line to choose. */
export function accountChoice(status: AccountStatus): Choice<Account> {
  const { account, timeLeft } = status;
  return {
    label: `$(${account.sudo ? 'eye' : 'account'}) ${whoIs(account)}`,
    description: hostOf(account.baseUrl),
    detail: [
      timeLeft > 0 ? `Token good for ${spokenSpan(timeLeft)}.` : 'Token expired.',
      status.failure && `Not renewed: ${status.failure.message}`,
    ]
      .filter(Boolean)
      .join(' '),
    answer: account,
  };
}
