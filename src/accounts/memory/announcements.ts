import type { Account } from '../account';
import { Emitter, type Disposable } from '../emitter';

/** What changed. All empty when only a status or the active account did. */
export interface AccountsChange {
  readonly added: readonly Account[];
  readonly removed: readonly Account[];
  /** Same account, new token for `production`. */
  readonly renewed: readonly Account[];
  /** Same account, another token for `dev`: its first one, a new one, or none any more. */
  readonly renewedForDev: readonly Account[];
}

export const NO_CHANGE: AccountsChange = { added: [], removed: [], renewed: [], renewedForDev: [] };

/** Tells listeners what changed: each account that did, and that some status did at most once in a turn of the event loop. */
export class Announcements implements Disposable {
  private readonly changes = new Emitter<AccountsChange>();
  /** The turn of the event loop in which the listeners have been told of something. */
  private turn: NodeJS.Immediate | undefined;
  private isStatusDue = false;

  readonly onDidChange = this.changes.event;

  dispose(): void {
    clearImmediate(this.turn);
    this.changes.dispose();
  }

  /**
   * Tells that a status changed, though no account did. Once in a turn of the event loop: what a listener starts is
   * announced in the next turn, and so is whatever else happens after they have looked.
   */
  status(): void {
    if (this.turn) this.isStatusDue = true;
    else this.tell({});
  }

  /** Tells that accounts changed, at once. */
  tell(change: Partial<AccountsChange>): void {
    // The first immediate still belongs to the turn in which it was set.
    this.turn ??= setImmediate(() => {
      this.turn = setImmediate(() => {
        this.turn = undefined;
        if (!this.isStatusDue) return;
        this.isStatusDue = false;
        this.status();
      });
    });
    this.changes.fire({ ...NO_CHANGE, ...change });
  }
}
