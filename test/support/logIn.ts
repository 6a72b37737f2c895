import type { Page } from 'playwright-core';
import type { StandInLooker } from '../standIn/standInLooker';
import {
  answerDialog,
  pickItem,
  runCommand,
  statusBarItem,
  submitSteps,
  typeInto,
  waitForQuickInput,
} from './workbench';

/** Logs in to a stand-in like a user does, with the palette and their API key. Resolves once everything is typed. */
export async function logIn(page: Page, looker: StandInLooker, name: string): Promise<void> {
  const { clientId, clientSecret } = looker.apiKeyOf(name);
  await runCommand(page, 'Looker: Log In…');
  await submitSteps(page, 'Log In to Looker', [looker.baseUrl, clientId, clientSecret]);
}

/**
 * Acts as another user like an admin does, who finds them by a part of their name. Resolves once the status bar shows
 * them.
 */
export async function actAs(page: Page, typed: string, name: RegExp): Promise<void> {
  await runCommand(page, 'Looker: Log In as User (Sudo)…');
  await waitForQuickInput(page, /Log In as User/);
  await typeInto(page, typed);
  await pickItem(page, name);
  await answerDialog(page, 'Act as This User');
  await statusBarItem(page, name);
}
