import * as l10n from '@vscode/l10n';
import { instanceOf } from '../../accounts/account';
import type { Accounts } from '../../accounts/accounts';
import { NobodyLoggedInError } from '../../accounts/errors';
import { hostOf } from '../../looker/host';
import { plainText } from '../plainText';
import { pick } from '../prompts/pick';
import { withProgress } from '../prompts/progress';
import { sayDone } from '../prompts/sayDone';
import { alone } from '../prompts/steps';
import { sayUnrevoked } from '../unrevoked';
import type { CommandContext } from './context';
import { accountChoice, activeFirst } from './pickAccount';

/** Asks which account, or all; logs out; says what Looker could not be told. */
export async function logout({ accounts, nameOf }: CommandContext): Promise<void> {
  const { ids } = accounts;
  if (ids.length === 0) throw new NobodyLoggedInError();
  const everybody = { label: l10n.t('$(sign-out) All accounts'), answer: ids };
  const leaving = await pick<readonly string[]>({
    place: alone(l10n.t('Log Out of Looker')),
    placeholder: l10n.t('Account to log out of'),
    choices: [
      ...activeFirst(accounts).map((status) => ({
        ...accountChoice({ accounts, nameOf })(status),
        answer: [status.account.id],
      })),
      ...accounts.unreadable.map(({ accountId, message }) => ({
        label: l10n.t('$(warning) An account on {0}', plainText(nameOf(instanceOf(accountId)))),
        detail: plainText(message),
        answer: [accountId],
      })),
      ...(ids.length > 1 ? [everybody] : []),
    ],
  });
  await logoutOf(accounts, leaving);
}

/** Logs out of these accounts, and of those they act as. */
export async function logoutOf(accounts: Accounts, ids: readonly string[]): Promise<void> {
  const names = ids
    .map((id) => accounts.peek(id)?.account.label ?? hostOf(instanceOf(id)))
    .join(', ');
  const unrevoked = await withProgress(l10n.t('Logging out {0}…', names), (signal) =>
    accounts.logout(ids, signal),
  );
  sayDone(l10n.t('Logged out {0}', names));
  sayUnrevoked(unrevoked);
}
