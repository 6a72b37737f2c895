import * as vscode from 'vscode';

/** This extension, as VS Code knows it. */
export function ownExtension(): vscode.Extension<unknown> | undefined {
  return vscode.extensions.getExtension('looker-auth.looker-auth');
}

/** Opens the page of an extension, where it can be disabled. */
export async function showExtension(id: string): Promise<void> {
  await vscode.commands.executeCommand('extension.open', id);
}

/** Shows Looker Auth in the Extensions view, where it can be updated. */
export async function showOwnExtension(): Promise<void> {
  await vscode.commands.executeCommand('workbench.extensions.search', 'Looker Auth');
}
