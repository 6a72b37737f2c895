import * as vscode from 'vscode';
import { CancelledError } from '../../looker/errors';

/**
 * Asks in a dialog whether something is really to be done.
 * @param button what does it
 * @throws CancelledError on anything else
 */
export async function confirm(question: string, detail: string, button: string): Promise<void> {
  const answer = await vscode.window.showWarningMessage(question, { modal: true, detail }, button);
  if (answer !== button) throw new CancelledError();
}
