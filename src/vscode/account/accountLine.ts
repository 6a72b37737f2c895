// An account as a line in a list. All lists of accounts use it.
import * as l10n from '@vscode/l10n';
import { displayName, type Account } from '../../accounts/account';
import type { AccountStatus } from '../../accounts/accountStatus';
import { hostOf } from '../../looker/instance/host';
import { isolated } from '../../looker/inert';
import { accountState } from './accountState';

/** The other accounts, and the names of their instances. */
export interface Surroundings {
  readonly accounts: readonly AccountStatus[];
  readonly active: AccountStatus | undefined;
  /** The name of an instance, as the user sees it. */
  readonly nameOf: (baseUrl: string) => string;
}

/** An account as a line. */
export interface AccountLine {
  readonly icon: string;
  readonly label: string;
  /** Includes everything that the icon shows, for screen readers. */
  readonly description: string;
}

/**
 * The user, whether the account is active, its state unless all is well, and the instance. The instance comes last,
 * since a narrow window cuts off the end.
 */
export function accountLine(status: AccountStatus, among: Surroundings): AccountLine {
  const { account } = status;
  const { icon, spoken } = accountState(status);
  const isFine = icon === 'key';
  const isActive = account.id === among.active?.account.id;
  return {
    icon: isFine ? kindOf(account, isActive) : icon,
    label: distinctName(account, among.accounts),
    description: [
      ...(isActive ? [l10n.t('active')] : []),
      ...(isFine ? [] : [spoken]),
      nameAndHost(account.baseUrl, among.nameOf),
    ].join(' · '),
  };
}

/** The instance's name and host, since a name from the settings alone doesn't show where the instance is. */
export function nameAndHost(baseUrl: string, nameOf: Surroundings['nameOf']): string {
  const [name, host] = [nameOf(baseUrl), hostOf(baseUrl)];
  return name === host ? host : `${isolated(name)} (${host})`;
}

/** The name of an account's user, with the ID if another account on the instance has the same name. */
export function distinctName(account: Account, accounts: readonly AccountStatus[]): string {
  const name = displayName(account);
  const hasNamesake = accounts.some(
    ({ account: other }) =>
      other.id !== account.id && other.baseUrl === account.baseUrl && displayName(other) === name,
  );
  return hasNamesake ? l10n.t('{0} (ID {1})', name, account.user.id) : name;
}

/** What acting as a user means for other extensions, which follow the active account. */
export function actingSentence({ user }: Account): string {
  return l10n.t('Extensions you allow now act as {0} too.', isolated(user.name));
}

function kindOf({ sudo }: Account, isActive: boolean): string {
  if (isActive) return 'check';
  return sudo ? 'eye' : 'account';
}
