import type { LookerUser } from '../../looker/api/user';

/**
 * Accounts that are known to be no Looker admin's, as long as the window is open. Looker tells admins everything about
 * other users, and everyone else their names alone (`search_users` in its API reference).
 */
export class NonAdmins {
  private readonly ids = new Set<string>();

  has(accountId: string): boolean {
    return this.ids.has(accountId);
  }

  /** Learns from what Looker told an account about users. @param others without the account's own user */
  learn(accountId: string, others: readonly LookerUser[]): void {
    if (others.length === 0) return;
    if (others.every(({ isNameOnly }) => isNameOnly)) this.ids.add(accountId);
    else this.ids.delete(accountId);
  }
}
