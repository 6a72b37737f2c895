import type { Account } from './account';
import type { KnownAccounts } from './knownAccounts';
import type { AccountBook } from './memory/accountBook';

/** Accounts that were logged in, and of which nothing is stored any more: the secret storage has forgotten them. */
export class LostAccounts {
  /** Ids of known accounts that had no record when this window was opened. */
  private readonly missing: ReadonlySet<string>;

  constructor(
    private readonly book: AccountBook,
    private readonly knownAccounts: KnownAccounts,
  ) {
    const ids = book.isComplete ? knownAccounts.all().map(({ account }) => account.id) : [];
    this.missing = new Set(ids.filter((id) => book.accounts.isGone(id)));
  }

  get all(): readonly Account[] {
    if (this.missing.size === 0) return [];
    return this.knownAccounts
      .all()
      .filter(({ account: { id }, isLoggedIn }) => isLoggedIn && this.missing.has(id))
      .map(({ account }) => account)
      .filter(({ id }) => !this.book.accounts.get(id));
  }

  /** Takes them for logged out, in all windows: their users have read that they are. */
  acknowledge(): void {
    for (const account of this.all) this.knownAccounts.noteLogout(account);
  }
}
