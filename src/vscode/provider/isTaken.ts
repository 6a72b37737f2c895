import * as vscode from 'vscode';
import type { LookerAuthenticationProvider } from './authenticationProvider';

/**
 * Whether another extension has registered the provider `looker` first. Listing the accounts sends no requests and
 * shows which provider VS Code uses. Never call this from a method of the provider.
 */
export async function isTaken(
  provider: Pick<LookerAuthenticationProvider, 'timesListed'>,
): Promise<boolean> {
  const before = provider.timesListed;
  // Another provider may fail. All that matters is whether ours was called.
  await Promise.resolve(vscode.authentication.getAccounts('looker')).catch(() => undefined);
  return provider.timesListed === before;
}
