import * as vscode from 'vscode';
import { plainText } from '../text/plainText';

/**
 * Shows a notification with plain text, without links.
 * @returns the pressed button, if any
 */
export async function notify(
  severity: 'error' | 'warning' | 'information',
  message: string,
  ...buttons: readonly string[]
): Promise<string | undefined> {
  const { showErrorMessage, showWarningMessage, showInformationMessage } = vscode.window;
  const show = {
    error: showErrorMessage,
    warning: showWarningMessage,
    information: showInformationMessage,
  }[severity];
  return show(plainText(message), ...buttons);
}
