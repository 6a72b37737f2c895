import * as vscode from 'vscode';
import type { Account } from '../../accounts/account';
import type { Accounts } from '../../accounts/accounts';
import { hasAssociative } from '../../looker/apiVersion';
import { CancelledError, hostOf } from '../../looker/errors';
import type { LookerUser } from '../../looker/user';
import { pick, type Choice } from '../prompts/pick';
import { accountChoice } from '../prompts/pickAccount';
import { withProgress } from '../prompts/progress';
import { askInSteps, type Step } from '../prompts/steps';
import type { CommandContext } from './context';
import { login } from './login';

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
  associative?: boolean;
}

/**
 * Admin account, user, and whom Looker books the activity on where it still asks; then acts as that
 * user. Logs in first where nobody is.
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
    draft.user = { id: preset.userId, name: `user ${preset.userId}` };
  }

  const askAdmin: Step = async (place) => {
    draft.admin = await pick({
      place,
      placeholder: 'Admin account to act with',
      choices: admins.map(accountChoice),
    });
  };
  const askUser: Step = async (place) => {
    const admin = chosen(draft.admin);
    draft.user = await pick<LookerUser>({
      place,
      placeholder: `Name, e-mail or id of a user on ${hostOf(admin.baseUrl)}`,
      choices: (typed) => (/^\d+$/.test(typed) ? [choiceOf(typed)] : []),
      search: async (typed, signal) =>
        (await accounts.searchUsers(admin, typed, 1, signal))
          .filter(({ id }) => id !== admin.user.id && id !== typed)
          .map(toChoice),
    });
  };
  const askAssociative: Step = async (place) => {
    delete draft.associative;
    if (!(await asksAssociative(accounts, chosen(draft.admin)))) return;
    draft.associative = await pick({
      place,
      placeholder: 'Whose activity shall Looker record?',
      choices: [
        { label: 'Mine', detail: 'Looker books what is done on you, the admin', answer: true },
        {
          label: `That of ${chosen(draft.user).name}`,
          detail: 'They need a licence of their own',
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
  await askInSteps('Log In to Looker as Another User', steps, {
    totalSteps: 0,
    needless: preset.needless,
  });
  const { admin, user } = { admin: chosen(draft.admin), user: chosen(draft.user) };
  if (preset.userId !== undefined) await confirm(accounts, admin, user.id);
  return withProgress(`Logging in as ${user.name} on ${hostOf(admin.baseUrl)}…`, (signal) =>
    accounts.loginAs(admin, user.id, draft.associative, signal),
  );
}

/** Accounts with an API key of their own, the active one's first. Who is an admin, Looker decides. */
function adminsOn(accounts: Accounts, { admin, baseUrl }: LoginAsUserPreset) {
  const own = accounts
    .all()
    .filter(({ account }) => !account.sudo)
    .filter(({ account }) => admin === undefined || account.id === admin.id)
    .filter(({ account }) => baseUrl === undefined || account.baseUrl === baseUrl);
  const active = accounts.active?.account;
  const first = active?.sudo?.adminAccountId ?? active?.id;
  return own.sort((a, b) => Number(b.account.id === first) - Number(a.account.id === first));
}

/** Whom an extension wants to act as, nobody has chosen yet. @throws CancelledError */
async function confirm(accounts: Accounts, admin: Account, userId: string): Promise<void> {
  const host = hostOf(admin.baseUrl);
  const user = await withProgress(`Asking ${host} who user ${userId} is…`, async (signal) => {
    try {
      return `${(await accounts.user(admin, userId, signal)).name} (id ${userId})`;
    } catch (error) {
      if (error instanceof CancelledError) throw error;
      // Not everybody may see other users; whether they may act as this one, Looker says later.
      return `user ${userId}`;
    }
  });
  const act = 'Act as This User';
  const answer = await vscode.window.showWarningMessage(
    `Act as ${user} on ${host}?`,
    {
      modal: true,
      detail: `An extension asks for it. It could then do in Looker what this user can, with the rights of ${admin.user.name} to act as others.`,
    },
    act,
  );
  if (answer !== act) throw new CancelledError();
}

function toChoice(user: LookerUser): Choice<LookerUser> {
  return {
    label: user.name,
    description: [user.email, `id ${user.id}`, user.isDisabled && 'disabled']
      .filter(Boolean)
      .join(' · '),
    // Looker has matched already; filtering again here would hide what it found by other fields.
    alwaysShow: true,
    answer: user,
  };
}

/** A typed id can be chosen whatever the search finds: it may not show everybody, or fail. */
function choiceOf(id: string): Choice<LookerUser> {
  const user = { id, name: `user ${id}`, isDisabled: false };
  return { label: `$(person) User id ${id}`, alwaysShow: true, answer: user };
}

/** API 4.0 lost the choice with release 26.8, so a 4.0 instance is asked for its release first. */
async function asksAssociative(accounts: Accounts, admin: Account): Promise<boolean> {
  if (admin.apiVersion !== '4.0') return true;
  const title = `Asking ${hostOf(admin.baseUrl)} for its release…`;
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
