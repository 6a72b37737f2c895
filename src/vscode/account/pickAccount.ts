import * as vscode from 'vscode';
import type { Account } from '../../accounts/account';
import type { Accounts } from '../../accounts/accounts';
import type { AccountStatus } from '../../accounts/accountStatus';
import type { CommandContext } from '../context';
import { NotLoggedInError } from './errors';
import { accountLine } from './accountLine';
import { pick, type Choice } from '../prompts/pick';
import { standalone } from '../prompts/steps';
import { moveToFront } from './moveToFront';

/**
 * Lets the user choose an account. A single account is chosen without asking. @throws NotLoggedInError;
 * CanceledError
 */
export async function pickAccount(
  title: string,
  placeholder: string,
  { accounts, settings }: Named,
): Promise<Account> {
  const [first, ...others] = activeFirst(accounts);
  if (!first) throw accounts.readFailure ?? new NotLoggedInError();
  if (others.length === 0) return first.account;
  const choices = [first, ...others].map(accountChoice({ accounts, settings }));
  return pick({ place: standalone(title), placeholder, choices });
}

/** All accounts, the active one first, so that Enter chooses it. */
export function activeFirst(accounts: Accounts): readonly AccountStatus[] {
  return moveToFront(accounts.statuses(), accounts.active?.account.id);
}

/** The accounts, and the names of their instances. */
type Named = Pick<CommandContext, 'accounts' | 'settings'>;

/** An account to choose, without buttons. */
type AccountChoice = Omit<Choice<never>, 'answer'> & { readonly answer: Account };

/** Turns accounts into choices. */
export function accountChoice({
  accounts,
  settings,
}: Named): (status: AccountStatus) => AccountChoice {
  const { active } = accounts;
  const among = {
    accounts: accounts.statuses(),
    active,
    nameOf: (baseUrl: string) => settings.nameOf(baseUrl),
  };
  return (status) => {
    const { icon, ...line } = accountLine(status, among);
    return {
      ...line,
      key: status.account.id,
      iconPath: new vscode.ThemeIcon(icon),
      answer: status.account,
    };
  };
}
