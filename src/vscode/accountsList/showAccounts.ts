import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import {
  accountsList,
  titleOffers,
  type Deed,
  type Line,
  type Offer,
  type Section,
} from './accountsList';
import { showOwnExtension } from '../ownExtension';
import { pick, type Choice } from '../prompts/pick';
import type { PromptButton } from '../prompts/showPrompt';
import { alone } from '../prompts/steps';
import { copyTokenOf } from '../commands/copyAccessToken';
import type { CommandContext } from '../context';
import { openInstance } from '../commands/openInstance';
import { importIni } from '../import/importIni';
import { login } from '../login/login';
import { loginAsUser } from '../loginAsUser/loginAsUser';
import { askToLogOut, logout, logoutOf } from '../logout/logout';
import { openTerminalAs } from '../terminal/openTerminal';

/** What is done once the list is closed. */
type Action = () => Promise<unknown>;

/** All accounts, live. Choosing one switches to it; each has buttons, and the active one lines, for the rest. */
export async function showAccounts(context: CommandContext): Promise<void> {
  const { accounts, settings } = context;
  const nameOf = (baseUrl: string) => settings.nameOf(baseUrl);
  const act = await pick<Action>({
    place: alone(l10n.t('Looker Accounts')),
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
    buttons: titleOffers(accounts.ids.length).map((offer) => buttonOf(offer, context)),
    focus: accounts.active?.account.id,
  });
  await act();
}

function choicesOf({ heading, lines }: Section, context: CommandContext): Choice<Action>[] {
  return [
    { label: heading ?? '', kind: vscode.QuickPickItemKind.Separator },
    ...lines.map((line) => choiceOf(line, context)),
  ];
}

function choiceOf(line: Line, context: CommandContext): Choice<Action> {
  const { key, icon, words, description, detail, deed, buttons } = line;
  return {
    key,
    iconPath: new vscode.ThemeIcon(icon),
    label: words,
    ...(description !== undefined && { description }),
    ...(detail !== undefined && { detail }),
    ...(buttons && { buttons: buttons.map((offer) => buttonOf(offer, context)) }),
    // Whoever renews wants to see the new time.
    ...(deed.do === 'renew'
      ? { choose: () => void inTheList(deed, context) }
      : { answer: () => attempt(deed, context, () => perform(deed, context)) }),
  };
}

/** What shows in the list, or beside it, leaves it open; what goes on elsewhere closes it. */
function buttonOf({ icon, words, deed }: Offer, context: CommandContext): PromptButton<Action> {
  const staysOpen = ['renew', 'copy', 'stopActing', 'logout', 'forget'].includes(deed.do);
  return {
    iconPath: new vscode.ThemeIcon(icon),
    tooltip: words,
    press: () =>
      staysOpen
        ? inTheList(deed, context)
        : () => attempt(deed, context, () => perform(deed, context)),
  };
}

/** The list stays, whatever comes of it. */
async function inTheList(deed: Deed, context: CommandContext): Promise<undefined> {
  await attempt(deed, context, () => perform(deed, context));
}

/** What goes wrong is said with what helps whom it is about. */
function attempt(deed: Deed, context: CommandContext, work: () => Promise<unknown>): Promise<void> {
  return context.messages.attempt(work, 'account' in deed ? deed.account : undefined);
}

async function perform(deed: Deed, context: CommandContext): Promise<unknown> {
  const { accounts } = context;
  switch (deed.do) {
    case 'activate':
      return accounts.activate(deed.account.id);
    case 'renew':
      return accounts.renew(deed.account.id);
    case 'copy':
      return copyTokenOf(context, deed.account);
    case 'loginAsUser':
      return loginAsUser(context, { admin: deed.account });
    case 'openTerminal':
      return openTerminalAs(context, deed.account);
    case 'openInstance':
      return openInstance(context, deed.baseUrl);
    case 'stopActing':
      return logoutOf(accounts, [deed.account.id]);
    case 'logout':
      return askToLogOut(accounts, [deed.account.id]);
    case 'forget':
      return askToLogOut(accounts, [deed.accountId]);
    case 'loginAgain':
      return login(context, deed.preset);
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
