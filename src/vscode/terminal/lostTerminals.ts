import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import type { Log } from '../../base/log';
import { inertText } from '../../looker/inert';
import { notify } from '../prompts/notify';
import { clientIdIn } from './terminalClient';

/**
 * Warns about terminals that have no broker anymore. VS Code keeps terminals if its extension host is killed, and their
 * first lines still say that they are logged in.
 * @param earlier terminals that were there before this extension host
 */
export async function showLost(earlier: readonly vscode.Terminal[], log: Log): Promise<void> {
  const lost = earlier.filter((terminal) => clientIdIn(terminal) !== undefined);
  if (lost.length === 0) return;
  const names = lost.map(({ name }) => inertText(name)).join(', ');
  const message =
    lost.length === 1
      ? l10n.t(
          'The terminal "{0}" isn\'t logged in anymore, because VS Code\'s extension host stopped. Open a new one.',
          names,
        )
      : l10n.t(
          "These terminals aren't logged in anymore, because VS Code's extension host stopped: {0}. Open new ones.",
          names,
        );
  log.warn(message);
  const [open, close] = [
    l10n.t('Open New Terminal'),
    lost.length === 1 ? l10n.t('Close Terminal') : l10n.t('Close Terminals'),
  ];
  const answer = await notify('warning', message, open, close);
  if (answer === open) await vscode.commands.executeCommand('lookerAuth.openTerminal');
  if (answer === close) for (const terminal of lost) terminal.dispose();
}
