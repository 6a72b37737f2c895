import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import type { Account } from '../../accounts/account';
import { formatDuration } from '../text/duration';
import { confirm } from '../prompts/confirm';
import { showDone } from '../prompts/showDone';
import type { CommandContext } from '../context';
import { sessionWithProgress } from '../account/sessionWithProgress';
import { pickAccount } from '../account/pickAccount';

/** Lets the user choose an account, and copies its token. @throws NotLoggedInError; CanceledError */
export async function copyAccessToken(context: CommandContext): Promise<void> {
  const account = await pickAccount(
    l10n.t('Copy Access Token'),
    l10n.t('Choose an account to copy its access token'),
    context,
  );
  await context.messages.attempt(() => copyTokenOf(context, account), account);
}

/**
 * Copies a valid token to the clipboard, after a dialog that says what others could do with it.
 * @throws CanceledError; LookerError or LoginNeededError if no token can be obtained
 */
export async function copyTokenOf({ accounts }: CommandContext, account: Account): Promise<void> {
  const { label } = account;
  await confirm(
    l10n.t('Copy the access token for {0}?', label),
    l10n.t(
      'Until the token expires or you log out, anyone who has it can do anything in Looker that this account can. Any program on this machine can read the clipboard.',
    ),
    l10n.t('Copy Access Token'),
  );
  const session = await sessionWithProgress(accounts, account);
  await vscode.env.clipboard.writeText(session.token.value);
  const left = formatDuration(accounts.timeLeft(session));
  showDone(l10n.t('Copied the access token, valid for {1}: {0}', label, left));
}
