import * as l10n from '@vscode/l10n';
import type { Account } from '../../accounts/account';
import type { Accounts } from '../../accounts/accounts';
import type { Session } from '../../accounts/session';
import { abortable } from '../../looker/cancellation';
import { withProgress } from '../prompts/progress';

/**
 * A session with a token that has yet some time to live, renewed first if need be.
 * @throws CanceledError where the user does not wait for it; see {@link Accounts.session}
 */
export function goodSession(accounts: Accounts, { id, label }: Account): Promise<Session> {
  return withProgress(l10n.t('Getting a token for {0}…', label), (signal) =>
    abortable(accounts.session(id), signal),
  );
}
