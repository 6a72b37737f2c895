import * as l10n from '@vscode/l10n';
import { displayName } from '../../accounts/account';
import type { AccountStatus } from '../../accounts/accountStatus';
import { cut, isolated } from '../../looker/inert';
import { actingSentence, whereIs, whoIs } from '../account/accountLine';
import { accountState, type AccountState } from '../account/accountState';

/** What the status bar item shows. */
export interface StatusBarContent {
  readonly text: string;
  /** The same for a screen reader, with all that is too long for the text. */
  readonly spoken: string;
  readonly tooltip: Tooltip;
  readonly background: 'none' | 'warning' | 'error';
  readonly click: LinkedCommand;
}

/** What resting the mouse on the item shows, in plain text. */
export interface Tooltip {
  /** Whom the item shows. */
  readonly heading?: string;
  /** The active account in full, or what there is to say without one. */
  readonly lines: readonly string[];
  /** A line for each other account, as many as can be taken in. */
  readonly others: readonly string[];
  /** What it offers to do. */
  readonly links: readonly Link[];
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
  const { active, nameOf, isLoggingIn } = state;
  if (!active) return loggedOutContent(isLoggingIn);
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
    tooltip: tooltipOf(active, state),
    background: account.sudo ? 'warning' : condition.isBroken ? 'error' : 'none',
    click: condition.isBroken && !account.sudo ? 'login' : 'showAccounts',
  };
}

function loggedOutContent(isLoggingIn: boolean): StatusBarContent {
  const links: readonly Link[] = [{ words: l10n.t('Log In…'), command: 'login' }];
  return {
    text: isLoggingIn
      ? l10n.t('$(sync~spin) Looker: logging in…')
      : l10n.t('$(key) Looker: log in'),
    spoken: isLoggingIn
      ? l10n.t('Looker: logging in')
      : l10n.t('Looker: not logged in. Click to log in.'),
    tooltip: {
      lines: isLoggingIn ? [] : [l10n.t("You're not logged in to Looker.")],
      others: [],
      links,
    },
    background: 'none',
    click: 'login',
  };
}

/** A login under way spins beside the name of whoever is active meanwhile. */
function iconOf({ active, isLoggingIn }: StatusBarState, { icon }: AccountState): string {
  if (isLoggingIn) return 'sync~spin';
  return active?.account.sudo && icon === 'key' ? 'eye' : icon;
}

function tooltipOf(active: AccountStatus, { accounts, nameOf }: StatusBarState): Tooltip {
  const { account, failure } = active;
  const { spoken } = accountState(active);
  return {
    heading: whoIs(account, accounts),
    lines: [
      whereIs(account.baseUrl, nameOf),
      spoken.charAt(0).toUpperCase() + spoken.slice(1),
      ...(failure ? [failure.message] : []),
      ...(account.sudo ? [actingSentence(account)] : []),
    ],
    others: otherLines(accounts.filter((other) => other.account.id !== account.id)),
    links: linksFor(active),
  };
}

/** The label says who and where; how an account stands is said where something is wrong, or will be soon. */
function otherLines(others: readonly AccountStatus[]): readonly string[] {
  const shown = others.length > MOST_OTHERS ? others.slice(0, MOST_OTHERS - 1) : others;
  const more = others.length - shown.length;
  return [
    ...shown.map((status) => {
      const { icon, spoken } = accountState(status);
      return [status.account.label, ...(icon === 'key' ? [] : [spoken])].join(' · ');
    }),
    ...(more > 0 ? [l10n.t('and {0} more', more)] : []),
  ];
}

function linksFor(status: AccountStatus): readonly Link[] {
  const { user, sudo } = status.account;
  const links: Link[] = [];
  if (sudo) links.push({ words: l10n.t('Stop Acting as {0}', user.name), command: 'stopActingAs' });
  else if (accountState(status).isBroken) {
    links.push({ words: l10n.t('Log In Again'), command: 'login' });
  }
  return [
    ...links,
    { words: l10n.t('Log In as User (Sudo)…'), command: 'loginAsUser' },
    { words: l10n.t('Accounts…'), command: 'showAccounts' },
  ];
}

/** Lines for other accounts in the tooltip. */
const MOST_OTHERS = 10;

/** Characters of a name in the status bar: it leaves room for the time. */
const LONGEST_NAME = 24;
