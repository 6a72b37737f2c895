import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import { CancelledError } from '../../looker/errors';
import { webUrlOf } from '../../looker/webUrl';
import type { CommandContext } from './context';
import { withProgress } from '../prompts/progress';

/**
 * Opens an instance in the browser. It is asked first where its pages are; where it does not tell, or does not
 * answer, they are where they usually are.
 * @throws CancelledError where the user does not wait for it
 */
export async function openInstance(
  { releaseOf, nameOf }: Pick<CommandContext, 'releaseOf' | 'nameOf'>,
  baseUrl: string,
): Promise<void> {
  const title = l10n.t('Asking {0} where its pages are…', nameOf(baseUrl));
  const told = await withProgress(title, async (signal) => {
    try {
      return (await releaseOf(baseUrl, signal))?.webUrl;
    } catch (error) {
      if (error instanceof CancelledError) throw error;
      return undefined;
    }
  });
  await vscode.env.openExternal(vscode.Uri.parse(webUrlOf(baseUrl, told), true));
}
