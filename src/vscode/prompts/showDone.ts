import * as vscode from 'vscode';
import { plainText } from '../text/plainText';

const SHOWN_MS = 5000;

/** Briefly says in the status bar that something is done. */
export function showDone(words: string): void {
  vscode.window.setStatusBarMessage(`$(check) ${plainText(words)}`, SHOWN_MS);
}
