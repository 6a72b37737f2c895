import * as vscode from 'vscode';
import type { ScriptedUser } from './scriptedUser';

/** The extension under test. */
export const EXTENSION = 'looker-auth.looker-auth';

/** Runs a command of the extension, by what follows `lookerAuth.` in its id. */
export function run(command: string): Thenable<unknown> {
  return vscode.commands.executeCommand(`lookerAuth.${command}`);
}

/** Labels of all accounts, as VS Code's Accounts menu shows them. */
export async function labels(): Promise<string[]> {
  const accounts = await vscode.authentication.getAccounts('looker');
  return accounts.map(({ label }) => label).sort();
}

export async function logoutEverybody(user: ScriptedUser): Promise<void> {
  const all = await labels();
  if (all.length === 0) return;
  user.answer({ choose: all.length > 1 ? /All accounts/ : /./ });
  await run('logout');
}
