// What a line to choose an account by says and shows, the same in every list of accounts.
import * as l10n from '@vscode/l10n';
import { displayName, type Account } from '../../accounts/account';
import type { AccountStatus } from '../../accounts/accountStatus';
import { hostOf } from '../../looker/instance/host';
import { isolated } from '../../looker/inert';
import { accountState } from './accountState';

/** What a line is seen among. */
export interface Surroundings {
  readonly accounts: readonly AccountStatus[];
  readonly active: AccountStatus | undefined;
  /** What people call an instance. */
  readonly nameOf: (baseUrl: string) => string;
}

/** One account, taken in at a glance. */
export interface AccountLine {
  readonly icon: string;
  readonly label: string;
  /** Says whatever the icon says, too. */
  readonly description: string;
}

/**
 * Who, where, whether this is the active account, and how it stands unless nothing is wrong. The instance comes last,
 * since a narrow window cuts off the end.
 */
export function accountLine(status: AccountStatus, among: Surroundings): AccountLine {
  const { account } = status;
  const { icon, spoken } = accountState(status);
  const isFine = icon === 'key';
  const isActive = account.id === among.active?.account.id;
  return {
    icon: isFine ? kindOf(account, isActive) : icon,
    label: whoIs(account, among.accounts),
    description: [
      ...(isActive ? [l10n.t('active')] : []),
      ...(isFine ? [] : [spoken]),
      whereIs(account.baseUrl, among.nameOf),
    ].join(' · '),
  };
}

/** The name in the settings hides where an instance is, so the host is always shown. */
export function whereIs(baseUrl: string, nameOf: Surroundings['nameOf']): string {
  const [name, host] = [nameOf(baseUrl), hostOf(baseUrl)];
  return name === host ? host : `${name} (${host})`;
}

/** The name of an account's user; with the ID where another account there has the same. */
export function whoIs(account: Account, accounts: readonly AccountStatus[]): string {
  const name = displayName(account);
  const hasNamesake = accounts.some(
    ({ account: other }) =>
      other.id !== account.id && other.baseUrl === account.baseUrl && displayName(other) === name,
  );
  return hasNamesake ? l10n.t('{0} (ID {1})', name, account.user.id) : name;
}

/** What acting as a user means for other extensions: they follow the active account. */
export function actingSentence({ user }: Account): string {
  return l10n.t('Extensions you allow now act as {0} too.', isolated(user.name));
}

function kindOf({ sudo }: Account, isActive: boolean): string {
  if (isActive) return 'check';
  return sudo ? 'eye' : 'account';
}
