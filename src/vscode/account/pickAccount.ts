import * as vscode from 'vscode';
import type { Account } from '../../accounts/account';
import type { Accounts } from '../../accounts/accounts';
import type { AccountStatus } from '../../accounts/accountStatus';
import type { CommandContext } from '../context';
import { NobodyLoggedInError } from './errors';
import { accountLine } from './accountLine';
import { pick, type Choice } from '../prompts/pick';
import { standalone } from '../prompts/steps';
import { moveToFront } from './moveToFront';

/** Asks which account; where there is only one, that is the answer. @throws NobodyLoggedInError; CanceledError */
export async function pickAccount(
  title: string,
  placeholder: string,
  { accounts, settings }: Named,
): Promise<Account> {
  const [first, ...others] = activeFirst(accounts);
  if (!first) throw new NobodyLoggedInError();
  if (others.length === 0) return first.account;
  const choices = [first, ...others].map(accountChoice({ accounts, settings }));
  return pick({ place: standalone(title), placeholder, choices });
}

/** All accounts, the active one first: Enter means that one. */
export function activeFirst(accounts: Accounts): readonly AccountStatus[] {
  return moveToFront(accounts.all(), accounts.active?.account.id);
}

/** The accounts, and what people call their instances. */
type Named = Pick<CommandContext, 'accounts' | 'settings'>;

/** A line that means an account, and has no buttons. */
type AccountChoice = Omit<Choice<never>, 'answer'> & { readonly answer: Account };

/** An account as a line to choose. */
export function accountChoice({
  accounts,
  settings,
}: Named): (status: AccountStatus) => AccountChoice {
  const { active } = accounts;
  const among = {
    accounts: accounts.all(),
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
