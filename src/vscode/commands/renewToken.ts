import * as l10n from '@vscode/l10n';
import type { Account } from '../../accounts/account';
import { formatDuration } from '../text/duration';
import { withProgress } from '../prompts/progress';
import { showDone } from '../prompts/showDone';
import type { CommandContext } from '../context';
import { pickAccount } from '../account/pickAccount';

/** Lets the user choose an account, and renews its token. @throws NotLoggedInError; CanceledError */
export async function renewToken(context: CommandContext): Promise<void> {
  const account = await pickAccount(
    l10n.t('Renew Token'),
    l10n.t('Choose an account to renew its token'),
    context,
  );
  await context.messages.attempt(() => renewTokenOf(context, account), account);
}

/** Renews a token now. Cancel only stops waiting: Looker may still issue the token. */
export async function renewTokenOf(
  { accounts }: CommandContext,
  { id, label }: Account,
): Promise<void> {
  const session = await withProgress(l10n.t('Renewing the token for {0}…', label), (signal) =>
    accounts.renew(id, signal),
  );
  const left = formatDuration(accounts.timeLeft(session));
  showDone(l10n.t('Renewed the token, valid for {1}: {0}', label, left));
}
