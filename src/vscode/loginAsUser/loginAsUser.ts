import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import type { Account } from '../../accounts/account';
import type { Accounts } from '../../accounts/accounts';
import type { AccountStatus } from '../../accounts/accountStatus';
import { needsLogin } from '../../accounts/errors';
import { hasAssociative } from '../../looker/api/apiVersion';
import { CanceledError } from '../../looker/errors/expectedError';
import { isUnreachable, LookerError } from '../../looker/errors/lookerError';
import { DisabledUserError, SudoRefusedError } from '../../looker/errors/refusal';
import { hostOf, isSameInstance } from '../../looker/instance/host';
import { BrowserSudoRefusedError } from '../../looker/oauth/errors';
import { askInDialog } from '../prompts/confirm';
import { pick, type Choice } from '../prompts/pick';
import { standalone, askInSteps, type StepContext, type Step } from '../prompts/steps';
import { waitInPrompt } from '../prompts/waitInPrompt';
import { actAsQuestion } from './actAsQuestion';
import { userList, type UserLine } from './userList';
import { UserSearch } from './userSearch';
import { moveToFront } from '../account/moveToFront';
import type { CommandContext } from '../context';
import { login } from '../login/login';
import { accountChoice } from '../account/pickAccount';

/** What is already known. */
export interface LoginAsUserPreset {
  /** The account to act with. */
  readonly admin?: Account | undefined;
  /** The instance it must be on. */
  readonly baseUrl?: string | undefined;
  readonly userId?: string | undefined;
  /** See {@link LoginPreset.abandoned}. */
  readonly abandoned?: AbortSignal;
}

interface Draft {
  admin?: Account;
  user?: ChosenUser;
  /** The account that already acts as this user. */
  acting?: Account | undefined;
  /** The text that was searched for. */
  typed?: string;
}

/** The user to act as. The name is missing until Looker has sent it. */
interface ChosenUser {
  readonly id: string;
  readonly name?: string | undefined;
}

/**
 * Lets the user choose an admin account and a user, and acts as that user after a confirmation in a dialog. If there is
 * no account, it starts with a login. If an account already acts as that user and its token is valid, it becomes the
 * active one.
 * @throws CanceledError on Esc at any prompt, or on Cancel during the login
 */
export async function loginAsUser(
  context: CommandContext,
  preset: LoginAsUserPreset = {},
): Promise<Account> {
  const { accounts } = context;
  const draft: Draft = {};
  const admins = adminsOn(context, preset);
  const [first, another] = admins;
  const again = preset.admin && [preset.admin];
  draft.admin = first?.account ?? (await login(context, { ...preset, ...(again && { again }) }));
  if (preset.userId !== undefined) draft.user = { id: preset.userId };

  const askAdmin: Step = async (place) => {
    draft.admin = await pick({
      place,
      placeholder: l10n.t('Choose the admin account to use'),
      choices: admins.map((status) => adminChoice(status, context)),
    });
  };
  const askUser: Step = async (place) => {
    const answer = await pickUser(context, chosen(draft.admin), place, draft.typed);
    draft.typed = answer.typed;
    draft.user = answer.user;
    draft.acting = answer.acting;
  };
  const steps = [...(another ? [askAdmin] : []), ...(draft.user ? [] : [askUser])];
  const flow = standalone(l10n.t('Log In as User (Sudo)'));
  await askInSteps(flow.title, steps, {
    // Back returns to the other accounts.
    from: another && !draft.user && isStart(context, draft.admin) ? 1 : 0,
    totalSteps: 0,
    abandoned: preset.abandoned,
  });
  // The list may still show an account that another window has logged out.
  const acting = draft.acting && accounts.peek(draft.acting.id)?.account;
  if (acting) {
    await accounts.activate(acting.id);
    return acting;
  }
  const admin = chosen(draft.admin);
  const { user, associative } = await agreeOn(accounts, admin, chosen(draft.user), {
    place: { ...flow, abandoned: preset.abandoned },
    isForExtension: preset.abandoned !== undefined,
  });
  const host = hostOf(admin.baseUrl);
  const message =
    user.name === undefined
      ? l10n.t('Logging in as user {0} on {1}…', user.id, host)
      : l10n.t('Logging in as {0} on {1}…', user.name, host);
  return waitInPrompt(flow, message, (signal) =>
    accounts.loginAs(admin, user.id, associative, signal),
  ).catch((error: unknown) => {
    const isAdmin = ({ account }: AccountStatus) => account.id === admin.id;
    const isOfBrowser = accounts.statuses().find(isAdmin)?.how === 'browser';
    if (!isOfBrowser || !(error instanceof SudoRefusedError)) throw error;
    throw new BrowserSudoRefusedError(admin.baseUrl, error.status ?? 403, user.id);
  });
}

