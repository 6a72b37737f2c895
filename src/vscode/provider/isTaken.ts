import * as vscode from 'vscode';
import type { LookerAuthenticationProvider } from './authenticationProvider';

/**
 * Whether another extension has registered the provider `looker` first. Who is asked for the accounts is the provider
 * that counts, so VS Code is asked for them, which costs no request; never call this inside a method of the provider.
 */
export async function isTaken(
  provider: Pick<LookerAuthenticationProvider, 'timesListed'>,
): Promise<boolean> {
  const before = provider.timesListed;
  // Another provider may fail. Ours does not, so it counts whether ours was asked.
  await Promise.resolve(vscode.authentication.getAccounts('looker')).catch(() => undefined);
  return provider.timesListed === before;
}
