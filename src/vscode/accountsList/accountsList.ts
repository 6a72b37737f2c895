import * as l10n from '@vscode/l10n';
import { instanceOf, displayName, type Account } from '../../accounts/account';
import type { AccountStatus } from '../../accounts/accountStatus';
import type { UnreadableAccountError } from '../../accounts/errors';
import { hostOf } from '../../looker/instance/host';
import { iconOf, statusSentence, whereIs } from '../account/accountLine';
import type { LoginPreset } from '../login/loginPreset';
import { accountState, mustLogIn } from '../account/accountState';
import { nextStep } from '../messages/nextStep';

/** What a line or a button of the accounts list does. */
export type Action =
  | {
      readonly do:
        'activate' | 'renew' | 'copy' | 'loginAsUser' | 'stopActing' | 'openTerminal' | 'logout';
      readonly account: Account;
    }
  | { readonly do: 'openInstance'; readonly baseUrl: string }
  | { readonly do: 'forget'; readonly accountId: string }
  | { readonly do: 'loginAgain'; readonly preset: LoginPreset }
  | {
      readonly do: 'showExtension' | 'login' | 'importIni' | 'logoutSome' | 'logoutAll' | 'showLog';
    };

/** An action, as it is offered. */
export interface ActionItem {
  readonly icon: string;
  readonly label: string;
  readonly action: Action;
}

/** A line to choose. */
export interface Row extends ActionItem {
  /** The same as long as it is about the same. */
  readonly key: string;
  /** Beside the label; says whatever the icon says, too. */
  readonly description?: string;
  readonly detail?: string;
  readonly buttons?: readonly ActionItem[];
}

/** Lines that belong together. */
export interface Section {
  /** None where each line says it. */
  readonly heading?: string;
  readonly lines: readonly Row[];
}

/** What there is to list. */
export interface AccountsListState {
  /** By instance, each admin followed by those they act as. */
  readonly accounts: readonly AccountStatus[];
  readonly active: AccountStatus | undefined;
  readonly unreadable: readonly UnreadableAccountError[];
  /** What people call an instance. */
  readonly nameOf: (baseUrl: string) => string;
  /** Who has had an account of this id, as far as is remembered. */
  readonly whoWas: (accountId: string) => Account | undefined;
}

/** What stays in sight, however many accounts there are. */
export function titleItems(count: number): readonly ActionItem[] {
  return [
    { icon: 'add', label: l10n.t('Log In…'), action: { do: 'login' } },
    ...(count > 0
      ? [{ icon: 'sign-out', label: l10n.t('Log Out…'), action: { do: 'logoutSome' } } as const]
      : []),
  ];
}

/** The whole accounts list: a section an instance, then what can be done with the active account and besides. */
export function accountsList(state: AccountsListState): readonly Section[] {
  const { accounts, active, unreadable } = state;
  const instances = new Set([
    ...accounts.map(({ account }) => account.baseUrl),
    ...unreadable.map(({ accountId }) => instanceOf(accountId)),
  ]);
  const sections = [...instances].map((baseUrl) => ({
    lines: [
      ...accounts
        .filter(({ account }) => account.baseUrl === baseUrl)
        .map((status) => accountLine(status, state)),
      ...unreadable
        .filter(({ accountId }) => instanceOf(accountId) === baseUrl)
        .map((error) => unreadableLine(error, state)),
    ],
  }));
  return [
    ...sections,
    ...(active
      ? [
          {
            heading: l10n.t('With {0}, the active account', displayName(active.account)),
            lines: actions(active),
          },
        ]
      : []),
    { heading: l10n.t('Looker'), lines: others(accounts.length + unreadable.length) },
  ];
}