/**
 * Users' own accounts, the active one's first, and accounts that are known not to be an admin's last. Looker decides
 * who is an admin.
 */
function adminsOn(
  { accounts, nonAdmins }: CommandContext,
  { admin, baseUrl }: LoginAsUserPreset,
): readonly AccountStatus[] {
  const own = accounts
    .statuses()
    .filter(({ account }) => !account.sudo)
    .filter(({ account }) => admin === undefined || account.id === admin.id)
    .filter(({ account }) => baseUrl === undefined || isSameInstance(account.baseUrl, baseUrl));
  const active = accounts.active?.account;
  const isNonAdmin = ({ account }: AccountStatus) => nonAdmins.has(account.id);
  const ordered = moveToFront(own, active?.sudo?.adminAccountId ?? active?.id);
  return [...ordered.filter((status) => !isNonAdmin(status)), ...ordered.filter(isNonAdmin)];
}

/** An admin account as a line, which says if it is known not to be an admin's. */
function adminChoice(status: AccountStatus, context: CommandContext) {
  const choice = accountChoice(context)(status);
  if (!context.nonAdmins.has(status.account.id)) return choice;
  return { ...choice, description: l10n.t('not an admin · {0}', choice.description ?? '') };
}

/**
 * Asks for a confirmation in a dialog, however the user was chosen: other extensions can run commands and choose from
 * lists, but they can't press a button of a dialog.
 * @throws CanceledError; DisabledUserError; LookerError or LoginNeededError if Looker can't be asked
 */
async function agreeOn(
  accounts: Accounts,
  admin: Account,
  wanted: ChosenUser,
  { place, isForExtension }: { readonly place: StepContext; readonly isForExtension: boolean },
): Promise<{ readonly user: ChosenUser; readonly associative: boolean | undefined }> {
  const message = l10n.t('Looking up user {1} on {0}…', hostOf(admin.baseUrl), wanted.id);
  const [user, hasChoice] = await waitInPrompt(place, message, (signal) =>
    Promise.all([
      wanted.name === undefined ? lookUp(accounts, admin, wanted.id, signal) : wanted,
      offersAssociative(accounts, admin, signal),
    ]),
  );
  const { question, detail, buttons } = actAsQuestion({
    admin,
    user,
    hasAssociative: hasChoice,
    isForExtension,
  });
  const answer = await askInDialog(question, detail, ...buttons.map(({ label }) => label));
  const agreed = buttons.find(({ label }) => label === answer);
  if (!agreed) throw new CanceledError();
  return { user, associative: agreed.associative };
}

/**
 * Whether the status bar shows this account, or a user it acts as, and it may be an admin's. Then the user needn't
 * choose an account.
 */
function isStart({ accounts, nonAdmins }: CommandContext, { id }: Account): boolean {
  const active = accounts.active?.account;
  return (active?.sudo?.adminAccountId ?? active?.id) === id && !nonAdmins.has(id);
}

/** The user with an ID, if Looker shows it: not everyone may see other users. */
async function lookUp(
  accounts: Accounts,
  admin: Account,
  userId: string,
  signal: AbortSignal,
): Promise<ChosenUser> {
  const user = await (
    await accounts.tokenRequests()
  )
    .user(admin, userId, signal)
    .catch((error: unknown) => {
      const isAnswer = error instanceof LookerError && !isUnreachable(error) && !needsLogin(error);
      if (!isAnswer) throw error;
      return undefined;
    });
  if (user?.isDisabled) throw new DisabledUserError(admin.baseUrl, user.name);
  return { id: userId, name: user?.name };
}

/** The choice from the list of users. */
interface UserAnswer {
  readonly user: ChosenUser;
  readonly acting?: Account | undefined;
  readonly typed: string;
}

/** @param value the text from before, after Back */
function pickUser(
  { accounts, settings, messages, nonAdmins }: CommandContext,
  admin: Account,
  place: StepContext,
  value = '',
): Promise<UserAnswer> {
  const isAdmins = ({ sudo }: Account) => sudo?.adminAccountId === admin.id;
  const search = new UserSearch(async (query, page, signal) => {
    const found = await accounts.searchUsers(admin, query, page, signal);
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

/**
 * Whether Looker offers the choice. API 4.0 dropped it with release 26.8, so a 4.0 instance is asked for its release
 * first.
 */
async function offersAssociative(
  accounts: Accounts,
  admin: Account,
  signal: AbortSignal,
): Promise<boolean> {
  if (admin.apiVersion !== '4.0') return true;
  try {
    return hasAssociative(
      '4.0',
      (await (await accounts.tokenRequests()).apiOf(admin).release(signal))?.release,
    );
  } catch (error) {
    if (error instanceof CanceledError) throw error;
    return false;
  }
}

function chosen<T>(answer: T | undefined): T {
  if (answer === undefined) throw new Error('A step was left out.');
  return answer;
}
