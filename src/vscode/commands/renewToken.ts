import * as l10n from '@vscode/l10n';
import { pickAccount } from '../prompts/pickAccount';
import { withProgress } from '../prompts/progress';
import type { CommandContext } from './context';

/** A new token now, by hand. Cancel stops waiting for it; Looker may still give it. */
export async function renewToken(context: CommandContext): Promise<void> {
  const { id, label } = await pickAccount(
    l10n.t('Renew Token'),
    l10n.t('Account to renew the token of'),
    context,
  );
  await withProgress(l10n.t('Renewing the token of {0}…', label), (signal) =>
    context.accounts.renew(id, signal),
  );
}
