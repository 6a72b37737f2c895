import * as l10n from '@vscode/l10n';
import type { Account } from '../../accounts/account';
import type { Accounts } from '../../accounts/accounts';
import { CanceledError, messageOf } from '../../looker/errors/expectedError';
import { revokeEverywhere } from '../../looker/oauth/clientApps';
import { confirm } from '../prompts/confirm';
import { notify } from '../prompts/notify';
import { withProgress } from '../prompts/progress';
import { shortLabel } from './logoutQuestion';

/**
 * Revokes all of a user's browser logins on all machines, after a confirmation in a dialog. The account itself stays
 * logged in here. If Looker can't revoke them, the user gets a warning, and can still log out.
 * @param clientId the OAuth client of the logins
 * @throws CanceledError
 */
export async function revokeLoginsEverywhere(
  accounts: Accounts,
  { id, label: whole }: Account,
  clientId: string,
): Promise<void> {
  const label = shortLabel(whole);
  await confirm(
    l10n.t('Revoke access for {0} everywhere?', label),
    l10n.t(
      'Looker revokes every browser login you made through the OAuth client {0}, on all your machines. Your API keys stay valid.',
      clientId,
    ),
    l10n.t('Revoke Everywhere'),
  );
  try {
    await withProgress(l10n.t('Revoking access for {0} everywhere…', label), async (signal) => {
      const { account, token } = await accounts.session(id, signal);
      const { options } = (await accounts.tokenRequests()).apiOf(account);
      await revokeEverywhere(options, token.value, clientId, account.user.id, signal);
    });
  } catch (error) {
    if (error instanceof CanceledError) throw error;
    void notify(
      'warning',
      l10n.t("Couldn't revoke your logins on other machines. {0}", messageOf(error)),
    );
  }
}
