import * as vscode from 'vscode';
import type { Accounts } from '../../accounts/accounts';
import type { Disposable } from '../../accounts/emitter';
import { showDone } from '../prompts/showDone';
import { actingSentence } from '../account/accountLine';

/** Says for a moment, in the window the user is in, what acting as a user means for other extensions, when it starts. */
export function sayActing(accounts: Accounts): Disposable {
  let before = accounts.active?.account.id;
  return accounts.onDidChange(() => {
    const { account } = accounts.active ?? {};
    const hasStarted = account?.id !== before && account?.sudo !== undefined;
    before = account?.id;
    if (hasStarted && vscode.window.state.focused) showDone(actingSentence(account));
  });
}
