import type { Account } from '../../accounts/account';
import type { Accounts } from '../../accounts/accounts';
import { hasAssociative } from '../../looker/apiVersion';
import { hostOf } from '../../looker/errors';
import type { LookerUser } from '../../looker/user';
import { pick, type Choice } from '../prompts/pick';
import { accountChoice } from '../prompts/pickAccount';
import { withProgress } from '../prompts/progress';
import { askInSteps, type Step } from '../prompts/steps';
import { login, type LoginContext } from './login';

/** What the caller knows already. */
export interface LoginAsUserPreset {
  /** The account to act with. */
  readonly admin?: Account | undefined;
  /** The instance it must be on. */
  readonly baseUrl?: string | undefined;
  readonly userId?: string | undefined;
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
  context: LoginContext,
  preset: LoginAsUserPreset = {},
): Promise<Account> {
  const { accounts } = context;
  const draft: Draft = {};
  const admins = adminsOn(accounts, preset);
  const [only, another] = admins;
  if (!only) draft.admin = await login(context, preset.baseUrl);
  else if (!another) draft.admin = only.account;
  if (preset.userId !== undefined)
    draft.user = { id: preset.userId, name: `user ${preset.userId}` };

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
      choices: [],
      search: async (typed, signal) =>
        userChoices(typed, admin, await accounts.searchUsers(admin, typed, signal)),
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
  await askInSteps('Log In to Looker as Another User', steps, { totalSteps: 0 });
  const { admin, user } = { admin: chosen(draft.admin), user: chosen(draft.user) };
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

/** What Looker found, and a typed id that nobody found has: search may not show everybody. */
function userChoices(
  typed: string,
  admin: Account,
  found: readonly LookerUser[],
): Choice<LookerUser>[] {
  const choices = found
    .filter(({ id }) => id !== admin.user.id)
    .map((user): Choice<LookerUser> => ({
      label: user.name,
      description: [user.email, `id ${user.id}`, user.isDisabled && 'disabled']
        .filter(Boolean)
        .join(' · '),
      // Looker has matched already; filtering again here would hide what it found by other fields.
      alwaysShow: true,
      answer: user,
    }));
  const isId = /^\d+$/.test(typed) && !found.some(({ id }) => id === typed);
  const byId = { id: typed, name: `user ${typed}`, isDisabled: false };
  return isId
    ? [...choices, { label: `$(person) User id ${typed}`, alwaysShow: true, answer: byId }]
    : choices;
}

/** API 4.0 lost the choice with release 26.8, so a 4.0 instance is asked for its release first. */
async function asksAssociative(accounts: Accounts, admin: Account): Promise<boolean> {
  if (admin.apiVersion !== '4.0') return true;
  const release = await accounts
    .apiOf(admin)
    .release()
    .catch(() => undefined);
  return hasAssociative('4.0', release?.release);
}

function chosen<T>(answer: T | undefined): T {
  if (answer === undefined) throw new Error('A step was left out.');
  return answer;
}
