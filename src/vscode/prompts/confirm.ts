import * as vscode from 'vscode';
import { CanceledError } from '../../looker/errors/expectedError';

/** The text of a dialog. VS Code shows it as plain text. */
export interface DialogQuestion {
  readonly question: string;
  /** Shown smaller, below the question. */
  readonly detail: string;
}

/**
 * Asks in a dialog, which shows plain text without links.
 * @returns the pressed button, if any; Enter presses the first one
 */
export async function askInDialog(
  question: string,
  detail: string,
  ...buttons: readonly string[]
): Promise<string | undefined> {
  return vscode.window.showWarningMessage(question, { modal: true, detail }, ...buttons);
}

/**
 * Asks for a confirmation in a dialog.
 * @param button confirms
 * @throws CanceledError on anything else
 */
export async function confirm(question: string, detail: string, button: string): Promise<void> {
  const answer = await askInDialog(question, detail, button);
  if (answer !== button) throw new CanceledError();
}
