import * as vscode from 'vscode';
import type { Account } from '../../accounts/account';
import type { AccountStatus } from '../../accounts/accounts';
import { pick, type Choice } from '../prompts/pick';
import { accountChoice } from '../prompts/pickAccount';
import { alone } from '../prompts/steps';
import { copyAccessToken } from './copyAccessToken';
import type { CommandContext } from './context';
import { login } from './login';
import { loginAsUser } from './loginAsUser';
import { logout, logoutOf } from './logout';
import { renewToken } from './renewToken';

/** What choosing a line does. */
type Action = () => Promise<unknown>;

/** The accounts, the active one first; choosing one makes it active, and below is what can be done. */
export async function showAccounts(context: CommandContext): Promise<void> {
  const { accounts } = context;
  const { active } = accounts;
  const others = accounts.all().filter(({ account }) => account.id !== active?.account.id);
  const act = await pick<Action>({
    place: alone('Looker Accounts'),
    placeholder: 'Switch to an account, or choose what to do with the active one',
    choices: [
      ...(active
        ? [
            separator('Active'),
            { ...accountLine(active), answer: () => accounts.activate(active.account.id) },
            ...actionsOn(context, active.account),
          ]
        : []),
      ...(others.length > 0 ? [separator('Switch to')] : []),
      ...others.map((status) => ({
        ...accountLine(status),
        answer: () => accounts.activate(status.account.id),
      })),
      separator('Looker'),
      { label: '$(add) Log in…', answer: () => login(context) },
      ...(active ? [{ label: '$(sign-out) Log out…', answer: () => logout(accounts) }] : []),
    ],
  });
  await act();
}

function actionsOn(context: CommandContext, account: Account): Choice<Action>[] {
  const { accounts } = context;
  return [
    {
      label: '$(sync) Renew token',
      answer: () => renewToken(accounts, account),
    },
    {
      label: '$(copy) Copy access token',
      answer: () => copyAccessToken(accounts, account),
    },
    account.sudo
      ? {
          label: `$(debug-disconnect) Stop acting as ${account.user.name}`,
          answer: () => logoutOf(accounts, [account.id]),
        }
      : {
          label: '$(eye) Log in as user…',
          answer: () => loginAsUser(context, { admin: account }),
        },
  ];
}

function accountLine(
  status: AccountStatus,
): Pick<vscode.QuickPickItem, 'label' | 'description' | 'detail'> {
  const { label, description, detail } = accountChoice(status);
  return { label, ...(description && { description }), ...(detail && { detail }) };
}

function separator(label: string): Choice<never> {
  return { label, kind: vscode.QuickPickItemKind.Separator };
}
