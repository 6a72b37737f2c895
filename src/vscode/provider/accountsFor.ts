// Which account an extension gets.
import type { Account } from '../../accounts/account';
import type { Accounts } from '../../accounts/accounts';
import { isSameInstance } from '../../looker/instance/host';
import type { Wanted } from './scopes';

/**
 * The accounts whose sessions are given to whoever asks so. `sudo` names a user, active or not; without it an instance
 * is its current account, and nothing at all the active one.
 * @param label of the account that is asked for, active or not
 */
export function accountsFor(
  accounts: Pick<Accounts, 'list' | 'active' | 'currentOn'>,
  wanted: Wanted,
  label?: string,
): readonly Account[] {
  const fitting = accounts.list.filter((account) => satisfies(account, wanted));
  if (label !== undefined) return fitting.filter((account) => account.label === label);
  if (wanted.sudoUserId !== undefined) return fitting;
  const { baseUrl } = wanted;
  const current = baseUrl === undefined ? accounts.active?.account : accounts.currentOn(baseUrl);
  return current ? [current] : [];
}

/** Whether every scope asked for holds for the account. In which workspace its session is does not matter to that. */
export function satisfies({ id, baseUrl, user, sudo }: Account, wanted: Wanted): boolean {
  return (
    (wanted.account === undefined || wanted.account.id === id) &&
    (wanted.baseUrl === undefined || isSameInstance(wanted.baseUrl, baseUrl)) &&
    (wanted.sudoUserId === undefined || (sudo !== undefined && wanted.sudoUserId === user.id))
  );
}

/**
 * Whether the prompt for what is wanted may bring that account. One that asks for no user to act as brings a user's own
 * account.
 */
export function isAnswer(account: Account, wanted: Wanted): boolean {
  const isSudo = account.sudo !== undefined;
  return isSudo === (wanted.sudoUserId !== undefined) && satisfies(account, wanted);
}
