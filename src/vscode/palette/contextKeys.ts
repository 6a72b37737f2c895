import * as vscode from 'vscode';
import type { Accounts } from '../../accounts/accounts';
import type { TrustedCertificates } from '../../accounts/trust/trustedCertificates';
import type { IssuedSessions } from '../provider/issuedSessions';

/**
 * Keeps the context keys up to date, for `when` clauses and the steps of the walkthrough. CONTRIBUTING.md explains the
 * keys.
 */
export function setContextKeys(
  accounts: Accounts,
  certificates: TrustedCertificates,
  issued: IssuedSessions,
): vscode.Disposable {
  const known = new Map<string, boolean>();
  const set = (key: string, value: boolean) => {
    if (known.get(key) === value) return;
    known.set(key, value);
    void vscode.commands.executeCommand('setContext', `lookerAuth.${key}`, value);
  };
  const update = () => {
    const all = accounts.statuses();
    set('isLoggedIn', all.length > 0);
    set(
      'isActingAsUser',
      all.some(({ account }) => account.sudo !== undefined),
    );
    set('hasUnreadableAccounts', accounts.unreadable.length > 0);
    // Trusting or forgetting a certificate clears failures, which is announced as a change of the accounts.
    set('hasTrustedCertificates', certificates.all().length > 0);
  };
  update();
  return vscode.Disposable.from(
    accounts.onDidChange(update),
    issued.onDidShare(() => {
      set('hasSharedSession', true);
    }),
  );
}
