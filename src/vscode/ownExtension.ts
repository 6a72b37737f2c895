import * as vscode from 'vscode';

/** This extension, as VS Code knows it. */
export function ownExtension(): vscode.Extension<unknown> | undefined {
  return vscode.extensions.getExtension('looker-auth.looker-auth');
}

/** Shows an extension to the user, where it can be disabled. */
export async function showExtension(id: string): Promise<void> {
  await vscode.commands.executeCommand('extension.open', id);
}

/** Shows it to the user among the extensions, where it is updated. */
export async function showOwnExtension(): Promise<void> {
  await vscode.commands.executeCommand('workbench.extensions.search', 'Looker Auth');
}
