import * as vscode from 'vscode';

/** Calls back whenever the user comes into this window; not when it is only used again after a while. */
export function onDidFocus(listener: () => void): vscode.Disposable {
  let { focused: wasFocused } = vscode.window.state;
  return vscode.window.onDidChangeWindowState(({ focused }) => {
    const hasCome = focused && !wasFocused;
    wasFocused = focused;
    if (hasCome) listener();
  });
}
