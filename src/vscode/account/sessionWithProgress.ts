import * as l10n from '@vscode/l10n';
import type { Account } from '../../accounts/account';
import type { Accounts } from '../../accounts/accounts';
import type { Session } from '../../accounts/session';
import { abortable } from '../../looker/cancellation';
import { withProgress } from '../prompts/progress';

/**
 * Returns a session with a valid token, which is renewed first if necessary.
 * @throws CanceledError if the user stops waiting; see {@link Accounts.session}
 */
export function sessionWithProgress(accounts: Accounts, { id, label }: Account): Promise<Session> {
  return withProgress(l10n.t('Getting a token for {0}…', label), (signal) =>
    abortable(accounts.session(id), signal),
  );
}
