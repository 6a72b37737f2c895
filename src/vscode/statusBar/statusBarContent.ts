import * as l10n from '@vscode/l10n';
import { displayName, type Account } from '../../accounts/account';
import type { AccountStatus } from '../../accounts/accountStatus';
import { cut, isolated } from '../../looker/inert';
import { actingSentence } from '../account/accountLine';
import { accountState, type AccountState } from '../account/accountState';
import { moveToFront } from '../account/moveToFront';

/** What the status bar item shows. */
export interface StatusBarContent {
  readonly text: string;
  /** The same for a screen reader, with all that is too long for the text. */
  readonly spoken: string;
  /** One line an account, as many as can be taken in, plain text. */
  readonly tooltip: readonly string[];
  /** What the tooltip offers to do. */
  readonly links: readonly Link[];
  readonly background: 'none' | 'warning' | 'error';
  readonly click: LinkedCommand;
}

/** Words that run a command; they may name users, and are plain text. */
export interface Link {
  readonly words: string;
  readonly command: LinkedCommand;
}

/** What follows `lookerAuth.` in the id of a command. */
export type LinkedCommand = (typeof LINKED_COMMANDS)[number];
export const LINKED_COMMANDS = ['login', 'loginAsUser', 'showAccounts', 'stopActingAs'] as const;

/** What there is to show. */
export interface StatusBarState {
  readonly accounts: readonly AccountStatus[];
  readonly active: AccountStatus | undefined;
  readonly isLoggingIn: boolean;
  /** What people call an instance. */
  readonly nameOf: (baseUrl: string) => string;
}

/** Everything the status bar can say, decided in one place. */
export function statusBarContent(state: StatusBarState): StatusBarContent {
  const { active, nameOf } = state;
  const login = {
    links: [{ words: l10n.t('Log in…'), command: 'login' }],
    click: 'login',
  } as const;
  if (!active && state.isLoggingIn) {
    return {
      ...login,
      text: l10n.t('$(sync~spin) Looker: logging in…'),
      spoken: l10n.t('Looker: logging in'),
      tooltip: [],
      background: 'none',
    };
  }
  if (!active) {
    return {
      ...login,
      text: l10n.t('$(key) Looker: log in'),
      spoken: l10n.t('Looker: logged out. Log in.'),
      tooltip: [l10n.t('Not logged in to Looker. Click to log in.')],
      background: 'none',
    };
  }
  const { account } = active;
  const condition = accountState(active);
  const who = isolated(cut(account.user.name, LONGEST_NAME));
  // In a narrow window the end is cut off, so it is the instance that comes last.
  const said = [
    account.sudo ? l10n.t('{0} (sudo)', who) : who,
    condition.short,
    nameOf(account.baseUrl),
  ];
  return {
    text: `$(${iconOf(state, condition)}) ${said.join(' · ')}`,
    spoken: l10n.t(
      'Looker: {0} on {1}, {2}',
      displayName(account),
      nameOf(account.baseUrl),
      condition.spoken,
    ),
    tooltip: tooltipLines(state),
    links: linksFor(account),
    background: account.sudo ? 'warning' : condition.isBroken ? 'error' : 'none',
    click: condition.isBroken && !account.sudo ? 'login' : 'showAccounts',
  };
}

/** A login under way spins beside the name of whoever is active meanwhile. */
function iconOf({ active, isLoggingIn }: StatusBarState, { icon }: AccountState): string {
  if (isLoggingIn) return 'sync~spin';
  return active?.account.sudo && icon === 'key' ? 'eye' : icon;
}

function tooltipLines(state: StatusBarState): readonly string[] {
  const { accounts, active } = state;
  const acting = active?.account.sudo ? [actingSentence(active.account)] : [];
  const most = MOST_LINES - acting.length;
  if (accounts.length <= most) {
    return [...accounts.map((status) => tooltipLine(status, state)), ...acting];
  }
  const shown = moveToFront(accounts, active?.account.id).slice(0, most - 1);
  return [
    ...shown.map((status) => tooltipLine(status, state)),
    l10n.t('… and {0} more accounts', accounts.length - shown.length),
    ...acting,
  ];
}

function tooltipLine(status: AccountStatus, { active }: StatusBarState): string {
  const { label, id } = status.account;
  const { spoken } = accountState(status);
  return id === active?.account.id
    ? l10n.t('{0}: active, {1}', label, spoken)
    : `${label}: ${spoken}`;
}

function linksFor({ user, sudo }: Account): readonly Link[] {
  return [
    ...(sudo
      ? [{ words: l10n.t('Stop acting as {0}', user.name), command: 'stopActingAs' } as const]
      : []),
    { words: l10n.t('Log in as user…'), command: 'loginAsUser' },
    { words: l10n.t('Accounts…'), command: 'showAccounts' },
  ];
}

/** Lines of the tooltip that are not links. */
const MOST_LINES = 12;

/** Characters of a name in the status bar: it leaves room for the time. */
const LONGEST_NAME = 24;
