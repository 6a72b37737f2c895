import * as l10n from '@vscode/l10n';
import { instanceOf, type Account } from '../../accounts/account';
import type { AccountStatus } from '../../accounts/accountStatus';
import { hostOf } from '../../looker/instance/host';
import { cutInTheMiddle } from '../text/cutInTheMiddle';
import type { DialogQuestion } from '../prompts/confirm';
import { several } from '../text/several';

/** What there is to ask about. */
export interface LogoutState {
  /** Ids of the accounts to log out. */
  readonly ids: readonly string[];
  /** All accounts. */
  readonly accounts: readonly AccountStatus[];
  /** Who has had an account of this id, as far as is remembered. */
  readonly whoWas: (accountId: string) => Account | undefined;
}

/** Letters of a label, which ends with the host. */
const LONGEST_LABEL = 100;

/** Asks before accounts are logged out: names them with their hosts, and says what is lost with them. */
export function logoutQuestion({ ids, accounts, whoWas }: LogoutState): DialogQuestion {
  const statusOf = (id: string) => accounts.find(({ account }) => account.id === id);
  const labelOf = (id: string) =>
    cutInTheMiddle(
      (statusOf(id)?.account ?? whoWas(id))?.label ?? hostOf(instanceOf(id)),
      LONGEST_LABEL,
    );
  const own = ids.filter((id) => !statusOf(id)?.account.sudo);
  const ending = accounts
    .filter(
      ({ account: { id, sudo } }) =>
        sudo && [id, sudo.adminAccountId].some((id) => ids.includes(id)),
    )
    .map(({ account }) => account.user.name);
  const [only, another] = own.length > 0 ? own : ids;
  const hasKeys = own.some((id) => statusOf(id)?.canRenew ?? true);
  return {
    question:
      only !== undefined && another === undefined
        ? l10n.t('Log out of {0}?', labelOf(only))
        : l10n.t('Log out of these accounts?'),
    detail: [
      ...(another === undefined ? [] : [several(own.map(labelOf), '\n')]),
      ...(own.length > 0 ? [whatIsLost(hasKeys, another !== undefined)] : []),
      ...(ending.length > 0 ? [l10n.t("You'll stop acting as {0}.", several(ending, ', '))] : []),
    ].join('\n\n'),
  };
}

function whatIsLost(hasKeys: boolean, isOfSeveral: boolean): string {
  if (!hasKeys)
    return l10n.t("To log in again, you'll need the API key, which Looker Auth hasn't saved.");
  return isOfSeveral
    ? l10n.t(
        "Looker Auth deletes their API keys from VS Code's secret storage. To log in again, you'll need to enter them.",
      )
    : l10n.t(
        "Looker Auth deletes the API key from VS Code's secret storage. To log in again, you'll need to enter it.",
      );
}
