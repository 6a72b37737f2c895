import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import { CancelledError } from '../../looker/errors';
import { webUrlOf } from '../../looker/webUrl';
import { onDidFocus } from '../focus';
import { withProgress } from '../prompts/progress';
import type { CommandContext } from './context';

/**
 * Opens an instance in the browser. It is asked first where its pages are; where it does not tell, or does not
 * answer, they are where they usually are. When the user comes back, what stood before it may be out of the way.
 * @throws CancelledError where the user does not wait for it
 */
export async function openInstance(
  { accounts, releaseOf, nameOf }: Pick<CommandContext, 'accounts' | 'releaseOf' | 'nameOf'>,
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
  if (!(await vscode.env.openExternal(vscode.Uri.parse(webUrlOf(baseUrl, told), true)))) return;
  // Not before: as long as nobody has signed in there, one more try finds the same page.
  const coming = onDidFocus(() => {
    coming.dispose();
    accounts.tryAgain(baseUrl);
  });
}
