import * as vscode from 'vscode';
import { plainText } from '../text/plainText';
import { showPrompt } from './showPrompt';
import type { StepContext } from './steps';

/**
 * Shows progress in a prompt, in place of the next question. Esc cancels it, whereas Esc only hides a notification.
 * @param message what is being waited for
 * @param work its signal is aborted on Esc
 * @throws CanceledError on Esc, or once the answer is no longer needed; the error of `work`
 */
export async function waitInPrompt<T>(
  place: StepContext,
  message: string,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const box = vscode.window.createQuickPick();
  const iconPath = new vscode.ThemeIcon('sync~spin');
  box.items = [{ label: plainText(message), iconPath, alwaysShow: true }];
  box.busy = true;
  const controller = new AbortController();
  try {
    return await showPrompt<T>(box, place, ({ answer, fail }) => {
      work(controller.signal).then(answer, fail);
    });
  } finally {
    controller.abort();
  }
}
