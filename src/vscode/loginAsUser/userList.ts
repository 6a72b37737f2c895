import * as l10n from '@vscode/l10n';
import type { Account, AccountUser } from '../../accounts/account';
import type { AccountStatus } from '../../accounts/accountStatus';
import { verdictOn } from '../../looker/errors/expectedError';
import { inertName, inertText, isolated } from '../../looker/inert';
import { userIdOf, type LookerUser } from '../../looker/api/user';
import { formatDuration } from '../text/duration';
import type { UserSearch } from './userSearch';

/** A line in the list of users to act as. */
export type UserLine =
  | { readonly kind: 'heading'; readonly label: string }
  | ({
      readonly kind: 'user';
      readonly user: LookerUser;
      readonly acting?: Account;
      /** Only the typed ID is known. */
      readonly isById?: boolean;
    } & Shown)
  | ({ readonly kind: 'more' | 'again' | 'note' } & Shown);

interface Shown {
  readonly icon: string;
  readonly label: string;
  readonly description?: string;
  readonly detail?: string;
}

/** Everything that the list shows. */
export interface UserListState {
  /** The current text; the search may still be about an earlier one. */
  readonly typed: string;
  readonly search: Pick<UserSearch, 'query' | 'users' | 'isAsking' | 'hasMore' | 'failure'>;
  /** The admin, who isn't listed. */
  readonly admin: AccountUser;
  /** Whether this account is known not to be an admin's. */
  readonly isNonAdmin: boolean;
  /** Users that the admin has acted as, the latest first. */
  readonly recent: readonly LookerUser[];
  /** Accounts that act for the admin now. */
  readonly acting: readonly AccountStatus[];
  /** The name of the instance, as the user sees it. */
  readonly instance: string;
}

/** Number of recent users to show. */
const MOST_RECENT = 5;

/**
 * The users to choose from: recent ones, those found, and then the state of the search. If it is known that Looker will
 * refuse, the list says so first.
 */
export function userList(state: UserListState): readonly UserLine[] {
  const { typed, search, admin, instance } = state;
  const isCurrent = search.query === typed;
  const found = isCurrent ? search.users.filter(({ id }) => id !== admin.id) : [];
  const recent = state.recent
    .filter((user) => matches(user, typed))
    .slice(0, MOST_RECENT)
    // Looker's current data replaces what is remembered.
    .map((user) => found.find(({ id }) => id === user.id) ?? user);
  const others = found.filter(({ id }) => !recent.some((user) => user.id === id));
  const typedId = userIdOf(typed);
  const isId = /^\d+$/.test(typedId) && typedId !== admin.id;
  const isShown = [...recent, ...others].some(({ id }) => id === typedId);
  return [
    ...(state.isNonAdmin ? [nonAdminLine(admin, instance)] : []),
    ...(recent.length > 0 ? [heading(l10n.t('Recent'))] : []),
    ...recent.map((user) => userLine(user, state)),
    heading(l10n.t('Users on {0}', instance)),
    ...others.map((user) => userLine(user, state)),
    ...(isId && !isShown ? [idLine(typedId)] : []),
    ...endOf(state, isCurrent, recent.length + others.length),
  ];
}

function nonAdminLine({ name }: AccountUser, instance: string): UserLine {
  return {
    kind: 'note',
    icon: 'warning',
    label: l10n.t("{0} isn't an admin on {1}", isolated(name), instance),
    detail: l10n.t('Looker only lets admins act as other users. Log in with an admin account.'),
  };
}

/** The lines after the users: the state of the search, and how to continue it. */
function endOf(state: UserListState, isCurrent: boolean, count: number): UserLine[] {
  const { search } = state;
  if (!isCurrent || (search.isAsking && count === 0)) {
    return [{ kind: 'note', icon: 'sync~spin', label: l10n.t('Searching…') }];
  }
  if (search.isAsking) return [{ kind: 'note', icon: 'sync~spin', label: l10n.t('Loading more…') }];
  if (search.failure) {
    const label = l10n.t("Couldn't search. Try again");
    return [{ kind: 'again', icon: 'refresh', label, detail: verdictOn(search.failure) }];
  }
  if (search.hasMore) return [{ kind: 'more', icon: 'chevron-down', label: l10n.t('Show More…') }];
  return count > 0 ? [] : [nobodyLine(state)];
}

/** Says that no user was found, and what to try. For non-admins, Looker doesn't search by email. */
function nobodyLine({ typed, isNonAdmin }: UserListState): UserLine {
  const note = { kind: 'note', icon: 'info' } as const;
  if (typed === '') return { ...note, label: l10n.t('No other users to show') };
  return {
    ...note,
    label: l10n.t('No user matches "{0}"', inertText(typed)),
    detail:
      typed.includes('@') || isNonAdmin
        ? l10n.t('Try part of the name, or the user ID.')
        : l10n.t('Try part of the name, the email, or the user ID.'),
  };
}

function userLine(user: LookerUser, { acting }: UserListState): UserLine {
  const status = acting.find(
    ({ account, timeLeft }) => account.user.id === user.id && timeLeft > 0,
  );
  const who =
    user.email === undefined
      ? l10n.t('ID {0}', user.id)
      : l10n.t('{0} · ID {1}', user.email, user.id);
  const line = { kind: 'user', user, label: isolated(user.name), description: who } as const;
  if (user.isDisabled) {
    return { ...line, icon: 'circle-slash', description: l10n.t('disabled · {0}', who) };
  }
  if (!status) return { ...line, icon: 'account' };
  const left = formatDuration(status.timeLeft);
  const description = l10n.t('already acting as this user, token valid for {1} · {0}', who, left);
  return { ...line, icon: 'eye', description, acting: status.account };
}

/** A typed ID can always be chosen, since the search may fail or not show everyone. */
function idLine(id: string): UserLine {
  const name = l10n.t('User ID {0}', id);
  const user = { id, name, isDisabled: false };
  return { kind: 'user', user, isById: true, icon: 'account', label: name };
}

function heading(label: string): UserLine {
  return { kind: 'heading', label };
}

/** Matches as Looker does: any part of a name or email, in any case and order, or a whole ID. */
function matches({ id, name, email }: LookerUser, typed: string): boolean {
  const known = `${name} ${email ?? ''}`.toLowerCase();
  const words = typed.toLowerCase().split(/[\s,]+/);
  // A name that was typed as it is in Looker may be shown with other characters.
  const isKnown = (word: string) =>
    [word, inertName(word) || word].some((one) => known.includes(one));
  return id === typed || words.every(isKnown);
}
