import * as vscode from 'vscode';
import { CanceledError } from '../../looker/errors/expectedError';
import { Back, type StepContext } from './steps';

/** What a prompt ends with. */
export interface Ending<Answer> {
  readonly answer: (answer: Answer) => void;
  readonly fail: (error: unknown) => void;
}

/** A button of a prompt, in its title or on one of its lines. */
export interface PromptButton<Answer = never> extends vscode.QuickInputButton {
  /** What it is called: its tooltip, and what a screen reader says. */
  readonly tooltip: string;
  /** Pressed. What it returns, if anything, is the answer; otherwise the prompt stays open. */
  readonly press: () => Answer | undefined | Promise<Answer | undefined>;
}

/**
 * Shows a prompt dressed for its place in a flow, until it ends. Looking elsewhere, for a key to copy, does
 * not close it.
 * @param listen is to subscribe to what ends it
 * @throws CanceledError on Esc, or once the answer is abandoned; Back
 */
export async function showPrompt<Answer>(
  prompt: vscode.InputBox | vscode.QuickPick<vscode.QuickPickItem>,
  place: StepContext,
  listen: (ending: Ending<Answer>) => void,
): Promise<Answer> {
  prompt.title ??= place.title;
  if (place.totalSteps > 1) {
    prompt.step = place.step;
    prompt.totalSteps = place.totalSteps;
  }
  prompt.ignoreFocusOut = true;
  try {
    return await new Promise<Answer>((answer, fail) => {
      const ending = { answer, fail };
      prompt.onDidTriggerButton((button) => {
        if (button === vscode.QuickInputButtons.Back) fail(new Back());
        else void press(button, ending);
      });
      prompt.onDidHide(() => {
        fail(new CanceledError());
      });
      listen(ending);
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

/** The buttons of a prompt's title: Back where there is something to go back to, and its own. */
export function titleButtons<Answer>(
  { canGoBack }: StepContext,
  own: readonly PromptButton<Answer>[] = [],
): readonly vscode.QuickInputButton[] {
  return [...(canGoBack ? [vscode.QuickInputButtons.Back] : []), ...own];
}

/** Does what a button of ours does. VS Code hands back the very button it was given. */
export async function press<Answer>(
  button: vscode.QuickInputButton,
  { answer, fail }: Ending<Answer>,
): Promise<void> {
  try {
    const answered = await (button as PromptButton<Answer>).press();
    if (answered !== undefined) answer(answered);
  } catch (error) {
    fail(error);
  }
}
