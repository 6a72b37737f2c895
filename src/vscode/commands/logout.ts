import * as vscode from 'vscode';
import type { Account } from '../../accounts/account';
import type { Accounts, Unrevoked } from '../../accounts/accounts';
import { NobodyLoggedInError } from '../../accounts/errors';
import { pick } from '../prompts/pick';
import { accountChoice } from '../prompts/pickAccount';
import { withProgress } from '../prompts/progress';
import { alone } from '../prompts/steps';

/** Asks which account, or all; logs out; says what Looker could not be told. */
export async function logout(accounts: Accounts): Promise<void> {
  const all = accounts.all();
  if (all.length === 0) throw new NobodyLoggedInError();
  const everybody = {
    label: '$(sign-out) All accounts',
    answer: all.map(({ account }) => account),
  };
  const leaving = await pick<readonly Account[]>({
    place: alone('Log Out of Looker'),
    placeholder: 'Account to log out of',
    choices: [
      ...all.map((status) => ({ ...accountChoice(status), answer: [status.account] })),
      ...(all.length > 1 ? [everybody] : []),
    ],
  });
  await logoutOf(accounts, leaving);
}

/** Logs out of these accounts, and of those they act as. */
export async function logoutOf(accounts: Accounts, leaving: readonly Account[]): Promise<void> {
  const names = leaving.map(({ label }) => label).join(', ');
  const ids = leaving.map(({ id }) => id);
  const unrevoked = await withProgress(`Logging out ${names}…`, (signal) =>
    accounts.logout(ids, signal),
  );
  vscode.window.setStatusBarMessage(`$(check) Logged out ${names}`, SHOWN_MS);
  sayUnrevoked(unrevoked);
}

/** Says which tokens live on, if any. */
export function sayUnrevoked(unrevoked: readonly Unrevoked[]): void {
  if (unrevoked.length > 0) void vscode.window.showWarningMessage(unrevokedMessage(unrevoked));
}

const SHOWN_MS = 5000;

function unrevokedMessage(unrevoked: readonly Unrevoked[]): string {
  const tokens = unrevoked.map(
    ({ account, token }) =>
      `${account.label} until ${new Date(token.expiresAt).toLocaleTimeString()}`,
  );
  const [{ error } = { error: undefined }] = unrevoked;
  const reason = error instanceof Error ? error.message : 'Looker could not be told.';
  return `Logged out on this machine. ${reason} There, a token stays valid for ${tokens.join(', ')}.`;
}
