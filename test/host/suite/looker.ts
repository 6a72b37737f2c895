import * as vscode from 'vscode';
import type { StandInLooker } from '../../standIn/standInLooker';
import type { Answer, ScriptedUser } from './scriptedUser';

/** The extension under test. */
export const EXTENSION = 'looker-auth.looker-auth';

/** Runs a command of the extension, by its ID without `lookerAuth.`. */
export function run(command: string): Thenable<unknown> {
  return vscode.commands.executeCommand(`lookerAuth.${command}`);
}

/** Labels of all accounts, as in VS Code's Accounts menu. */
export async function labels(): Promise<string[]> {
  const accounts = await vscode.authentication.getAccounts('looker');
  return accounts.map(({ label }) => label).sort();
}

/** The requests to every instance before a login: its release, and whether it offers browser login. */
export const QUESTIONS = [
  'GET /versions',
  'GET /.well-known/oauth-authorization-server',
  'POST /api/token',
];

/** Whether an instance got no other requests, and nothing of an API key was in them. */
export function isOnlyAsked({ requests }: StandInLooker): boolean {
  return requests.every(
    ({ method, path, form, token }) =>
      QUESTIONS.includes(`${method} ${path}`) && !('client_secret' in form) && token === undefined,
  );
}

/** Logs in with the API key of a user. @param how requests before the key */
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

/** Logs out of all accounts, and confirms it. */
export async function logoutEverybody(user: ScriptedUser): Promise<void> {
  const all = await labels();
  if (all.length === 0) return;
  if (all.length > 1) user.answer({ choose: /All accounts/ });
  user.press('Log Out');
  await run('logout');
}

/** Acts as another user, found by name, and confirms it. */
export async function actAs(user: ScriptedUser, name: string): Promise<void> {
  user.answer({ type: name, choose: new RegExp(name, 'i') });
  user.press('Act as This User');
  await run('loginAsUser');
}
