import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import { CancelledError } from '../../looker/errors/expectedError';
import { hostOf } from '../../looker/instance/host';
import { otherWebUrl, webUrlOf } from '../../looker/instance/webUrl';
import { onDidFocus } from '../focus';
import { askInDialog } from '../prompts/confirm';
import { withProgress } from '../prompts/progress';
import type { CommandContext } from '../context';

/**
 * Opens an instance in the browser. It is asked first where its pages are; where it does not tell, or does not
 * answer, they are where they usually are. When the user comes back, what stood before it may be out of the way.
 * @throws CancelledError where the user does not wait for it, or opens neither host
 */
export async function openInstance(
  { accounts, inquiries, settings }: Pick<CommandContext, 'accounts' | 'inquiries' | 'settings'>,
  baseUrl: string,
): Promise<void> {
  const title = l10n.t('Asking {0} where its pages are…', settings.nameOf(baseUrl));
  const told = await withProgress(title, async (signal) => {
    try {
      return (await inquiries.release(baseUrl, signal))?.webUrl;
    } catch (error) {
      if (error instanceof CancelledError) throw error;
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

/** Nobody is led to another host than the instance's own without knowing. @throws CancelledError */
async function chooseHost(
  baseUrl: string,
  own: string,
  other: string | undefined,
): Promise<string> {
  if (other === undefined) return own;
  const [openOwn, openOther] = [own, other].map((url) => l10n.t('Open {0}', hostOf(url)));
  const answer = await askInDialog(
    l10n.t('Open {0} in the browser?', hostOf(other)),
    l10n.t(
      "{0} says that its pages are on another host, {1}. Open it only if you know that it's your Looker.",
      hostOf(baseUrl),
      hostOf(other),
    ),
    openOwn ?? '',
    openOther ?? '',
  );
  if (answer === undefined) throw new CancelledError();
  return answer === openOther ? other : own;
}
