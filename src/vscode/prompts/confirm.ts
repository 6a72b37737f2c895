import * as vscode from 'vscode';
import { CanceledError } from '../../looker/errors/expectedError';

/** What a dialog asks, in plain text. */
export interface DialogQuestion {
  readonly question: string;
  /** Smaller, below it. */
  readonly detail: string;
}

/**
 * Asks in a dialog. It shows its words as they are: no link in them is one.
 * @returns the button pressed, if any; Enter presses the first
 */
export async function askInDialog(
  question: string,
  detail: string,
  ...buttons: readonly string[]
): Promise<string | undefined> {
  return vscode.window.showWarningMessage(question, { modal: true, detail }, ...buttons);
}

/**
 * Asks in a dialog whether something is really to be done.
 * @param button what does it
 * @throws CanceledError on anything else
 */
export async function confirm(question: string, detail: string, button: string): Promise<void> {
  const answer = await askInDialog(question, detail, button);
  if (answer !== button) throw new CanceledError();
}
