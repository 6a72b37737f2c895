import type { Account } from '../../accounts/account';
import { isSameInstance } from '../../looker/instance/host';
import type { Wanted } from './scopes';

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
