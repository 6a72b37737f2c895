import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import { accountActions, nameOfAccount } from './accountActions';
import { accountsList, loginItems, type AccountsListState } from './accountsList';
import type { Action, Section, ShowActions } from './action';
import type { Event } from '../../base/emitter';
import { showOwnExtension } from '../ownExtension';
import { pick, type Choice } from '../prompts/pick';
import { Back, standalone } from '../prompts/steps';
import { copyTokenOf } from '../commands/copyAccessToken';
import type { CommandContext } from '../context';
import { openInstance } from '../commands/openInstance';
import { renameInstanceAt } from '../commands/renameInstance';
import { renewTokenOf } from '../commands/renewToken';
import { importIni } from '../import/importIni';
import { login } from '../login/login';
import { loginAsUser } from '../loginAsUser/loginAsUser';
import { askToLogOut, logout, logoutOf } from '../logout/logout';
import { openTerminalAs } from '../terminal/openTerminal';

/**
 * Shows all accounts, and keeps them up to date. Choosing one opens its actions, and Back returns to the list.
 * @throws CanceledError
 */
export async function showAccounts(context: CommandContext): Promise<void> {
  let focus = context.accounts.active?.account.id;
  for (;;) {
    const action = await pickFromList(context, focus);
    if (action.do !== 'showActions') {
      await perform(action, context);
      return;
    }
    focus = action.accountId;
    try {
      await perform(await pickActionFor(focus, context), context);
      return;
    } catch (error) {
      if (!(error instanceof Back)) throw error;
    }
  }
}

function pickFromList(
  context: CommandContext,
  focus: string | undefined,
): Promise<Action | ShowActions> {
  const { accounts } = context;
  return pick<Action | ShowActions>({
    place: standalone(l10n.t('Looker Accounts')),
    placeholder:
      accounts.ids.length > 0
        ? l10n.t('Choose an account to switch to it, renew its token, or log out')
        : l10n.t("You're not logged in to Looker"),
    choices: () => accountsList(stateOf(context)).flatMap(choicesOf),
    onDidChange: whenChanged(accounts.onDidChange, () => accountsList(stateOf(context))),
    buttons: loginItems(accounts.ids.length).map(({ icon, label, action }) => ({
      iconPath: new vscode.ThemeIcon(icon),
      tooltip: label,
      press: () => action,
    })),
    focus,
  });
}

/** @throws Back */
function pickActionFor(accountId: string, context: CommandContext): Promise<Action> {
  const name = nameOfAccount(accountId, stateOf(context));
  return pick<Action>({
    place: { ...standalone(name), canGoBack: true },
    placeholder: l10n.t('Choose what to do with this account'),
    choices: () => {
      const actions = accountActions(accountId, stateOf(context));
      return actions ? choicesOf(actions) : [{ label: l10n.t('This account is logged out.') }];
    },
    onDidChange: whenChanged(context.accounts.onDidChange, () =>
      accountActions(accountId, stateOf(context)),
    ),
  });
}

/** Fires only if the lines have changed: a screen reader reads out again what is drawn again. */
function whenChanged(event: Event<unknown>, lines: () => unknown): Event<unknown> {
  let shown = JSON.stringify(lines());
  return (listener) =>
    event((change) => {
      const now = JSON.stringify(lines());
      if (now === shown) return;
      shown = now;
      listener(change);
    });
}

function stateOf({ accounts, settings }: CommandContext): AccountsListState {
  const { active, unreadable } = accounts;
  return {
    accounts: accounts.statuses(),
    active,
    unreadable,
    nameOf: (baseUrl) => settings.nameOf(baseUrl),
    remembered: (id) => accounts.remembered(id),
  };
}

function choicesOf<Does extends Action | ShowActions>({
  heading = '',
  lines,
}: Section<Does>): readonly Choice<Does>[] {
  return [
    { label: heading, kind: vscode.QuickPickItemKind.Separator },
    ...lines.map(({ icon, action, ...line }) => ({
      ...line,
      iconPath: new vscode.ThemeIcon(icon),
      answer: action,
    })),
  ];
}

/** Performs an action. An error is shown together with what helps the account it is about. */
function perform(action: Action, context: CommandContext): Promise<void> {
  const account = 'account' in action ? action.account : undefined;
  return context.messages.attempt(() => run(action, context), account);
}

async function run(action: Action, context: CommandContext): Promise<unknown> {
  const { accounts } = context;
  switch (action.do) {
    case 'activate':
      return accounts.activate(action.account.id);
    case 'renew':
      return renewTokenOf(context, action.account);
    case 'copy':
      return copyTokenOf(context, action.account);
    case 'loginAsUser':
      return loginAsUser(context, { admin: action.account });
    case 'openTerminal':
      return openTerminalAs(context, action.account);
    case 'openInstance':
      return openInstance(context, action.baseUrl);
    case 'renameInstance':
      return renameInstanceAt(context, action.baseUrl);
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
    case 'showLog':
      return vscode.commands.executeCommand('lookerAuth.showLog');
  }
}
