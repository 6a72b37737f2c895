import { t } from '@vscode/l10n';
import type { Account } from '../../accounts/account';
import type { Accounts } from '../../accounts/accounts';
import { pickAccount } from '../prompts/pickAccount';
import { withProgress } from '../prompts/progress';

/** A new token now, by hand. Cancel stops waiting for it; Looker may still give it. */
export async function renewToken(accounts: Accounts, account?: Account): Promise<void> {
  const { id, label } =
    account ??
    (await pickAccount(t('Renew Token'), t('Account to renew the token of'), accounts.all()));
  await withProgress(t('Renewing the token of {0}…', label), (signal) =>
    accounts.renew(id, signal),
  );
}
