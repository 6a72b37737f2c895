import type * as vscode from 'vscode';
import { INSTANCE } from '../../broker/environment';

/**
 * The client ID of a terminal's broker, in the environment that VS Code remembers for each terminal. Undefined if there
 * is no broker, even if another extension has set a client ID for Looker, or if the environment can't be read.
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
