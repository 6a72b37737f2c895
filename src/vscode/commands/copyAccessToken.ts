import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import type { Account } from '../../accounts/account';
import { formatDuration } from '../text/duration';
import { confirm } from '../prompts/confirm';
import { showDone } from '../prompts/showDone';
import type { CommandContext } from '../context';
import { goodSession } from '../account/goodSession';
import { pickAccount } from '../account/pickAccount';

/** Asks which account, and copies its token. @throws NobodyLoggedInError; CancelledError */
export async function copyAccessToken(context: CommandContext): Promise<void> {
  const account = await pickAccount(
    l10n.t('Copy Access Token'),
    l10n.t('Account to copy the token of'),
    context,
  );
  await context.messages.attempt(() => copyTokenOf(context, account), account);
}

/**
 * Puts a good token on the clipboard, after a word on what it is worth.
 * @throws CancelledError; LookerError, LoginNeededError where there is no token to be had
 */
export async function copyTokenOf({ accounts }: CommandContext, account: Account): Promise<void> {
  const { label } = account;
  await confirm(
    l10n.t('Copy the access token of {0}?', label),
    l10n.t(
      'Whoever has it can do in Looker what this account can, until it expires or you log out. Every program on this machine can read the clipboard.',
    ),
    l10n.t('Copy Token'),
  );
  const session = await goodSession(accounts, account);
  await vscode.env.clipboard.writeText(session.token.value);
  const left = formatDuration(accounts.timeLeft(session));
  showDone(l10n.t('Copied the token of {0}, good for {1}', label, left));
}
