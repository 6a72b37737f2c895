import * as vscode from 'vscode';
import { CancelledError } from '../../looker/errors';
import { Back, type Place } from './steps';

/** What a prompt ends with. */
export interface Ending<Answer> {
  readonly answer: (answer: Answer) => void;
  readonly fail: (error: unknown) => void;
}

/** A button of a prompt's own, beside Back. */
export interface PromptButton {
  readonly button: vscode.QuickInputButton;
  /** @returns the button to show from now on */
  readonly press: () => vscode.QuickInputButton;
}

/**
 * Shows a prompt dressed for its place in a flow, until it ends. Looking elsewhere, for a key to copy, does
 * not close it.
 * @param listen is to subscribe to what ends it
 * @throws CancelledError on Esc, or once the answer is needless; Back
 */
export async function showPrompt<Answer>(
  prompt: vscode.InputBox | vscode.QuickPick<vscode.QuickPickItem>,
  place: Place,
  listen: (ending: Ending<Answer>) => void,
  own?: PromptButton,
): Promise<Answer> {
  prompt.title = place.title;
  if (place.totalSteps > 1) {
    prompt.step = place.step;
    prompt.totalSteps = place.totalSteps;
  }
  prompt.ignoreFocusOut = true;
  const back = place.canGoBack ? [vscode.QuickInputButtons.Back] : [];
  prompt.buttons = [...back, ...(own ? [own.button] : [])];
  try {
    return await new Promise<Answer>((answer, fail) => {
      prompt.onDidTriggerButton((button) => {
        if (button === vscode.QuickInputButtons.Back) fail(new Back());
        else if (own) prompt.buttons = [...back, own.press()];
      });
      prompt.onDidHide(() => {
        fail(new CancelledError());
      });
      listen({ answer, fail });
      place.needless?.addEventListener('abort', () => {
        fail(new CancelledError());
      });
      if (place.needless?.aborted) fail(new CancelledError());
      else prompt.show();
    });
  } finally {
    prompt.dispose();
  }
}
