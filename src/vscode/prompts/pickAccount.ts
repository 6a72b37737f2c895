import * as vscode from 'vscode';
import { whoIs, type Account } from '../../accounts/account';
import type { Accounts, AccountStatus } from '../../accounts/accounts';
import { NobodyLoggedInError } from '../../accounts/errors';
import { iconOf, standing } from '../accountsList';
import { pick, type Choice } from './pick';
import { alone } from './steps';

/** Asks which account; where there is only one, that is the answer. @throws NobodyLoggedInError; CancelledError */
export async function pickAccount(
  title: string,
  placeholder: string,
  { accounts, nameOf }: Named,
): Promise<Account> {
  const all = accounts.all();
  const [first, second] = all;
  if (!first) throw new NobodyLoggedInError();
  if (!second) return first.account;
  return pick({ place: alone(title), placeholder, choices: all.map(accountChoice(nameOf)) });
}

/** The accounts, and what people call their instances. */
interface Named {
  readonly accounts: Accounts;
  readonly nameOf: (baseUrl: string) => string;
}

/** An account as a line to choose. */
export function accountChoice(nameOf: Named['nameOf']): (status: AccountStatus) => Choice<Account> {
  return (status) => ({
    iconPath: new vscode.ThemeIcon(iconOf(status)),
    label: whoIs(status.account),
    description: nameOf(status.account.baseUrl),
    detail: standing(status),
    answer: status.account,
  });
}
