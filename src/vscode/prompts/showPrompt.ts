import * as vscode from 'vscode';
import { CanceledError } from '../../looker/errors/expectedError';
import { Back, type StepContext } from './steps';

/** Closes a prompt. */
export interface PromptEnd<Answer> {
  readonly answer: (answer: Answer) => void;
  readonly fail: (error: unknown) => void;
}

/** A button of a prompt, in its title or on one of its lines. */
export interface PromptButton<Answer = never> extends vscode.QuickInputButton {
  /** Its tooltip, which is also its name for screen readers. */
  readonly tooltip: string;
  /** Called when it is pressed. A returned value is the answer; otherwise the prompt stays open. */
  readonly press: () => Answer | undefined | Promise<Answer | undefined>;
}

/**
 * Shows a prompt as a step of a flow, until it ends. It stays open when it loses the focus, so that the user can copy a
 * key elsewhere.
 * @param listen subscribes to what ends the prompt
 * @throws CanceledError on Esc, or once the answer is no longer needed; Back
 */
export async function showPrompt<Answer>(
  prompt: vscode.InputBox | vscode.QuickPick<vscode.QuickPickItem>,
  place: StepContext,
  listen: (end: PromptEnd<Answer>) => void,
): Promise<Answer> {
  prompt.title ??= place.title;
  if (place.totalSteps > 1) {
    prompt.step = place.step;
    prompt.totalSteps = place.totalSteps;
  }
  prompt.ignoreFocusOut = true;
  try {
    return await new Promise<Answer>((answer, fail) => {
      const end = { answer, fail };
      prompt.onDidTriggerButton((button) => {
        if (button === vscode.QuickInputButtons.Back) fail(new Back());
        else void press(button, end);
      });
      prompt.onDidHide(() => {
        fail(new CanceledError());
      });
      listen(end);
      place.abandoned?.addEventListener('abort', () => {
        fail(new CanceledError());
      });
      if (place.abandoned?.aborted) fail(new CanceledError());
      else prompt.show();
    });
  } finally {
    prompt.dispose();
  }
}

/** The buttons in a prompt's title: Back, if possible, and its own. */
export function titleButtons<Answer>(
  { canGoBack }: StepContext,
  own: readonly PromptButton<Answer>[] = [],
): readonly vscode.QuickInputButton[] {
  return [...(canGoBack ? [vscode.QuickInputButtons.Back] : []), ...own];
}

/** Handles a button of ours. VS Code returns the same object that it was given. */
export async function press<Answer>(
  button: vscode.QuickInputButton,
  { answer, fail }: PromptEnd<Answer>,
): Promise<void> {
  try {
    const answered = await (button as PromptButton<Answer>).press();
    if (answered !== undefined) answer(answered);
  } catch (error) {
    fail(error);
  }
}
