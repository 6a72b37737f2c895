import * as l10n from '@vscode/l10n';
import { NotActingError } from '../account/errors';
import { pick } from '../prompts/pick';
import { standalone } from '../prompts/steps';
import type { CommandContext } from '../context';
import { logoutOf } from '../logout/logout';
import { accountChoice } from '../account/pickAccount';

/**
 * Stops acting as the user in the status bar, else as the only one; if there are several, the user chooses.
 * @throws NotActingError; CanceledError
 */
export async function stopActingAs({
  accounts,
  settings,
}: Pick<CommandContext, 'accounts' | 'settings'>): Promise<void> {
  const acting = accounts.statuses().filter(({ account }) => account.sudo);
  const active = acting.find(({ account }) => account.id === accounts.active?.account.id);
  const [first, second] = active ? [active] : acting;
  if (!first) throw new NotActingError();
  const { id } = second
    ? await pick({
        place: standalone(l10n.t('Stop Acting as User')),
        placeholder: l10n.t('Choose the user to stop acting as'),
        choices: acting.map(accountChoice({ accounts, settings })),
      })
    : first.account;
  await logoutOf(accounts, [id]);
}
