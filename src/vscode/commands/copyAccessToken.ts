import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import type { Account } from '../../accounts/account';
import { orCancelled } from '../../looker/cancellation';
import { CancelledError } from '../../looker/errors';
import { spokenSpan } from '../duration';
import { pickAccount } from '../prompts/pickAccount';
import { withProgress } from '../prompts/progress';
import type { CommandContext } from './context';

/** Puts a good token on the clipboard, after a word on what it is worth. */
export async function copyAccessToken(context: CommandContext, account?: Account): Promise<void> {
  const { accounts } = context;
  const { id, label } =
    account ??
    (await pickAccount(
      l10n.t('Copy Access Token'),
      l10n.t('Account to copy the token of'),
      context,
    ));
  const copy = l10n.t('Copy Token');
  const answer = await vscode.window.showWarningMessage(
    l10n.t('Copy the access token of {0}?', label),
    {
      modal: true,
      detail: l10n.t(
        'Whoever has it can do in Looker what this account can, until it expires or you log out. Every program on this machine can read the clipboard.',
      ),
    },
    copy,
  );
  if (answer !== copy) throw new CancelledError();
  const session = await withProgress(l10n.t('Getting a good token of {0}…', label), (signal) =>
    orCancelled(accounts.session(id), signal),
  );
  await vscode.env.clipboard.writeText(session.token.value);
  const left = spokenSpan(accounts.timeLeft(session));
  vscode.window.setStatusBarMessage(
    l10n.t('$(check) Copied the token of {0}, good for {1}', label, left),
    5000,
  );
}
