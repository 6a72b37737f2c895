import * as vscode from 'vscode';
import type { Account } from '../../accounts/account';
import type { Accounts } from '../../accounts/accounts';
import { orCancelled } from '../../looker/cancellation';
import { CancelledError } from '../../looker/errors';
import { spokenSpan } from '../duration';
import { pickAccount } from '../prompts/pickAccount';
import { withProgress } from '../prompts/progress';

/** Puts a good token on the clipboard, after a word on what it is worth. */
export async function copyAccessToken(accounts: Accounts, account?: Account): Promise<void> {
  const { id, label } =
    account ??
    (await pickAccount('Copy Access Token', 'Account to copy the token of', accounts.all()));
  const copy = 'Copy Token';
  const answer = await vscode.window.showWarningMessage(
    `Copy the access token of ${label}?`,
    {
      modal: true,
      detail:
        'Whoever has it can do in Looker what this account can, until it expires or you log out. Every program on this machine can read the clipboard.',
    },
    copy,
  );
  if (answer !== copy) throw new CancelledError();
  const session = await withProgress(`Getting a good token of ${label}…`, (signal) =>
    orCancelled(accounts.session(id), signal),
  );
  await vscode.env.clipboard.writeText(session.token.value);
  const left = spokenSpan(accounts.timeLeft(session));
  vscode.window.setStatusBarMessage(
    `$(check) Copied the token of ${label}, good for ${left}`,
    5000,
  );
}
