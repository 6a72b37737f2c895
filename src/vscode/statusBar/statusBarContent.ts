import * as l10n from '@vscode/l10n';
import { displayName } from '../../accounts/account';
import type { AccountStatus } from '../../accounts/accountStatus';
import { cut, isolated } from '../../looker/inert';
import { actingSentence, nameAndHost, distinctName } from '../account/accountLine';
import { accountState, type AccountState } from '../account/accountState';

/** What the status bar item shows. */
export interface StatusBarContent {
  readonly text: string;
  /** The same for screen readers, including what is too long for the text. */
  readonly spoken: string;
  readonly tooltip: Tooltip;
  readonly background: 'none' | 'warning' | 'error';
  readonly click: LinkedCommand;
}

/** The tooltip, in plain text. */
export interface Tooltip {
  /** The user of the active account. */
  readonly heading?: string;
  /** The active account in detail, or a sentence if there is none. */
  readonly lines: readonly string[];
  /** A line for each other account, up to a limit. */
  readonly others: readonly string[];
  /** Links to commands. */
  readonly links: readonly Link[];
}

/** A text that runs a command. It is plain text and may contain names. */
export interface Link {
  readonly label: string;
  readonly command: LinkedCommand;
}

/** A command's ID without `lookerAuth.`. */
export type LinkedCommand = (typeof LINKED_COMMANDS)[number];
export const LINKED_COMMANDS = ['login', 'loginAsUser', 'showAccounts', 'stopActingAs'] as const;

/** The state that the item shows. */
export interface StatusBarState {
  readonly accounts: readonly AccountStatus[];
  readonly active: AccountStatus | undefined;
  readonly isLoggingIn: boolean;
  /** Why it isn't known yet which accounts are logged in. */
  readonly readFailure?: Error | undefined;
  /** The name of an instance, as the user sees it. */
  readonly nameOf: (baseUrl: string) => string;
}

/** The content of the status bar item. */
export function statusBarContent(state: StatusBarState): StatusBarContent {
  const { active, nameOf } = state;
  if (!active) return loggedOutContent(state);
  const { account } = active;
  const condition = accountState(active);
  const who = isolated(cut(account.user.name, LONGEST_NAME));
  // The instance comes last, since a narrow window cuts off the end.
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

function loggedOutContent({ isLoggingIn, readFailure }: StatusBarState): StatusBarContent {
  const links: readonly Link[] = [{ label: l10n.t('Log In…'), command: 'login' }];
  return {
    text: isLoggingIn
      ? l10n.t('$(sync~spin) Looker: logging in…')
      : l10n.t('$(key) Looker: log in'),
    spoken: isLoggingIn
      ? l10n.t('Looker: logging in')
      : l10n.t('Looker: not logged in. Click to log in.'),
    tooltip: {
      lines: isLoggingIn ? [] : [readFailure?.message ?? l10n.t("You're not logged in to Looker.")],
      others: [],
      links,
    },
    background: 'none',
    click: 'login',
  };
}

/** The icon. During a login, it spins beside the active account's name. */
function iconOf({ active, isLoggingIn }: StatusBarState, { icon }: AccountState): string {
  if (isLoggingIn) return 'sync~spin';
  return active?.account.sudo && icon === 'key' ? 'eye' : icon;
}

function tooltipOf(active: AccountStatus, { accounts, nameOf }: StatusBarState): Tooltip {
  const { account, failure } = active;
  const { spoken } = accountState(active);
  return {
    heading: distinctName(account, accounts),
    lines: [
      nameAndHost(account.baseUrl, nameOf),
      spoken.charAt(0).toUpperCase() + spoken.slice(1),
      ...(failure ? [failure.message] : []),
      ...(account.sudo ? [actingSentence(account)] : []),
    ],
    others: otherLines(accounts.filter((other) => other.account.id !== account.id)),
    links: linksFor(active),
  };
}

/** The other accounts, by label. Their state is added only if something is wrong, or soon will be. */
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
  if (sudo) links.push({ label: l10n.t('Stop Acting as {0}', user.name), command: 'stopActingAs' });
  else if (accountState(status).isBroken) {
    links.push({ label: l10n.t('Log In Again'), command: 'login' });
  }
  return [
    ...links,
    { label: l10n.t('Log In as User (Sudo)…'), command: 'loginAsUser' },
    { label: l10n.t('Accounts…'), command: 'showAccounts' },
  ];
}

/** Number of lines for other accounts in the tooltip. */
const MOST_OTHERS = 10;

/** Longest name in the status bar, in letters, so that the time stays visible. */
const LONGEST_NAME = 24;
