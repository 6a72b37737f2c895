import type { Account } from './account';
import type { KnownAccounts } from './knownAccounts';
import type { AccountStore } from './store/accountStore';
import type { AccountBook } from './memory/accountBook';

/** Accounts that were logged in but are no longer stored: the secret storage has lost them. */
export class LostAccounts {
  /** IDs of known accounts that weren't stored when this window was opened. */
  private missing: ReadonlySet<string> = new Set();

  constructor(
    private readonly book: AccountBook,
    private readonly knownAccounts: KnownAccounts,
  ) {}

  /**
   * Finds accounts whose record is missing along with everything else. If the claim to the label is still there, the
   * account was logged out, even if global state says otherwise: each window writes global state as a whole, so an
   * older state may be written last.
   */
  async find(store: AccountStore): Promise<void> {
    if (!this.book.isComplete) return;
    const gone = this.knownAccounts
      .all()
      .filter(({ account, isLoggedIn }) => isLoggedIn && this.book.accounts.isGone(account.id));
    const missing = await Promise.all(
      gone.map(async ({ account }) => {
        // If it can't be read, the account doesn't count as lost.
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

  /** Marks them as logged out in all windows, since the user has read the message. */
  acknowledge(): void {
    for (const account of this.all) this.knownAccounts.noteLogout(account);
  }
}
