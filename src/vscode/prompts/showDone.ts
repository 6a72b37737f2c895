import * as vscode from 'vscode';
import { plainText } from '../text/plainText';

const SHOWN_MS = 5000;

/** Briefly says in the status bar that something is done. @returns hides it earlier */
export function showDone(message: string): vscode.Disposable {
  return vscode.window.setStatusBarMessage(`$(check) ${plainText(message)}`, SHOWN_MS);
}
