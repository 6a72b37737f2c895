import * as vscode from 'vscode';

const SHOWN_MS = 5000;

/** Says for a moment, in the status bar, that something is done. */
export function sayDone(words: string): void {
  vscode.window.setStatusBarMessage(`$(check) ${words}`, SHOWN_MS);
}
