import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import type { Account } from '../../accounts/account';
import { DisabledUserError } from '../../looker/errors/refusal';
import type { CommandContext } from '../context';
import { pick, type Choice } from '../prompts/pick';
import type { StepContext } from '../prompts/steps';
import { userList, type UserLine } from './userList';
import { UserSearch } from './userSearch';

/** The user to act as. The name is missing until Looker has sent it. */
export interface ChosenUser {
  readonly id: string;
  readonly name?: string | undefined;
}

/** The choice from the list of users. */
interface UserAnswer {
  readonly user: ChosenUser;
  readonly acting?: Account | undefined;
  readonly typed: string;
}

/** Lets the user search for a user to act as, and choose one. @param value the text from before, after Back */
export function pickUser(
  { accounts, settings, messages, nonAdmins }: CommandContext,
  admin: Account,
  place: StepContext,
  value = '',
): Promise<UserAnswer> {
  const isAdmins = ({ sudo }: Account) => sudo?.adminAccountId === admin.id;
  const search = new UserSearch(async (query, page, signal) => {
    const requests = await accounts.tokenRequests();
    const found = await requests.searchUsers(admin, query, page, signal);
    nonAdmins.learn(
      admin.id,
      found.users.filter(({ id }) => id !== admin.user.id),
    );
    return found;
  });
  const instance = settings.nameOf(admin.baseUrl);
  const toChoice = (line: UserLine, typed: string): Choice<UserAnswer> => {
    if (line.kind === 'heading') {
      return { label: line.label, kind: vscode.QuickPickItemKind.Separator };
    }
    const { icon, label, description, detail } = line;
    return {
      label,
      iconPath: new vscode.ThemeIcon(icon),
      ...(description !== undefined && { description }),
      ...(detail !== undefined && { detail }),
      // Looker has already filtered them, by more fields than are shown here.
      alwaysShow: true,
      ...(line.kind === 'user' && { key: `user ${line.user.id}`, ...answering(line, typed) }),
      ...((line.kind === 'more' || line.kind === 'again') && { choose: () => void search.more() }),
    };
  };
  const answering = ({ user, acting, isById }: UserLine & { kind: 'user' }, typed: string) =>
    user.isDisabled
      ? {
          choose: () =>
            void messages.showError(new DisabledUserError(admin.baseUrl, user.name), admin),
        }
      : { answer: { user: isById ? { id: user.id } : user, acting, typed } };
  return pick<UserAnswer>({
    place,
    value,
    placeholder: l10n.t(
      'Name, email, or ID of a user on {0}, for {1} to act as',
      instance,
      admin.user.name,
    ),
    choices: (typed) =>
      userList({
        typed,
        search,
        admin: admin.user,
        isNonAdmin: nonAdmins.has(admin.id),
        recent: accounts.known
          .filter(({ account }) => isAdmins(account))
          .map(({ account: { user } }) => ({ ...user, isDisabled: false })),
        acting: accounts.statuses().filter(({ account }) => isAdmins(account)),
        instance,
      }).map((line) => toChoice(line, typed)),
    onDidChange: search.onDidChange,
    search: (typed, signal) => search.search(typed, signal),
  });
}
