import type { Account } from './account';
import type { KnownAccounts } from './knownAccounts';
import type { AccountStore } from './store/accountStore';
import type { AccountBook } from './memory/accountBook';

/** Accounts that were logged in, and of which nothing is stored any more: the secret storage has forgotten them. */
export class LostAccounts {
  /** Ids of known accounts of which nothing was stored when this window was opened. */
  private missing: ReadonlySet<string> = new Set();

  constructor(
    private readonly book: AccountBook,
    private readonly knownAccounts: KnownAccounts,
  ) {}

  /**
   * Looks whose record is gone, and all else with it. Where the claim to the label is left, the account was logged out,
   * even if the note of that is not: each window writes global state as a whole, so an older one may come last.
   */
  async look(store: AccountStore): Promise<void> {
    if (!this.book.isComplete) return;
    const gone = this.knownAccounts
      .all()
      .filter(({ account, isLoggedIn }) => isLoggedIn && this.book.accounts.isGone(account.id));
    const missing = await Promise.all(
      gone.map(async ({ account }) => {
        // Where it cannot be read, nobody knows.
        const isLeft = await store.hasClaimed(account).catch(() => true);
        return isLeft ? [] : account.id;
      }),
    );
    this.missing = new Set(missing.flat());
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
