import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import { CanceledError } from '../../looker/errors/expectedError';
import { otherWebUrl, webUrlOf } from '../../looker/instance/webUrl';
import { onDidFocus } from '../focus';
import { chooseHost } from '../prompts/chooseHost';
import { withProgress } from '../prompts/progress';
import type { CommandContext } from '../context';

/**
 * Opens an instance in the browser. It is asked first where its pages are; where it does not tell, or does not
 * answer, they are where they usually are. When the user comes back, what stood before it may be out of the way.
 * @throws CanceledError where the user does not wait for it, or opens neither host
 */
export async function openInstance(
  { accounts, inquiries, settings }: Pick<CommandContext, 'accounts' | 'inquiries' | 'settings'>,
  baseUrl: string,
): Promise<void> {
  const title = l10n.t('Opening {0}…', settings.nameOf(baseUrl));
  const told = await withProgress(title, async (signal) => {
    try {
      return (await inquiries.release(baseUrl, signal))?.webUrl;
    } catch (error) {
      if (error instanceof CanceledError) throw error;
      return undefined;
    }
  });
  const url = await chooseHost(baseUrl, webUrlOf(baseUrl, told), otherWebUrl(baseUrl, told));
  if (!(await vscode.env.openExternal(vscode.Uri.parse(url, true)))) return;
  // Not before: as long as nobody has signed in there, one more try finds the same page.
  const coming = onDidFocus(() => {
    coming.dispose();
    accounts.clearFailures(baseUrl);
  });
}
