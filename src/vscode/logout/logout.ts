import * as l10n from '@vscode/l10n';
import { instanceOf } from '../../accounts/account';
import type { Accounts } from '../../accounts/accounts';
import { NotLoggedInError } from '../account/errors';
import { CanceledError } from '../../looker/errors/expectedError';
import { hostOf } from '../../looker/instance/host';
import { logoutQuestion } from './logoutQuestion';
import { askInDialog } from '../prompts/confirm';
import { pick } from '../prompts/pick';
import { withProgress } from '../prompts/progress';
import { showDone } from '../prompts/showDone';
import { standalone } from '../prompts/steps';
import { listNames } from '../text/listNames';
import { revokeLoginsEverywhere } from './revokeEverywhere';
import { showUnrevoked } from './unrevoked';
import type { CommandContext } from '../context';
import { accountChoice, activeFirst } from '../account/pickAccount';

/**
 * Lets the user choose an account, or all of them, if there are several, and logs out after a confirmation.
 * @throws NotLoggedInError; CanceledError
 */
export async function logout(context: CommandContext): Promise<void> {
  const { accounts } = context;
  const { ids } = accounts;
  if (ids.length === 0) throw accounts.readFailure ?? new NotLoggedInError();
  await askToLogOut(accounts, ids.length === 1 ? ids : await pickToLogOut(context));
}

/** @returns IDs of the accounts that the user has chosen */
function pickToLogOut({ accounts, settings }: CommandContext): Promise<readonly string[]> {
  return pick<readonly string[]>({
    place: standalone(l10n.t('Log Out of Looker')),
    placeholder: l10n.t('Choose the account to log out of'),
    choices: [
      ...activeFirst(accounts)
        .map(accountChoice({ accounts, settings }))
        .map((choice) => ({ ...choice, answer: [choice.answer.id] })),
      ...accounts.unreadable.map(({ accountId, message }) => ({
        label: l10n.t(
          "$(warning) Can't read the account on {0}",
          settings.nameOf(instanceOf(accountId)),
        ),
        detail: message,
        answer: [accountId],
      })),
      { label: l10n.t('$(sign-out) All accounts'), answer: accounts.ids },
    ],
  });
}

/**
 * Logs out of these accounts, and of those they act as, after a confirmation in a dialog: other extensions can run
 * commands and choose from lists, but they can't press a button of a dialog.
 * @throws CanceledError
 */
export async function askToLogOut(accounts: Accounts, ids: readonly string[]): Promise<void> {
  const state = { ids, accounts: accounts.statuses(), known: accounts.known };
  const { question, detail, revocable } = logoutQuestion(state);
  const clientId = accounts.oauthClientOf(revocable?.id ?? '');
  const logOut = l10n.t('Log Out');
  const revoke = l10n.t('Revoke Everywhere…');
  const buttons = clientId === undefined ? [logOut] : [logOut, revoke];
  const answer = await askInDialog(question, detail, ...buttons);
  if (answer === undefined) throw new CanceledError();
  if (answer === revoke && revocable && clientId !== undefined) {
    await revokeLoginsEverywhere(accounts, revocable, clientId);
  }
  await logoutOf(accounts, ids);
}

/** Logs out of these accounts, and of those they act as, without asking. Warns if Looker couldn't revoke a token. */
export async function logoutOf(accounts: Accounts, ids: readonly string[]): Promise<void> {
  const accountOf = (id: string) => accounts.peek(id)?.account ?? accounts.remembered(id);
  // An account may be gone by now, while others on its instance stay logged in.
  const labels = ids.map((id) => accountOf(id)?.label ?? hostOf(instanceOf(id)));
  const names = listNames(labels);
  const unrevoked = await withProgress(l10n.t('Logging out of {0}…', names), (signal) =>
    accounts.logout(ids, signal),
  );
  showDone(l10n.t('Logged out of {0}', names));
  showUnrevoked(unrevoked);
}
