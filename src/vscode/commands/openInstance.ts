import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import { CanceledError } from '../../looker/errors/expectedError';
import { otherWebUrl, webUrlOf } from '../../looker/instance/webUrl';
import { onDidFocus } from '../focus';
import { chooseHost } from '../prompts/chooseHost';
import { withProgress } from '../prompts/progress';
import type { CommandContext } from '../context';

/**
 * Opens an instance in the browser. The instance may report another address for its pages; if it doesn't respond, the
 * usual one is opened. When the user comes back, failures are cleared: what blocked the instance may be gone.
 * @throws CanceledError if the user stops waiting, or opens neither host
 */
export async function openInstance(
  { accounts, inquiries, settings }: Pick<CommandContext, 'accounts' | 'inquiries' | 'settings'>,
  baseUrl: string,
): Promise<void> {
  const title = l10n.t('Opening {0}…', settings.nameOf(baseUrl));
  const reported = await withProgress(title, async (signal) => {
    try {
      return (await inquiries.release(baseUrl, signal))?.webUrl;
    } catch (error) {
      if (error instanceof CanceledError) throw error;
      return undefined;
    }
  });
  const url = await chooseHost(
    baseUrl,
    webUrlOf(baseUrl, reported),
    otherWebUrl(baseUrl, reported),
  );
  if (!(await vscode.env.openExternal(vscode.Uri.parse(url, true)))) return;
  // Not earlier: until the user has signed in there, a retry would get the same page.
  const coming = onDidFocus(() => {
    coming.dispose();
    accounts.clearFailures(baseUrl);
  });
}
