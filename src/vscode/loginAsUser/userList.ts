import * as l10n from '@vscode/l10n';
import type { Account } from '../../accounts/account';
import type { AccountStatus } from '../../accounts/accountStatus';
import { inertText, isolated } from '../../looker/inert';
import { userIdOf, type LookerUser } from '../../looker/api/user';
import { formatDuration } from '../text/duration';
import type { UserSearch } from './userSearch';

/** A line of the list of users to act as. */
export type UserLine =
  | { readonly is: 'heading'; readonly words: string }
  | ({
      readonly is: 'user';
      readonly user: LookerUser;
      readonly acting?: Account;
      /** Only the ID is known, as it was typed. */
      readonly isById?: boolean;
    } & Shown)
  | ({ readonly is: 'more' | 'again' | 'note' } & Shown);

interface Shown {
  readonly icon: string;
  readonly words: string;
  readonly description?: string;
  readonly detail?: string;
}

/** What there is to list. */
export interface UserListState {
  /** What is typed now; the search may still be about what was typed before. */
  readonly typed: string;
  readonly search: Pick<UserSearch, 'words' | 'users' | 'isAsking' | 'hasMore' | 'failure'>;
  /** The admin, who is left out. */
  readonly adminId: string;
  /** Users the admin has acted as, the last one first. */
  readonly recent: readonly LookerUser[];
  /** Those the admin acts as now. */
  readonly acting: readonly AccountStatus[];
  /** What people call the instance. */
  readonly instance: string;
}

/** Recent users shown at most. */
const MOST_RECENT = 5;

/** The users to choose from: recent ones first, then those found, then what can be done about the search. */
export function userList(state: UserListState): readonly UserLine[] {
  const { typed, search, adminId, instance } = state;
  const isCurrent = search.words === typed;
  const found = isCurrent ? search.users.filter(({ id }) => id !== adminId) : [];
  const recent = state.recent
    .filter((user) => matches(user, typed))
    .slice(0, MOST_RECENT)
    // What Looker says now is truer than what is remembered.
    .map((user) => found.find(({ id }) => id === user.id) ?? user);
  const others = found.filter(({ id }) => !recent.some((user) => user.id === id));
  const typedId = userIdOf(typed);
  const isId = /^\d+$/.test(typedId) && typedId !== adminId;
  const isShown = [...recent, ...others].some(({ id }) => id === typedId);
  return [
    ...(recent.length > 0 ? [heading(l10n.t('Recent'))] : []),
    ...recent.map((user) => userLine(user, state)),
    heading(l10n.t('Users on {0}: only Looker admins can act as them', instance)),
    ...others.map((user) => userLine(user, state)),
    ...(isId && !isShown ? [idLine(typedId)] : []),
    ...endOf(state, isCurrent, recent.length + others.length),
  ];
}

/** What comes after the users: how the search goes, and how it goes on. */
function endOf({ typed, search }: UserListState, isCurrent: boolean, count: number): UserLine[] {
  if (!isCurrent || (search.isAsking && count === 0)) {
    return [{ is: 'note', icon: 'sync~spin', words: l10n.t('Searching…') }];
  }
  if (search.isAsking)
    return [{ is: 'note', icon: 'sync~spin', words: l10n.t('Looking for more…') }];
  if (search.failure) {
    const words = l10n.t('Could not search: try again');
    return [{ is: 'again', icon: 'refresh', words, detail: search.failure.message }];
  }
  if (search.hasMore) return [{ is: 'more', icon: 'chevron-down', words: l10n.t('Show more…') }];
  if (count > 0) return [];
  const words =
    typed === ''
      ? l10n.t('No other users to be seen')
      : l10n.t('No user found for "{0}"', inertText(typed));
  return [{ is: 'note', icon: 'info', words }];
}

function userLine(user: LookerUser, { acting }: UserListState): UserLine {
  const status = acting.find(
    ({ account, timeLeft }) => account.user.id === user.id && timeLeft > 0,
  );
  const who =
    user.email === undefined
      ? l10n.t('id {0}', user.id)
      : l10n.t('{0}, id {1}', user.email, user.id);
  const line = { is: 'user', user, words: isolated(user.name), description: who } as const;
  if (user.isDisabled) {
    return { ...line, icon: 'circle-slash', description: l10n.t('{0}, disabled', who) };
  }
  if (!status) return { ...line, icon: 'account' };
  const left = formatDuration(status.timeLeft);
  const description = l10n.t('{0}, you act as them already: token good for {1}', who, left);
  return { ...line, icon: 'eye', description, acting: status.account };
}

/** A typed id can be chosen whatever the search finds: it may not show everybody, or fail. */
function idLine(id: string): UserLine {
  const name = l10n.t('User id {0}', id);
  const user = { id, name, isDisabled: false };
  return { is: 'user', user, isById: true, icon: 'account', words: name };
}

function heading(words: string): UserLine {
  return { is: 'heading', words };
}

/** As Looker searches: any part of a name or e-mail, in any case and either order, and a whole ID. */
function matches({ id, name, email }: LookerUser, typed: string): boolean {
  const known = `${name} ${email ?? ''}`.toLowerCase();
  const words = typed.toLowerCase().split(/[\s,]+/);
  return id === typed || words.every((word) => known.includes(word));
}
