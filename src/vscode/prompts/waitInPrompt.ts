import * as vscode from 'vscode';
import { plainText } from '../text/plainText';
import { showPrompt } from './showPrompt';
import type { StepContext } from './steps';

/**
 * Shows that something takes a while, in the place of the next question. Unlike a notification, which Esc only hides, it
 * ends with Esc.
 * @param words what is waited for
 * @param work its signal is aborted on Esc
 * @throws CanceledError on Esc, or once the answer is abandoned; what `work` throws
 */
export async function waitInPrompt<T>(
  place: StepContext,
  words: string,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const box = vscode.window.createQuickPick();
  const iconPath = new vscode.ThemeIcon('sync~spin');
  box.items = [{ label: plainText(words), iconPath, alwaysShow: true }];
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
