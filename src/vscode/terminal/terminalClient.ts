import type * as vscode from 'vscode';
import { INSTANCE } from '../../broker/environment';

/**
 * The client ID of a terminal's broker; undefined in terminals that have none, also those of other extensions that set a
 * client ID of Looker's, or whose options can't be read. VS Code remembers it of all of them.
 */
export function clientIdIn(terminal: Pick<vscode.Terminal, 'creationOptions'>): string | undefined {
  try {
    const { env } = terminal.creationOptions as vscode.TerminalOptions;
    const clientId = typeof env?.[INSTANCE] === 'string' && env['LOOKERSDK_CLIENT_ID'];
    return typeof clientId === 'string' ? clientId : undefined;
  } catch {
    return undefined;
  }
}
