import type { Account } from '../../accounts/account';
import { isSameInstance } from '../../looker/instance/host';
import type { SessionRequest } from './scopes';

/**
 * Whether an account has everything that was requested. The workspace doesn't matter, since any account can have
 * sessions for each.
 */
export function matches({ id, baseUrl, user, sudo }: Account, wanted: SessionRequest): boolean {
  return (
    (wanted.account === undefined || wanted.account.id === id) &&
    (wanted.baseUrl === undefined || isSameInstance(wanted.baseUrl, baseUrl)) &&
    (wanted.sudoUserId === undefined || (sudo !== undefined && wanted.sudoUserId === user.id))
  );
}

/**
 * Whether the prompt for a request may lead to this account. Without a user to act as, it leads to a user's own
 * account.
 */
export function matchesPrompt(account: Account, wanted: SessionRequest): boolean {
  const isSudo = account.sudo !== undefined;
  return isSudo === (wanted.sudoUserId !== undefined) && matches(account, wanted);
}
