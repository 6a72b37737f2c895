import * as vscode from 'vscode';
import { CancelledError } from '../../looker/errors';
import { Back, type Place } from './steps';

/** What a prompt ends with. */
export interface Ending<Answer> {
  readonly answer: (answer: Answer) => void;
  readonly fail: (error: unknown) => void;
}

/**
 * Shows a prompt dressed for its place in a flow, until it ends. Looking elsewhere, for a key to copy, does
 * not close it.
 * @param listen is to subscribe to what ends it
 * @throws CancelledError on Esc; Back
 */
export async function showPrompt<Answer>(
  prompt: vscode.InputBox | vscode.QuickPick<vscode.QuickPickItem>,
  place: Place,
  listen: (ending: Ending<Answer>) => void,
): Promise<Answer> {
  prompt.title = place.title;
  if (place.totalSteps > 1) {
    prompt.step = place.step;
    prompt.totalSteps = place.totalSteps;
  }
  prompt.ignoreFocusOut = true;
  if (place.canGoBack) prompt.buttons = [vscode.QuickInputButtons.Back];
  try {
    return await new Promise<Answer>((answer, fail) => {
      prompt.onDidTriggerButton(() => {
        fail(new Back());
      });
      prompt.onDidHide(() => {
        fail(new CancelledError());
      });
      listen({ answer, fail });
      prompt.show();
    });
  } finally {
    prompt.dispose();
  }
}
