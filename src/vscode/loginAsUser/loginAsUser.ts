import * as l10n from '@vscode/l10n';
import type { Account } from '../../accounts/account';
import { hostOf } from '../../looker/instance/host';
import type { CommandContext } from '../context';
import { login } from '../login/login';
import { pick } from '../prompts/pick';
import { askInSteps, standalone, type Step } from '../prompts/steps';
import { waitInPrompt } from '../prompts/waitInPrompt';
import { adminChoice, adminsOn, isStart } from './adminChoices';
import { confirmActing } from './confirmActing';
import type { LoginAsUserPreset } from './loginAsUserPreset';
import { pickUser, type ChosenUser } from './pickUser';

interface Draft {
  admin?: Account;
  user?: ChosenUser;
  /** The account that already acts as this user. */
  acting?: Account | undefined;
  /** The text that was searched for. */
  typed?: string;
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
  const { user, associative } = await confirmActing(accounts, admin, chosen(draft.user), {
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
  );
}

function chosen<T>(answer: T | undefined): T {
  if (answer === undefined) throw new Error('A step was left out.');
  return answer;
}
