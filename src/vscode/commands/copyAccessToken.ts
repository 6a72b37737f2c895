import * as vscode from 'vscode';
import type { Account } from '../../accounts/account';
import type { Accounts } from '../../accounts/accounts';
import { CancelledError } from '../../looker/errors';
import { spokenSpan } from '../duration';
import { pickAccount } from '../prompts/pickAccount';

/** Puts a good token on the clipboard, after a word on what it is worth. */
export async function copyAccessToken(accounts: Accounts, account?: Account): Promise<void> {
  const { id, label } =
    account ??
    (await pickAccount('Copy Access Token', 'Account to copy the token of', accounts.all()));
  const { token } = await accounts.session(id);
  const copy = 'Copy Token';
  const answer = await vscode.window.showWarningMessage(
    `Copy the access token of ${label}?`,
    {
      modal: true,
      detail: `Whoever has it can do in Looker what this account can, for ${spokenSpan(token.expiresAt - Date.now())} or until you log out. Every program on this machine can read the clipboard.`,
    },
    copy,
  );
  if (answer !== copy) throw new CancelledError();
  await vscode.env.clipboard.writeText(token.value);
  vscode.window.setStatusBarMessage(`$(check) Copied the token of ${label}`, 5000);
}
