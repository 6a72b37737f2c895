import * as vscode from 'vscode';
import type { StandInLooker } from '../../standIn/standInLooker';
import type { Answer, ScriptedUser } from './scriptedUser';

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

/** What every instance is asked before the user logs in: its release, and whether it offers login with the browser. */
export const QUESTIONS = [
  'GET /versions',
  'GET /.well-known/oauth-authorization-server',
  'POST /api/token',
];

/** Whether an instance was asked nothing more, and nothing of an API key was in it. */
export function isOnlyAsked({ requests }: StandInLooker): boolean {
  return requests.every(
    ({ method, path, form, token }) =>
      QUESTIONS.includes(`${method} ${path}`) && !('client_secret' in form) && token === undefined,
  );
}

/** Has the user log in with the API key of one of its people. @param how what is asked before the key */
export async function logIn(
  user: ScriptedUser,
  looker: StandInLooker,
  name: string,
  ...how: readonly Answer[]
): Promise<void> {
  const { clientId, clientSecret } = looker.apiKeyOf(name);
  user.answer(looker.baseUrl, ...how, clientId, clientSecret);
  await run('login');
}

/** Has the user log out of all accounts, and agree to it. */
export async function logoutEverybody(user: ScriptedUser): Promise<void> {
  const all = await labels();
  if (all.length === 0) return;
  if (all.length > 1) user.answer({ choose: /All accounts/ });
  user.press('Log Out');
  await run('logout');
}

/** Has the user act as another one, found by name, and agree to it. */
export async function actAs(user: ScriptedUser, name: string): Promise<void> {
  user.answer({ type: name, choose: new RegExp(name, 'i') });
  user.press('Act as This User');
  await run('loginAsUser');
}
