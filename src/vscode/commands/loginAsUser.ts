import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import type { Account } from '../../accounts/account';
import type { Accounts } from '../../accounts/accounts';
import { hasAssociative } from '../../looker/apiVersion';
import { CancelledError, DisabledUserError } from '../../looker/errors';
import { hostOf } from '../../looker/host';
import type { LookerUser } from '../../looker/user';
import { plainText } from '../plainText';
import { confirm } from '../prompts/confirm';
import { pick, type Choice } from '../prompts/pick';
import { withProgress } from '../prompts/progress';
import { askInSteps, type Place, type Step } from '../prompts/steps';
import { userList, type UserLine } from '../userList';
import { UserSearch } from '../userSearch';
import { withFirst } from '../withFirst';
import type { CommandContext } from './context';
import { login } from './login';
import { accountChoice } from './pickAccount';

/** What the caller knows already. */
export interface LoginAsUserPreset {
  /** The account to act with. */
  readonly admin?: Account | undefined;
  /** The instance it must be on. */
  readonly baseUrl?: string | undefined;
  readonly userId?: string | undefined;
  /** See {@link LoginPreset.needless}. */
  readonly needless?: AbortSignal;
}

interface Draft {
  admin?: Account;
  user?: { readonly id: string; readonly name: string };
  /** The account that acts as them already. */
  acting?: Account | undefined;
  /** What was searched for. */
  typed?: string;
  associative?: boolean;
}

/**
 * Admin account, user, and whose activity Looker records where it still asks; then acts as that user. Logs in
 * first where nobody is. A user acted as already is switched to, as long as the token is good.
 * @throws CancelledError on Esc at any prompt, or Cancel while logging in
 */
export async function loginAsUser(
  context: CommandContext,
  preset: LoginAsUserPreset = {},
): Promise<Account> {
  const { accounts } = context;
  const draft: Draft = {};
  const admins = adminsOn(accounts, preset);
  const [only, another] = admins;
  if (!only) draft.admin = await login(context, preset);
  else if (!another) draft.admin = only.account;
  if (preset.userId !== undefined) {
    draft.user = { id: preset.userId, name: l10n.t('user {0}', preset.userId) };
  }

  const askAdmin: Step = async (place) => {
    draft.admin = await pick({
      place,
      placeholder: l10n.t('First your own account, an admin’s; then whom to act as'),
      choices: admins.map(accountChoice(context)),
    });
  };
  const askUser: Step = async (place) => {
    const answer = await pickUser(context, chosen(draft.admin), place, draft.typed);
    draft.typed = answer.typed;
    draft.user = answer.user;
    draft.acting = answer.acting;
  };
  const askAssociative: Step = async (place) => {
    delete draft.associative;
    if (draft.acting || !(await asksAssociative(accounts, chosen(draft.admin)))) return;
    const { name } = chosen(draft.user);
    draft.associative = await pick({
      place,
      placeholder: l10n.t('Looker records what you do as {0}: as whose activity?', name),
      choices: [
        {
          label: l10n.t('Mine'),
          detail: l10n.t('Looker records it as done by you, the admin, which is its default'),
          answer: true,
        },
        {
          label: l10n.t('That of {0}', plainText(name)),
          detail: l10n.t('Looker records it as done by them; they need a licence of their own'),
          answer: false,
        },
      ],
    });
  };
  const steps = [
    ...(draft.admin ? [] : [askAdmin]),
    ...(draft.user ? [] : [askUser]),
    askAssociative,
  ];
  await askInSteps(l10n.t('Log In to Looker as Another User'), steps, {
    totalSteps: 0,
    needless: preset.needless,
  });
  const { acting } = draft;
  if (acting) {
    await accounts.activate(acting.id);
    return acting;
  }
  const { admin, user } = { admin: chosen(draft.admin), user: chosen(draft.user) };
  if (preset.userId !== undefined) await confirmUser(accounts, admin, user.id);
  return withProgress(
    l10n.t('Logging in as {0} on {1}…', user.name, hostOf(admin.baseUrl)),
    (signal) => accounts.loginAs(admin, user.id, draft.associative, signal),
  );
}

