import * as vscode from 'vscode';
import type { Accounts } from '../../accounts/accounts';
import type { TrustedCertificates } from '../../accounts/trust/trustedCertificates';
import type { IssuedSessions } from '../provider/issuedSessions';

/**
 * Tells VS Code what is so now, for `when` clauses and for the steps of the walkthrough, when it changes and only
 * then. CONTRIBUTING.md says what the keys mean.
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
    const all = accounts.all();
    set('isLoggedIn', all.length > 0);
    set(
      'isActingAsUser',
      all.some(({ account }) => account.sudo !== undefined),
    );
    set('hasUnreadableAccounts', accounts.unreadable.length > 0);
    // Whoever trusts or forgets one has the accounts tried again, which is announced.
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
