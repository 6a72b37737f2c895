import * as l10n from '@vscode/l10n';
import { displayName, instanceOf, type Account } from '../../accounts/account';
import type { AccountStatus } from '../../accounts/accountStatus';
import type { UnreadableAccountError } from '../../accounts/errors';
import { accountLine, nameAndHost, type Surroundings } from '../account/accountLine';
import { moveToFront } from '../account/moveToFront';
import {
  toRows,
  type Action,
  type ActionItem,
  type Row,
  type Section,
  type ShowActions,
} from './action';

/** Everything that the list shows. */
export interface AccountsListState extends Surroundings {
  /** By instance, each admin followed by the users they act as. */
  readonly accounts: readonly AccountStatus[];
  readonly unreadable: readonly UnreadableAccountError[];
  /** The account with this ID, if it is remembered. */
  readonly remembered: (accountId: string) => Account | undefined;
}

/**
 * The first lines of the list. They are also buttons in the title, which stay visible when the list is scrolled or
 * filtered.
 */
export function loginItems(count: number): readonly ActionItem[] {
  return [
    { icon: 'add', label: l10n.t('Log In…'), action: { do: 'login' } },
    ...(count > 0
      ? [{ icon: 'sign-out', label: l10n.t('Log Out…'), action: { do: 'logoutSome' } } as const]
      : []),
  ];
}

/**
 * The accounts list: login and logout, a section for each instance with its accounts, the active one first, and then
 * everything that isn't about an account.
 */
export function accountsList(state: AccountsListState): readonly Section<Action | ShowActions>[] {
  const { active, unreadable } = state;
  const accounts = moveToFront(state.accounts, active?.account.id);
  const instances = new Set([
    ...accounts.map(({ account }) => account.baseUrl),
    ...unreadable.map(({ accountId }) => instanceOf(accountId)),
  ]);
  const sections = [...instances].map((baseUrl) => ({
    lines: [
      ...accounts
        .filter(({ account }) => account.baseUrl === baseUrl)
        .map((status) => accountRow(status, state)),
      ...unreadable
        .filter(({ accountId }) => instanceOf(accountId) === baseUrl)
        .map((error) => unreadableRow(error, state)),
    ],
  }));
  return [
    { lines: toRows(loginItems(accounts.length + unreadable.length)) },
    ...sections,
    {
      lines: toRows([
        {
          icon: 'cloud-download',
          label: l10n.t('Import from looker.ini…'),
          action: { do: 'importIni' },
        },
        { icon: 'output', label: l10n.t('Show Log'), action: { do: 'showLog' } },
      ]),
    },
  ];
}

function accountRow(status: AccountStatus, state: AccountsListState): Row<ShowActions> {
  const { id } = status.account;
  // Each line names its instance: headings can't be searched, and a screen reader says them once.
  return {
    ...accountLine(status, state),
    key: id,
    action: { do: 'showActions', accountId: id },
  };
}

function unreadableRow(
  { accountId }: UnreadableAccountError,
  { nameOf, remembered }: AccountsListState,
): Row<ShowActions> {
  const where = nameAndHost(instanceOf(accountId), nameOf);
  return {
    key: accountId,
    icon: 'warning',
    label: nameOfUnreadable(remembered(accountId)),
    description: [l10n.t("can't be read"), where].join(' · '),
    action: { do: 'showActions', accountId },
  };
}

/**
 * The name of an account with a record that can't be read.
 * @param who the account, if it is remembered
 */
export function nameOfUnreadable(who: Account | undefined): string {
  return who ? displayName(who) : l10n.t('Unknown account');
}
