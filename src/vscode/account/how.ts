import type { Account } from '../../accounts/account';
import type { Accounts } from '../../accounts/accounts';
import type { How } from '../../accounts/knownAccounts';

/** How the user last logged in to an instance, if known. */
export function howOn({ known }: Pick<Accounts, 'known'>, baseUrl: string): How | undefined {
  return known.find(({ account, how }) => account.baseUrl === baseUrl && how)?.how;
}

/** How the user last logged in to an account, if known. */
export function howOf({ known }: Pick<Accounts, 'known'>, { id }: Account): How | undefined {
  return known.find(({ account }) => account.id === id)?.how;
}
