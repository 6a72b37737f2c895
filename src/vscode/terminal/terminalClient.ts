import type * as vscode from 'vscode';
import { INSTANCE } from '../../broker/environment';

/**
 * The client ID of a terminal's broker; undefined in terminals that have none, also those of other extensions that set a
 * client ID of Looker's. VS Code remembers it of all of them.
 */
export function clientIdIn({
  creationOptions,
}: Pick<vscode.Terminal, 'creationOptions'>): string | undefined {
  const { env } = creationOptions as vscode.TerminalOptions;
  return typeof env?.[INSTANCE] === 'string'
    ? (env['LOOKERSDK_CLIENT_ID'] ?? undefined)
    : undefined;
}
