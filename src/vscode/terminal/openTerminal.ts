import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import type { Account } from '../../accounts/account';
import { formatDuration } from '../text/duration';
import { ownExtension } from '../ownExtension';
import { confirm } from '../prompts/confirm';
import { ACCESS_TOKEN, INSTANCE, terminalEnvironment } from './terminalEnvironment';
import type { CommandContext } from '../context';
import { goodSession } from '../account/goodSession';
import { pickAccount } from '../account/pickAccount';

/** Asks which account, and opens a terminal as it. @throws NobodyLoggedInError; CancelledError */
export async function openTerminal(context: CommandContext): Promise<void> {
  const account = await pickAccount(
    l10n.t('Open Terminal'),
    l10n.t('Account to open a terminal as'),
    context,
  );
  await context.messages.attempt(() => openTerminalAs(context, account), account);
}

/**
 * Opens a terminal that has the account's instance and token in its environment, after a word on what that means. The
 * token goes to that terminal alone; VS Code does not bring the terminal back after a reload.
 * @throws CancelledError; LookerError, LoginNeededError where there is no token to be had
 */
export async function openTerminalAs(
  { accounts }: CommandContext,
  account: Account,
): Promise<void> {
  const { label, baseUrl, apiVersion, sudo } = account;
  await confirm(
    l10n.t('Open a terminal as {0}?', label),
    l10n.t(
      "The access token goes into {0} and the instance into {1}, in this terminal only. Every program in it, and every extension, can do in Looker what this account can, until the token expires or you log out. The token isn't renewed there.\n\nLooker's SDKs and tools still use an API key of your own: hand them the token, such as with --token. Your shell's start-up files can set other Looker variables.",
      ACCESS_TOKEN,
      INSTANCE,
    ),
    l10n.t('Open Terminal'),
  );
  const session = await goodSession(accounts, account);
  const terminal = vscode.window.createTerminal({
    name: l10n.t('Looker: {0}', label),
    iconPath: new vscode.ThemeIcon(sudo ? 'eye' : 'account'),
    isTransient: true,
    env: terminalEnvironment(session),
    message: `${hint(label, formatDuration(accounts.timeLeft(session)), `${baseUrl}/api/${apiVersion}/user`)}\r\n`,
  });
  terminal.show();
}

/** Who one is in the terminal, and a command to try where it is known which shell it has. */
function hint(label: string, left: string, url: string): string {
  // The shell that is known is the one of this machine; the terminals of a remote window are elsewhere.
  const isElsewhere =
    vscode.env.remoteName !== undefined &&
    ownExtension()?.extensionKind === vscode.ExtensionKind.UI;
  return isElsewhere
    ? l10n.t('Here you are {0} for {1}.', label, left)
    : `${l10n.t('Here you are {0} for {1}. Try:', label, left)}\r\n${tryOut(vscode.env.shell, url)}`;
}

/** How a shell asks with the token. In Windows PowerShell `curl` is another command, which takes no such header. */
function tryOut(shell: string, url: string): string {
  const ask = (curl: string, token: string) =>
    `${curl} -H "Authorization: token ${token}" "${url}"`;
  if (/powershell(\.exe)?$/i.test(shell)) return ask('curl.exe', `$env:${ACCESS_TOKEN}`);
  if (/pwsh(\.exe)?$/i.test(shell)) return ask('curl', `$env:${ACCESS_TOKEN}`);
  return ask('curl', /cmd\.exe$/i.test(shell) ? `%${ACCESS_TOKEN}%` : `$${ACCESS_TOKEN}`);
}
