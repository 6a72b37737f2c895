import type { Account } from '../account';
import { Emitter, type Disposable } from '../../base/emitter';

/** What changed. All lists are empty if only a status or the active account changed. */
export interface AccountsChange {
  readonly added: readonly Account[];
  readonly removed: readonly Account[];
  /** Same account with a new `production` token. */
  readonly renewed: readonly Account[];
  /** Same account with another `dev` token: its first one, a new one, or none anymore. */
  readonly renewedForDev: readonly Account[];
}

export const NO_CHANGE: AccountsChange = { added: [], removed: [], renewed: [], renewedForDev: [] };

/**
 * Notifies listeners of changes: of each changed account at once, and of changed statuses at most once per turn of the
 * event loop.
 */
export class Announcements implements Disposable {
  private readonly changes = new Emitter<AccountsChange>();
  /** Set during a turn of the event loop in which listeners have been notified. */
  private turn: NodeJS.Immediate | undefined;
  private isStatusDue = false;

  readonly onDidChange = this.changes.event;

  dispose(): void {
    clearImmediate(this.turn);
    this.changes.dispose();
  }

  /**
   * Announces that a status changed, but no account. It fires at most once per turn of the event loop; later changes in
   * the same turn, including those that listeners cause, are announced in the next turn.
   */
  announceStatus(): void {
    if (this.turn) this.isStatusDue = true;
    else this.announce({});
  }

  /** Announces changed accounts at once. */
  announce(change: Partial<AccountsChange>): void {
    // The first immediate still runs in the turn in which it was set.
    this.turn ??= setImmediate(() => {
      this.turn = setImmediate(() => {
        this.turn = undefined;
        if (!this.isStatusDue) return;
        this.isStatusDue = false;
        this.announceStatus();
      });
    });
    this.changes.fire({ ...NO_CHANGE, ...change });
  }
}