/** Accounts that act as nobody else, the active one's first. Who is an admin, Looker decides. */
function adminsOn(accounts: Accounts, { admin, baseUrl }: LoginAsUserPreset) {
  const own = accounts
    .all()
    .filter(({ account }) => !account.sudo)
    .filter(({ account }) => admin === undefined || account.id === admin.id)
    .filter(({ account }) => baseUrl === undefined || account.baseUrl === baseUrl);
  const active = accounts.active?.account;
  return withFirst(own, active?.sudo?.adminAccountId ?? active?.id);
}

/** Whom an extension wants to act as, nobody has chosen yet. @throws CancelledError */
async function confirmUser(accounts: Accounts, admin: Account, userId: string): Promise<void> {
  const host = hostOf(admin.baseUrl);
  const user = await withProgress(
    l10n.t('Asking {0} who user {1} is…', host, userId),
    async (signal) => {
      try {
        return l10n.t('{0} (id {1})', (await accounts.user(admin, userId, signal)).name, userId);
      } catch (error) {
        if (error instanceof CancelledError) throw error;
        // Not everybody may see other users; whether they may act as this one, Looker says later.
        return l10n.t('user {0}', userId);
      }
    },
  );
  await confirm(
    l10n.t('Act as {0} on {1}?', user, host),
    l10n.t(
      'An extension asks for it. It could then do in Looker what this user can, with the rights of {0} to act as others.',
      admin.user.name,
    ),
    l10n.t('Act as This User'),
  );
}

/** What was chosen from the list of users. */
interface UserAnswer {
  readonly user: LookerUser;
  readonly acting?: Account | undefined;
  readonly typed: string;
}

/** @param value what was typed before, where this is asked again */
function pickUser(
  { accounts, nameOf, tell }: CommandContext,
  admin: Account,
  place: Place,
  value = '',
): Promise<UserAnswer> {
  const isAdmins = ({ sudo }: Account) => sudo?.adminAccountId === admin.id;
  const search = new UserSearch((words, page, signal) =>
    accounts.searchUsers(admin, words, page, signal),
  );
  const instance = nameOf(admin.baseUrl);
  const toChoice = (line: UserLine, typed: string): Choice<UserAnswer> => {
    if (line.is === 'heading') {
      return { label: line.words, kind: vscode.QuickPickItemKind.Separator };
    }
    const { icon, words, description, detail } = line;
    return {
      label: words,
      iconPath: new vscode.ThemeIcon(icon),
      ...(description !== undefined && { description }),
      ...(detail !== undefined && { detail }),
      // Looker has matched already; filtering again here would hide what it found by other fields.
      alwaysShow: true,
      ...(line.is === 'user' && { key: `user ${line.user.id}`, ...answering(line, typed) }),
      ...((line.is === 'more' || line.is === 'again') && { choose: () => void search.more() }),
    };
  };
  const answering = ({ user, acting }: UserLine & { is: 'user' }, typed: string) =>
    user.isDisabled
      ? { choose: () => void tell(new DisabledUserError(admin.baseUrl, user.name), admin) }
      : { answer: { user, acting, typed } };
  return pick<UserAnswer>({
    place,
    value,
    placeholder: l10n.t('Name, e-mail or id of a user on {0}', instance),
    choices: (typed) =>
      userList({
        typed,
        search,
        adminId: admin.user.id,
        recent: accounts.known
          .filter(({ account }) => isAdmins(account))
          .map(({ account: { user } }) => ({ ...user, isDisabled: false })),
        acting: accounts.all().filter(({ account }) => isAdmins(account)),
        instance,
      }).map((line) => toChoice(line, typed)),
    onDidChange: search.onDidChange,
    search: (typed, signal) => search.search(typed, signal),
  });
}

/** API 4.0 lost the choice with release 26.8, so a 4.0 instance is asked for its release first. */
async function asksAssociative(accounts: Accounts, admin: Account): Promise<boolean> {
  if (admin.apiVersion !== '4.0') return true;
  const title = l10n.t('Asking {0} for its release…', hostOf(admin.baseUrl));
  return withProgress(title, async (signal) => {
    try {
      return hasAssociative('4.0', (await accounts.apiOf(admin).release(signal))?.release);
    } catch (error) {
      if (error instanceof CancelledError) throw error;
      return false;
    }
  });
}

function chosen<T>(answer: T | undefined): T {
  if (answer === undefined) throw new Error('A step was left out.');
  return answer;
}
