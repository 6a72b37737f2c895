import * as l10n from '@vscode/l10n';
import { displayName, instanceOf, type Account } from '../../accounts/account';
import type { AccountStatus } from '../../accounts/accountStatus';
import type { UnreadableAccountError } from '../../accounts/errors';
import { verdictOn } from '../../looker/errors/expectedError';
import { accountState, mustLogIn } from '../account/accountState';
import { nameAndHost } from '../account/accountLine';
import type { LoginPreset } from '../login/loginPreset';
import { nextStep } from '../messages/nextStep';
import { nameOfUnreadable, type AccountsListState } from './accountsList';
import { toRows, type ActionItem, type Section } from './action';

/** Actions for one account, the most helpful one first; undefined if the account is gone. */
export function accountActions(accountId: string, state: AccountsListState): Section | undefined {
  const status = state.accounts.find(({ account }) => account.id === accountId);
  if (status) return actionsOf(status, state);
  const error = state.unreadable.find((unreadable) => unreadable.accountId === accountId);
  return error && actionsOfUnreadable(error, state);
}

/** The title above the actions: the user and the instance. */
export function nameOfAccount(accountId: string, state: AccountsListState): string {
  const status = state.accounts.find(({ account }) => account.id === accountId);
  const name = status ? displayName(status.account) : nameOfUnreadable(state.remembered(accountId));
  return `${name} · ${nameAndHost(instanceOf(accountId), state.nameOf)}`;
}

function actionsOf(status: AccountStatus, { accounts, active }: AccountsListState): Section {
  const { account, failure } = status;
  const { id, baseUrl, user, sudo } = account;
  const isActive = id === active?.account.id;
  const { isBroken, spoken } = accountState(status);
  const again = loginThatHelps(status, accounts);
  const stop: ActionItem | undefined = sudo && {
    icon: 'debug-disconnect',
    label: l10n.t('Stop Acting as {0}', user.name),
    action: { do: 'stopActing', account },
  };
  const renew: ActionItem = {
    icon: 'sync',
    label: l10n.t('Renew Token'),
    action: { do: 'renew', account },
  };
  const help = isBroken ? (again ?? stop) : undefined;
  const items: readonly (ActionItem | undefined)[] = [
    help,
    isActive
      ? undefined
      : {
          icon: 'check',
          label: l10n.t('Switch to This Account'),
          action: { do: 'activate', account },
        },
    stop ?? {
      icon: 'eye',
      label: l10n.t('Log In as User (Sudo)…'),
      action: { do: 'loginAsUser', account },
    },
    again,
    status.canRenew ? renew : undefined,
    { icon: 'copy', label: l10n.t('Copy Access Token'), action: { do: 'copy', account } },
    { icon: 'terminal', label: l10n.t('Open Terminal'), action: { do: 'openTerminal', account } },
    { icon: 'globe', label: l10n.t('Open in Browser'), action: { do: 'openInstance', baseUrl } },
    { icon: 'edit', label: l10n.t('Rename Instance…'), action: { do: 'renameInstance', baseUrl } },
    sudo
      ? undefined
      : { icon: 'sign-out', label: l10n.t('Log Out…'), action: { do: 'logout', account } },
  ];
  // An action that helps is listed first, and only there.
  const once = new Set(items.flatMap((item) => item ?? []));
  const explained = help ?? again ?? renew;
  const lines = [...once].map((item) => ({
    ...item,
    key: item.action.do,
    // In one line, since VS Code cuts off the rest.
    ...(failure && item === explained && { detail: verdictOn(failure) }),
  }));
  return { heading: isActive ? l10n.t('active, {0}', spoken) : spoken, lines };
}

/** The login that gets the account a new token, if one is needed. For a sudo account, it is the admin's login. */
function loginThatHelps(
  status: AccountStatus,
  accounts: readonly AccountStatus[],
): ActionItem | undefined {
  const { sudo } = status.account;
  const owner = sudo ? accounts.find(({ account }) => account.id === sudo.adminAccountId) : status;
  if (!owner || !mustLogIn(owner)) return undefined;
  const { baseUrl } = owner.account;
  return loginAgain({ baseUrl, again: [owner.account] }, sudo?.admin.name);
}

function actionsOfUnreadable(
  error: UnreadableAccountError,
  { remembered }: AccountsListState,
): Section {
  const { accountId, message } = error;
  const step = nextStep(error, remembered(accountId));
  const mend: ActionItem =
    step.do === 'loginAgain'
      ? loginAgain(step)
      : { icon: 'extensions', label: l10n.t('Show Extension'), action: { do: 'showExtension' } };
  const [first, ...others] = toRows([
    mend,
    { icon: 'sign-out', label: l10n.t('Log Out…'), action: { do: 'forget', accountId } },
  ]);
  return { lines: [...(first ? [{ ...first, detail: message }] : []), ...others] };
}

/** @param admin name of the admin to log in as, for a sudo account */
function loginAgain({ baseUrl, again }: LoginPreset, admin?: Account['user']['name']): ActionItem {
  return {
    icon: 'sign-in',
    label: admin === undefined ? l10n.t('Log In Again') : l10n.t('Log In Again as {0}', admin),
    action: { do: 'loginAgain', preset: { baseUrl, ...(again && { again }) } },
  };
}
