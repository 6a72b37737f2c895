import * as l10n from '@vscode/l10n';
import { displayName, instanceOf, type Account } from '../../accounts/account';
import type { AccountStatus } from '../../accounts/accountStatus';
import type { UnreadableAccountError } from '../../accounts/errors';
import { accountLine, whereIs, type Surroundings } from '../account/accountLine';
import { moveToFront } from '../account/moveToFront';
import {
  toRows,
  type Action,
  type ActionItem,
  type Row,
  type Section,
  type ShowActions,
} from './action';

/** What there is to list. */
export interface AccountsListState extends Surroundings {
  /** By instance, each admin followed by those they act as. */
  readonly accounts: readonly AccountStatus[];
  readonly unreadable: readonly UnreadableAccountError[];
  /** Who has had an account of this id, as far as is remembered. */
  readonly whoWas: (accountId: string) => Account | undefined;
}

/** What stays in sight in the title, however far the list is scrolled or filtered, and stands above it, too. */
export function loginItems(count: number): readonly ActionItem[] {
  return [
    { icon: 'add', label: l10n.t('Log In…'), action: { do: 'login' } },
    ...(count > 0
      ? [{ icon: 'sign-out', label: l10n.t('Log Out…'), action: { do: 'logoutSome' } } as const]
      : []),
  ];
}

/**
 * The whole accounts list: logging in and out, then a section an instance with a line an account, the active one first,
 * then what concerns no account.
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
  { nameOf, whoWas }: AccountsListState,
): Row<ShowActions> {
  const where = whereIs(instanceOf(accountId), nameOf);
  return {
    key: accountId,
    icon: 'warning',
    label: nameOfUnreadable(whoWas(accountId)),
    description: [l10n.t("can't be read"), where].join(' · '),
    action: { do: 'showActions', accountId },
  };
}

/** What to call an account whose record can't be read. @param who had it, as far as is remembered */
export function nameOfUnreadable(who: Account | undefined): string {
  return who ? displayName(who) : l10n.t('Unknown account');
}
