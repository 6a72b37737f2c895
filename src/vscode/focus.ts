import * as vscode from 'vscode';

/** Calls back when this window gets the focus. VS Code also fires its event when the user becomes idle or active. */
export function onDidFocus(listener: () => void): vscode.Disposable {
  let { focused: wasFocused } = vscode.window.state;
  return vscode.window.onDidChangeWindowState(({ focused }) => {
    const hasCome = focused && !wasFocused;
    wasFocused = focused;
    if (hasCome) listener();
  });
}
