import type { Account } from '../../accounts/account';
import type { Accounts } from '../../accounts/accounts';
import type { How } from '../../accounts/knownAccounts';

/** How somebody logged in to an instance last, where that is known. */
export function howOn({ known }: Pick<Accounts, 'known'>, baseUrl: string): How | undefined {
  return known.find(({ account, how }) => account.baseUrl === baseUrl && how)?.how;
}

/** How an account was logged in last, where that is known. */
export function howOf({ known }: Pick<Accounts, 'known'>, { id }: Account): How | undefined {
  return known.find(({ account }) => account.id === id)?.how;
}
