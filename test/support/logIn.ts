import type { Page } from 'playwright-core';
import type { StandInLooker } from '../standIn/standInLooker';
import { runCommand, submitSteps } from './workbench';

/** Logs in to a stand-in like a user does, with the palette and their API key. Resolves once everything is typed. */
export async function logIn(page: Page, looker: StandInLooker, name: string): Promise<void> {
  const { clientId, clientSecret } = looker.apiKeyOf(name);
  await runCommand(page, 'Looker: Log In…');
  await submitSteps(page, 'Log In to Looker', [looker.baseUrl, clientId, clientSecret]);
}
