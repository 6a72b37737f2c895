// Which accounts an extension gets.
import type { Account } from '../../accounts/account';
import type { Accounts } from '../../accounts/accounts';
import { matches } from './matches';
import type { SessionRequest } from './scopes';

/**
 * The accounts whose sessions an extension gets. `sudo` selects a user, active or not. Without it, an instance selects
 * its current account, and no scopes select the active one.
 * @param label label of a requested account, active or not
 */
export function accountsFor(
  accounts: Pick<Accounts, 'list' | 'active' | 'currentOn'>,
  wanted: SessionRequest,
  label?: string,
): readonly Account[] {
  const fitting = accounts.list.filter((account) => matches(account, wanted));
  if (label !== undefined) return fitting.filter((account) => account.label === label);
  if (wanted.sudoUserId !== undefined) return fitting;
  const { baseUrl } = wanted;
  const current = baseUrl === undefined ? accounts.active?.account : accounts.currentOn(baseUrl);
  return current ? [current] : [];
}
