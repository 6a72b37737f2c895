import * as l10n from '@vscode/l10n';
import { instanceOf, type Account } from '../../accounts/account';
import type { AccountStatus } from '../../accounts/accountStatus';
import type { KnownAccount } from '../../accounts/knownAccounts';
import { hostOf } from '../../looker/instance/host';
import { cutInTheMiddle } from '../text/cutInTheMiddle';
import type { DialogQuestion } from '../prompts/confirm';
import { listNames } from '../text/listNames';

/** The accounts that the question is about. */
export interface LogoutState {
  /** IDs of the accounts to log out. */
  readonly ids: readonly string[];
  /** All accounts. */
  readonly accounts: readonly AccountStatus[];
  /** What is remembered of accounts, for those that can't be read. */
  readonly known: readonly KnownAccount[];
}

/** The question, and what else the user can choose. */
export interface LogoutQuestion extends DialogQuestion {
  /** The account whose browser logins can be revoked on all machines; undefined if there isn't exactly one. */
  readonly revocable: Account | undefined;
}

/** Longest label, in letters. A label ends with the host. */
const LONGEST_LABEL = 100;

/** The question before a logout. It names the accounts with their hosts, and says what will be lost. */
export function logoutQuestion({ ids, accounts, known }: LogoutState): LogoutQuestion {
  const statusOf = (id: string) => accounts.find(({ account }) => account.id === id);
  const knownOf = (id: string) => statusOf(id) ?? known.find(({ account }) => account.id === id);
  const labelOf = (id: string) => shortLabel(knownOf(id)?.account.label ?? hostOf(instanceOf(id)));
  const isOfBrowser = (id: string) => knownOf(id)?.how === 'browser';
  const own = ids.filter((id) => !statusOf(id)?.account.sudo);
  const ending = accounts
    .filter(
      ({ account: { id, sudo } }) =>
        sudo && [id, sudo.adminAccountId].some((id) => ids.includes(id)),
    )
    .map(({ account }) => account.user.name);
  const [only, another] = own.length > 0 ? own : ids;
  // A login with the browser that can't be read can't be revoked either.
  const saved = own.filter((id) => statusOf(id)?.canRenew ?? !isOfBrowser(id));
  const lost: Lost = {
    isOfSeveral: another !== undefined,
    hasKeys: !saved.every(isOfBrowser),
    hasBrowserLogins: saved.some(isOfBrowser),
    isBrowserEnough: own.every(isOfBrowser),
  };
  const isRevocable = !lost.isOfSeveral && lost.hasBrowserLogins;
  return {
    question:
      only !== undefined && another === undefined
        ? l10n.t('Log out of {0}?', labelOf(only))
        : l10n.t('Log out of these accounts?'),
    detail: [
      ...(another === undefined ? [] : [listNames(own.map(labelOf), '\n')]),
      ...(own.length > 0 ? [whatIsLost(lost)] : []),
      ...(isRevocable
        ? [l10n.t('"Revoke Everywhere…" also revokes your browser logins on other machines.')]
        : []),
      ...(ending.length > 0 ? [l10n.t("You'll stop acting as {0}.", listNames(ending))] : []),
    ].join('\n\n'),
    revocable: isRevocable ? statusOf(only ?? '')?.account : undefined,
  };
}

/** A label for a dialog. */
export function shortLabel(label: string): string {
  return cutInTheMiddle(label, LONGEST_LABEL);
}

/** What is lost with the accounts. */
interface Lost {
  readonly isOfSeveral: boolean;
  /** Whether API keys are saved. */
  readonly hasKeys: boolean;
  /** Whether browser logins are saved. */
  readonly hasBrowserLogins: boolean;
  /** Whether the browser is enough to log in to all of them again. */
  readonly isBrowserEnough: boolean;
}

function whatIsLost({ isOfSeveral, hasKeys, hasBrowserLogins, isBrowserEnough }: Lost): string {
  if (hasBrowserLogins && hasKeys) {
    return l10n.t(
      "Looker Auth deletes the API keys and browser logins of these accounts from VS Code's secret storage. To log in again, you'll need the keys or your browser.",
    );
  }
  if (hasBrowserLogins) {
    return isOfSeveral
      ? l10n.t(
          "Looker Auth revokes these logins and deletes them from VS Code's secret storage. To log in again, use your browser.",
        )
      : l10n.t(
          "Looker Auth revokes this login and deletes it from VS Code's secret storage. To log in again, use your browser.",
        );
  }
  if (isBrowserEnough) return l10n.t('To log in again, use your browser.');
  if (!hasKeys)
    return l10n.t("This API key isn't saved. To log in again, you'll need to enter it.");
  return isOfSeveral
    ? l10n.t(
        "Looker Auth deletes the API keys of these accounts from VS Code's secret storage. To log in again, you'll need to enter them.",
      )
    : l10n.t(
        "Looker Auth deletes the API key from VS Code's secret storage. To log in again, you'll need to enter it.",
      );
}
