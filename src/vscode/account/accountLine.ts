// What a line to choose an account by says and shows, the same in every list of accounts.
import * as l10n from '@vscode/l10n';
import type { Account } from '../../accounts/account';
import type { AccountStatus } from '../../accounts/accountStatus';
import { isolated } from '../../looker/inert';
import { accountState } from './accountState';

/** How an account stands, for a list: a sentence, and why it is not renewed. */
export function statusSentence(status: AccountStatus): string {
  const { spoken } = accountState(status);
  const sentence = `${spoken.charAt(0).toUpperCase()}${spoken.slice(1)}.`;
  const { failure } = status;
  return failure ? `${sentence} ${l10n.t('Not renewed: {0}', failure.message)}` : sentence;
}

/** Beside an account's name: its instance, and whether it is the active one. */
export function whereIs(
  { account: { baseUrl } }: AccountStatus,
  { isActive, nameOf }: { isActive: boolean; nameOf: (baseUrl: string) => string },
): string {
  const instance = nameOf(baseUrl);
  return isActive ? l10n.t('$(check) active, {0}', instance) : instance;
}

/** The icon of an account: what is the matter with it, else which kind it is. */
export function iconOf(status: AccountStatus): string {
  const { icon } = accountState(status);
  if (icon !== 'key') return icon;
  return status.account.sudo ? 'eye' : 'account';
}

/** What acting as a user means for other extensions: they follow the active account. */
export function actingSentence({ user }: Account): string {
  return l10n.t('Extensions now act as {0} too, each once you allow it.', isolated(user.name));
}
