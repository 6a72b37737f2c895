import * as l10n from '@vscode/l10n';
import type { Account } from '../../accounts/account';
import type { AccountStatus } from '../../accounts/accountStatus';
import { isSameInstance } from '../../looker/instance/host';
import { moveToFront } from '../account/moveToFront';
import { accountChoice } from '../account/pickAccount';
import type { CommandContext } from '../context';
import type { LoginAsUserPreset } from './loginAsUserPreset';

/**
 * Users' own accounts, the active one's first, and accounts that are known not to be an admin's last. Looker decides
 * who is an admin.
 */
export function adminsOn(
  { accounts, nonAdmins }: CommandContext,
  { admin, baseUrl }: LoginAsUserPreset,
): readonly AccountStatus[] {
  const own = accounts
    .statuses()
    .filter(({ account }) => !account.sudo)
    .filter(({ account }) => admin === undefined || account.id === admin.id)
    .filter(({ account }) => baseUrl === undefined || isSameInstance(account.baseUrl, baseUrl));
  const active = accounts.active?.account;
  const isNonAdmin = ({ account }: AccountStatus) => nonAdmins.has(account.id);
  const ordered = moveToFront(own, active?.sudo?.adminAccountId ?? active?.id);
  return [...ordered.filter((status) => !isNonAdmin(status)), ...ordered.filter(isNonAdmin)];
}

/** An admin account as a line, which says if it is known not to be an admin's. */
export function adminChoice(status: AccountStatus, context: CommandContext) {
  const choice = accountChoice(context)(status);
  if (!context.nonAdmins.has(status.account.id)) return choice;
  return { ...choice, description: l10n.t('not an admin · {0}', choice.description ?? '') };
}

/**
 * Whether the status bar shows this account, or a user it acts as, and it may be an admin's. Then the user needn't
 * choose an account.
 */
export function isStart({ accounts, nonAdmins }: CommandContext, { id }: Account): boolean {
  const active = accounts.active?.account;
  return (active?.sudo?.adminAccountId ?? active?.id) === id && !nonAdmins.has(id);
}
