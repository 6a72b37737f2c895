import * as vscode from 'vscode';
import type { Messages } from '../messages';
import { checkConnection } from './checkConnection';
import { copyAccessToken } from './copyAccessToken';
import type { CommandContext } from './context';
import { importIni } from './importIni';
import { forgetCertificate } from './forgetCertificate';
import { login } from './login';
import { loginAsUser } from './loginAsUser';
import { logout } from './logout';
import { openTerminal } from './openTerminal';
import { renewToken } from './renewToken';
import { showAccounts } from './showAccounts';
import { stopActingAs } from './stopActingAs';

/** Every command in the palette, by what follows `lookerAuth.` in its id. */
const COMMANDS: Record<string, (context: CommandContext) => Promise<unknown>> = {
  login,
  loginAsUser,
  logout,
  showAccounts,
  stopActingAs,
  renewToken,
  copyAccessToken,
  openTerminal,
  importIni,
  checkConnection: (context) => checkConnection(context),
  forgetCertificate,
};

/** Registers all commands. They wait for the accounts to be read; the log can be shown without. */
export function registerCommands(
  context: Promise<CommandContext>,
  messages: Messages,
  log: vscode.LogOutputChannel,
): vscode.Disposable {
  const registrations = Object.entries(COMMANDS).map(([name, run]) =>
    vscode.commands.registerCommand(`lookerAuth.${name}`, () =>
      messages.attempt(async () => run(await context)),
    ),
  );
  return vscode.Disposable.from(
    ...registrations,
    vscode.commands.registerCommand('lookerAuth.showLog', () => {
      log.show();
    }),
  );
}
