import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import {
  accountsList,
  titleItems,
  type Action,
  type Row,
  type ActionItem,
  type Section,
} from './accountsList';
import { showOwnExtension } from '../ownExtension';
import { pick, type Choice } from '../prompts/pick';
import type { PromptButton } from '../prompts/showPrompt';
import { standalone } from '../prompts/steps';
import { copyTokenOf } from '../commands/copyAccessToken';
import type { CommandContext } from '../context';
import { openInstance } from '../commands/openInstance';
import { importIni } from '../import/importIni';
import { login } from '../login/login';
import { loginAsUser } from '../loginAsUser/loginAsUser';
import { askToLogOut, logout, logoutOf } from '../logout/logout';
import { openTerminalAs } from '../terminal/openTerminal';

/** What is done once the list is closed. */
type Then = () => Promise<unknown>;

/** All accounts, live. Choosing one switches to it; each has buttons, and the active one lines, for the rest. */
export async function showAccounts(context: CommandContext): Promise<void> {
  const { accounts, settings } = context;
  const nameOf = (baseUrl: string) => settings.nameOf(baseUrl);
  const then = await pick<Then>({
    place: standalone(l10n.t('Looker Accounts')),
    placeholder: accounts.active
      ? l10n.t('Account to switch to, or what to do with the active one')
      : l10n.t('Nobody is logged in to Looker'),
    choices: () => {
      const { active, unreadable } = accounts;
      const whoWas = (id: string) => accounts.whoWas(id);
      return accountsList({ accounts: accounts.all(), active, unreadable, nameOf, whoWas }).flatMap(
        (section) => choicesOf(section, context),
      );
    },
    onDidChange: accounts.onDidChange,
    buttons: titleItems(accounts.ids.length).map((item) => buttonOf(item, context)),
    focus: accounts.active?.account.id,
  });
  await then();
}

function choicesOf({ heading, lines }: Section, context: CommandContext): Choice<Then>[] {
  return [
    { label: heading ?? '', kind: vscode.QuickPickItemKind.Separator },
    ...lines.map((line) => choiceOf(line, context)),
  ];
}

function choiceOf(line: Row, context: CommandContext): Choice<Then> {
  const { key, icon, label, description, detail, action, buttons } = line;
  return {
    key,
    iconPath: new vscode.ThemeIcon(icon),
    label,
    ...(description !== undefined && { description }),
    ...(detail !== undefined && { detail }),
    ...(buttons && { buttons: buttons.map((item) => buttonOf(item, context)) }),
    // Whoever renews wants to see the new time.
    ...(action.do === 'renew'
      ? { choose: () => void inTheList(action, context) }
      : { answer: () => attempt(action, context, () => take(action, context)) }),
  };
}

/** What shows in the list, or beside it, leaves it open; what goes on elsewhere closes it. */
function buttonOf(
  { icon, label, action }: ActionItem,
  context: CommandContext,
): PromptButton<Then> {
  const staysOpen = ['renew', 'copy', 'stopActing', 'logout', 'forget'].includes(action.do);
  return {
    iconPath: new vscode.ThemeIcon(icon),
    tooltip: label,
    press: () =>
      staysOpen
        ? inTheList(action, context)
        : () => attempt(action, context, () => take(action, context)),
  };
}

/** The list stays, whatever comes of it. */
async function inTheList(action: Action, context: CommandContext): Promise<undefined> {
  await attempt(action, context, () => take(action, context));
}

/** What goes wrong is said with what helps whom it is about. */
function attempt(
  action: Action,
  context: CommandContext,
  work: () => Promise<unknown>,
): Promise<void> {
  return context.messages.attempt(work, 'account' in action ? action.account : undefined);
}

async function take(action: Action, context: CommandContext): Promise<unknown> {
  const { accounts } = context;
  switch (action.do) {
    case 'activate':
      return accounts.activate(action.account.id);
    case 'renew':
      return accounts.renew(action.account.id);
    case 'copy':
      return copyTokenOf(context, action.account);
    case 'loginAsUser':
      return loginAsUser(context, { admin: action.account });
    case 'openTerminal':
      return openTerminalAs(context, action.account);
    case 'openInstance':
      return openInstance(context, action.baseUrl);
    case 'stopActing':
      return logoutOf(accounts, [action.account.id]);
    case 'logout':
      return askToLogOut(accounts, [action.account.id]);
    case 'forget':
      return askToLogOut(accounts, [action.accountId]);
    case 'loginAgain':
      return login(context, action.preset);
    case 'showExtension':
      return showOwnExtension();
    case 'login':
      return login(context, { isAnother: true });
    case 'importIni':
      return importIni(context);
    case 'logoutSome':
      return logout(context);
    case 'logoutAll':
      return askToLogOut(accounts, accounts.ids);
    case 'showLog':
      return vscode.commands.executeCommand('lookerAuth.showLog');
  }
}
