import type { LookerUser } from '../../looker/api/user';

/**
 * Accounts that are known not to be a Looker admin's, until the window closes. Looker shows admins all fields of other
 * users, and everyone else only names (`search_users` in its API reference).
 */
export class NonAdmins {
  private readonly ids = new Set<string>();

  has(accountId: string): boolean {
    return this.ids.has(accountId);
  }

  /** Learns from what Looker shows an account about users. @param others without the account's own user */
  learn(accountId: string, others: readonly LookerUser[]): void {
    if (others.length === 0) return;
    if (others.every(({ isNameOnly }) => isNameOnly)) this.ids.add(accountId);
    else this.ids.delete(accountId);
  }
}
