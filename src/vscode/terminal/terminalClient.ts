import type * as vscode from 'vscode';

/** The client ID of a terminal's broker; undefined in terminals that have none. VS Code remembers it of all of them. */
export function clientIdIn({ creationOptions }: vscode.Terminal): string | undefined {
  const { env } = creationOptions as vscode.TerminalOptions;
  return env?.['LOOKERSDK_CLIENT_ID'] ?? undefined;
}
