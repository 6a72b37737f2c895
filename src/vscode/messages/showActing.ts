import * as vscode from 'vscode';
import type { Accounts } from '../../accounts/accounts';
import type { Disposable } from '../../base/emitter';
import { showDone } from '../prompts/showDone';
import { actingSentence } from '../account/accountLine';

/**
 * When the user starts acting as another user, briefly says in the focused window what that means for other extensions,
 * as long as it is true.
 */
export function showActing(accounts: Accounts): Disposable {
  let before = accounts.active?.account.id;
  let shown: Disposable | undefined;
  return accounts.onDidChange(() => {
    const { account } = accounts.active ?? {};
    if (account?.id === before) return;
    before = account?.id;
    shown?.dispose();
    shown =
      account?.sudo && vscode.window.state.focused ? showDone(actingSentence(account)) : undefined;
  });
}
