import * as l10n from '@vscode/l10n';
import { spokenSpan } from '../duration';
import { pickAccount } from '../prompts/pickAccount';
import { withProgress } from '../prompts/progress';
import { sayDone } from '../prompts/sayDone';
import type { CommandContext } from './context';

/** A new token now, by hand. Cancel stops waiting for it; Looker may still give it. */
export async function renewToken(context: CommandContext): Promise<void> {
  const { id, label } = await pickAccount(
    l10n.t('Renew Token'),
    l10n.t('Account to renew the token of'),
    context,
  );
  const { accounts } = context;
  const session = await withProgress(l10n.t('Renewing the token of {0}…', label), (signal) =>
    accounts.renew(id, signal),
  );
  const left = spokenSpan(accounts.timeLeft(session));
  sayDone(l10n.t('Renewed the token of {0}, good for {1}', label, left));
}
