import * as vscode from 'vscode';
import type { Accounts } from '../../accounts/accounts';
import type { Disposable } from '../../accounts/emitter';
import { showDone } from '../prompts/showDone';
import { actingSentence } from '../account/accountLine';

/**
 * When the user starts acting as another user, briefly says in the focused window what that means for other extensions.
 */
export function showActing(accounts: Accounts): Disposable {
  let before = accounts.active?.account.id;
  return accounts.onDidChange(() => {
    const { account } = accounts.active ?? {};
    const hasStarted = account?.id !== before && account?.sudo !== undefined;
    before = account?.id;
    if (hasStarted && vscode.window.state.focused) showDone(actingSentence(account));
  });
}