function accountLine(status: AccountStatus, { active, nameOf }: AccountsListState): Row {
  const { account } = status;
  const { id, baseUrl, sudo } = account;
  const isActive = id === active?.account.id;
  return {
    key: id,
    icon: iconOf(status),
    // Under the admin, who is named too.
    label: `${sudo ? INDENT : ''}${displayName(account)}`,
    // On each line: headings cannot be searched, and a screen reader says them once.
    description: whereIs(status, { isActive, nameOf: (baseUrl) => instanceName(baseUrl, nameOf) }),
    detail: statusSentence(status),
    action:
      accountState(status).isBroken && !sudo
        ? loginAgain({ baseUrl, again: [account] }).action
        : { do: 'activate', account },
    buttons: itemsFor(status),
  };
}

function unreadableLine(error: UnreadableAccountError, { nameOf, whoWas }: AccountsListState): Row {
  const { accountId, message } = error;
  const who = whoWas(accountId);
  const step = nextStep(error, who);
  const mend: ActionItem =
    step.do === 'loginAgain'
      ? loginAgain(step)
      : { icon: 'extensions', label: l10n.t('Show extension'), action: { do: 'showExtension' } };
  return {
    key: accountId,
    icon: 'warning',
    label: who ? displayName(who) : l10n.t('An account that cannot be read'),
    description: instanceName(instanceOf(accountId), nameOf),
    detail: message,
    action: mend.action,
    buttons: [
      mend,
      { icon: 'sign-out', label: l10n.t('Log out'), action: { do: 'forget', accountId } },
    ],
  };
}

/** What can be done with an account, the same everywhere. */
function itemsFor(status: AccountStatus): readonly ActionItem[] {
  const { account, canRenew } = status;
  const { baseUrl, user, sudo } = account;
  return [
    ...(mustLogIn(status) && !sudo ? [loginAgain({ baseUrl, again: [account] })] : []),
    ...(!canRenew
      ? []
      : [
          { icon: 'sync', label: l10n.t('Renew token'), action: { do: 'renew', account } } as const,
        ]),
    { icon: 'copy', label: l10n.t('Copy access token'), action: { do: 'copy', account } },
    ...(sudo
      ? []
      : [
          {
            icon: 'eye',
            label: l10n.t('Log in as user…'),
            action: { do: 'loginAsUser', account },
          } as const,
        ]),
    { icon: 'globe', label: l10n.t('Open in browser'), action: { do: 'openInstance', baseUrl } },
    sudo
      ? {
          icon: 'debug-disconnect',
          label: l10n.t('Stop acting as {0}', user.name),
          action: { do: 'stopActing', account },
        }
      : { icon: 'sign-out', label: l10n.t('Log out'), action: { do: 'logout', account } },
  ];
}

/** For the active one there is room for more, line by line. */
function actions(active: AccountStatus): readonly Row[] {
  const { account } = active;
  const terminal: ActionItem = {
    icon: 'terminal',
    label: l10n.t('Open terminal…'),
    action: { do: 'openTerminal', account },
  };
  return [...itemsFor(active), terminal].map((item) => ({ ...item, key: item.action.do }));
}

function others(count: number): readonly Row[] {
  const items: readonly ActionItem[] = [
    { icon: 'add', label: l10n.t('Log in…'), action: { do: 'login' } },
    {
      icon: 'cloud-download',
      label: l10n.t('Import from looker.ini…'),
      action: { do: 'importIni' },
    },
    ...(count > 1
      ? [
          {
            icon: 'sign-out',
            label: l10n.t('Log out of all accounts'),
            action: { do: 'logoutAll' },
          } as const,
        ]
      : []),
    { icon: 'output', label: l10n.t('Show log'), action: { do: 'showLog' } },
  ];
  return items.map((item) => ({ ...item, key: item.action.do }));
}

function loginAgain(preset: LoginPreset): ActionItem {
  return { icon: 'sign-in', label: l10n.t('Log in again'), action: { do: 'loginAgain', preset } };
}

/** The name in the settings hides where an instance is; the host is always shown. */
function instanceName(baseUrl: string, nameOf: AccountsListState['nameOf']): string {
  const [name, host] = [nameOf(baseUrl), hostOf(baseUrl)];
  return name === host ? host : `${name} (${host})`;
}

/** Spaces that are shown and not spoken. */
const INDENT = '\u2003\u2003';
