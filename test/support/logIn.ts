import type { Page } from 'playwright-core';
import type { StandInLooker } from '../standIn/standInLooker';
import { runCommand, submitSteps } from './workbench';

/** Logs in to a stand-in as a person does, with the palette and their API key. Resolves once all is typed. */
export async function logIn(page: Page, looker: StandInLooker, name: string): Promise<void> {
  const { clientId, clientSecret } = looker.apiKeyOf(name);
  await runCommand(page, 'Looker: Log In…');
  await submitSteps(page, 'Log In to Looker', [looker.baseUrl, clientId, clientSecret]);
}
