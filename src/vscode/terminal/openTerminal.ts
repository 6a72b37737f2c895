import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import type { Account } from '../../accounts/account';
import { NotLoggedInError } from '../account/errors';
import {
  ACCESS_TOKEN,
  INSTANCE,
  terminalVariables,
  tokenVariables,
} from '../../broker/environment';
import { firstCommand } from '../../broker/firstCommand';
import { CanceledError } from '../../looker/errors/expectedError';
import { sessionWithProgress } from '../account/sessionWithProgress';
import { pickAccount } from '../account/pickAccount';
import type { CommandContext } from '../context';
import { ownExtension } from '../ownExtension';
import { askInDialog, confirm } from '../prompts/confirm';
import { formatDuration } from '../text/duration';

/** Lets the user choose an account, and opens a terminal as it. @throws NotLoggedInError; CanceledError */
export async function openTerminal(context: CommandContext): Promise<void> {
  const account = await pickAccount(
    l10n.t('Open Terminal'),
    l10n.t('Choose an account for the terminal'),
    context,
  );
  await context.messages.attempt(() => openTerminalAs(context, account), account);
}

/**
 * Opens a terminal in which Looker's SDKs and tools use the account, after a confirmation.
 * @throws see {@link terminalAs}
 */
export async function openTerminalAs(context: CommandContext, account: Account): Promise<void> {
  vscode.window.createTerminal(await terminalAs(context, account)).show();
}

/**
 * The profile in VS Code's menu of terminals: a terminal as the active account. @throws NotLoggedInError; see {@link
 * terminalAs}
 */
export async function terminalProfile(context: CommandContext): Promise<vscode.TerminalProfile> {
  const { active, readFailure } = context.accounts;
  if (!active) throw readFailure ?? new NotLoggedInError();
  return new vscode.TerminalProfile(await terminalAs(context, active.account));
}

/**
 * Options for a terminal as the account. Only this terminal gets the variables, and VS Code doesn't restore it after a
 * reload.
 * @throws CanceledError; LookerError or LoginNeededError if no token can be obtained
 */
async function terminalAs(
  context: CommandContext,
  account: Account,
): Promise<vscode.TerminalOptions> {
  const { label, sudo } = account;
  const options = {
    name: l10n.t('Looker: {0}', label),
    iconPath: new vscode.ThemeIcon(sudo ? 'eye' : 'account'),
    isTransient: true,
  };
  // Terminals of a remote window are on another machine, with another loopback interface.
  const isElsewhere =
    vscode.env.remoteName !== undefined &&
    ownExtension()?.extensionKind === vscode.ExtensionKind.UI;
  return { ...options, ...(await (isElsewhere ? withToken : withBroker)(context, account)) };
}

async function withBroker(
  { accounts, terminals: loading }: CommandContext,
  account: Account,
): Promise<vscode.TerminalOptions> {
  const { label, baseUrl } = account;
  const terminals = await loading();
  let isForGood = false;
  if (!(await terminals.isAgreed(account))) {
    const [once, forGood] = [l10n.t('Open Terminal'), l10n.t("Don't Ask Again for This Account")];
    const answer = await askInDialog(
      l10n.t('Open a terminal as {0}?', label),
      l10n.t(
        'Programs in this terminal can do anything in Looker that this account can. When you close the terminal, their credentials stop working.',
      ),
      once,
      forGood,
    );
    if (answer === undefined) throw new CanceledError();
    isForGood = answer === forGood;
  }
  // Errors of the account are shown here, and not to a program in the terminal.
  await sessionWithProgress(accounts, account);
  // Only now, since the account may have been logged out while the dialog was open.
  if (isForGood) await terminals.agree(account);
  const address = await terminals.openBroker(account);
  const command = firstCommand(vscode.env.shell, address);
  return {
    env: terminalVariables(address, baseUrl, process.env),
    message: `${l10n.t("This terminal is logged in to Looker as {0}. Looker's SDKs and tools work here without an API key. Try:", label)}\r\n${command}\r\n`,
  };
}

/** For terminals that can't reach a broker. */
async function withToken(
  { accounts }: CommandContext,
  account: Account,
): Promise<vscode.TerminalOptions> {
  const { label, baseUrl } = account;
  await confirm(
    l10n.t('Open a terminal as {0}?', label),
    l10n.t(
      "Terminals in this window run on another machine, where Looker's SDKs and tools can't use your login. This terminal gets the access token in {0} and the instance in {1}. Until the token expires or you log out, any program in it and any extension can do anything in Looker that this account can.",
      ACCESS_TOKEN,
      INSTANCE,
    ),
    l10n.t('Open Terminal'),
  );
  const session = await sessionWithProgress(accounts, account);
  const left = formatDuration(accounts.timeLeft(session));
  return {
    env: tokenVariables(session.token.value, baseUrl),
    message: `${l10n.t('This terminal has an access token for {0} in {2}, valid for {1}.', label, left, ACCESS_TOKEN)}\r\n`,
  };
}
