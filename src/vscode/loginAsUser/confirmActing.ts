import * as l10n from '@vscode/l10n';
import type { Account } from '../../accounts/account';
import type { Accounts } from '../../accounts/accounts';
import { needsLogin } from '../../accounts/errors';
import { hasAssociative } from '../../looker/api/apiVersion';
import { CanceledError } from '../../looker/errors/expectedError';
import { isUnreachable, LookerError } from '../../looker/errors/lookerError';
import { DisabledUserError } from '../../looker/errors/refusal';
import { hostOf } from '../../looker/instance/host';
import { askInDialog } from '../prompts/confirm';
import type { StepContext } from '../prompts/steps';
import { waitInPrompt } from '../prompts/waitInPrompt';
import { actAsQuestion } from './actAsQuestion';
import type { ChosenUser } from './pickUser';

/**
 * Asks for a confirmation in a dialog, however the user was chosen: other extensions can run commands and choose from
 * lists, but they can't press a button of a dialog.
 * @throws CanceledError; DisabledUserError; LookerError or LoginNeededError if Looker can't be asked
 */
export async function confirmActing(
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
