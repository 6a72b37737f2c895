import * as vscode from 'vscode';
import type * as Commands from './commands';
import type { CommandContext } from '../context';
import type { Messages } from '../messages/messages';
import type { OutputLog } from '../messages/outputLog';

/** Runs an action once the commands are loaded and the accounts are read. */
export type RunCommand = <T>(
  action: (commands: typeof Commands, context: CommandContext) => Promise<T>,
) => Promise<T>;

/** All commands except the log's, without the `lookerAuth.` of their IDs. */
const COMMANDS = [
  'login',
  'loginAsUser',
  'logout',
  'showAccounts',
  'stopActingAs',
  'renewToken',
  'copyAccessToken',
  'openTerminal',
  'renameInstance',
  'importIni',
  'checkConnection',
  'setUpBrowserLogin',
  'forgetCertificate',
] as const satisfies readonly (keyof typeof Commands)[];

/** Registers all commands. They wait until the accounts are read, except for the log. */
export function registerCommands(
  run: RunCommand,
  messages: Messages,
  log: Pick<OutputLog, 'show'>,
): vscode.Disposable {
  const registrations = COMMANDS.map((name) =>
    vscode.commands.registerCommand(`lookerAuth.${name}`, () =>
      messages.attempt(() => run<unknown>((commands, context) => commands[name](context))),
    ),
  );
  return vscode.Disposable.from(
    ...registrations,
    vscode.window.registerTerminalProfileProvider('lookerAuth.terminal', {
      provideTerminalProfile: async () => {
        let profile: vscode.TerminalProfile | undefined;
        await messages.attempt(async () => {
          profile = await run((commands, context) => commands.terminalProfile(context));
        });
        return profile;
      },
    }),
    vscode.commands.registerCommand('lookerAuth.showLog', () => {
      log.show();
    }),
  );
}
