import * as vscode from 'vscode';
import type { Accounts } from '../accounts/accounts';
import type { Disposable } from '../accounts/emitter';

/** Tells VS Code what is so now, for `when` clauses and for the steps of the walkthrough. */
export function setContextKeys(accounts: Accounts): Disposable {
  const update = () => {
    const all = accounts.all();
    set('isLoggedIn', all.length > 0);
    set(
      'isActingAsUser',
      all.some(({ account }) => account.sudo),
    );
  };
  update();
  return accounts.onDidChange(update);
}

function set(key: string, value: boolean): void {
  void vscode.commands.executeCommand('setContext', `lookerAuth.${key}`, value);
}
