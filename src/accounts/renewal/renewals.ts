import type { Workspace } from '../../looker/workspace';
import { ExpiredOnArrivalError } from '../errors';
import type { AccountBook } from '../memory/accountBook';
import type { Session } from '../session';
import { sessionOf, tokenValue, workspacesOf } from '../store/accountRecord';
import type { Failures } from './failures';
import { CurrentPlans, throwIfBlocked, type CurrentPlansOptions } from './currentPlans';
import { SingleFlight } from '../../base/singleFlight';

/** Why a token is requested. */
export interface Reason {
  /**
   * Set if the user wants a new token now, whatever the state of the current one, unless that was just issued. The
   * replaced token is revoked.
   */
  readonly byHand?: boolean | undefined;
}

/** The requests to Looker that renewals need. */
export interface RenewalRequests {
  /**
   * Requests a new token, unless another window has renewed it in the meantime. Records failures.
   * @throws LookerError; LoginNeededError; LoggedOutError; UnreadableAccountError
   */
  requestRenewal(id: string, workspace: Workspace, reason: Reason): Promise<Session>;

  /**
   * Requests the server's time once, before a token that can't be renewed is shown as expired: this machine's clock may
   * have been set. Never fails.
   */
  requestServerTime(id: string, workspace: Workspace): Promise<void>;
}

/** Keeps tokens valid. An account has at most one pending renewal per workspace, however many callers request one. */
export class Renewals {
  readonly plans: CurrentPlans;
  /** Separate from the account's value, since a renewal continues when its account is logged out. */
  private readonly underWay: SingleFlight<Session>;

  constructor(
    private readonly book: AccountBook,
    private readonly failures: Failures,
    private readonly options: CurrentPlansOptions,
    private readonly requests: () => Promise<RenewalRequests>,
  ) {
    this.plans = new CurrentPlans(book, options);
    this.underWay = new SingleFlight(() => {
      book.announce();
    });
  }

  /**
   * The account with a valid token for the workspace: its current one, else a new one. A token that is about to expire
   * is handed out while it is being renewed. After a refusal by Looker, nothing is sent until the user logs in; if
   * Looker couldn't be reached, nothing is sent for a few seconds.
   * @throws LookerError if there is no valid token and none can be had; LoginNeededError; LoggedOutError;
   *   UnreadableAccountError
   */
  async session(
    id: string,
    workspace: Workspace = 'production',
    reason: Reason = {},
  ): Promise<Session> {
    const live = this.plans.liveOf(id);
    let plan = this.plans.planOf(live, workspace);
    if (!plan.isUsable && !plan.canRenew && !live.tokens[workspace].isRejected) {
      await this.askTime(id, workspace);
      plan = this.plans.planOf(live, workspace);
    }
    const current = sessionOf(live.record, workspace);
    if (current && plan.isUsable) {
      // A failure is recorded for the account; this caller has a valid token.
      if (plan.renewsAhead) this.renew(id, workspace).catch(noop);
      return current;
    }
    if (!reason.byHand) throwIfBlocked(live.record.account, plan);
    // A laptop may sleep in the middle of a renewal, longer than the new token lives.
    for (let tries = 2; tries > 0; tries--) {
      const renewed = await this.renew(id, workspace, reason);
      if (this.plans.hasEnoughLife(renewed)) return renewed;
    }
    throw new ExpiredOnArrivalError(live.record.account);
  }

  /**
   * Gets a new token for the account and workspace, unless another window has just renewed it. Calls during a renewal
   * share its result.
   * @throws LookerError; LoginNeededError; LoggedOutError; UnreadableAccountError
   */
  renew(id: string, workspace: Workspace = 'production', reason: Reason = {}): Promise<Session> {
    return this.underWay.run(keyOf(id, workspace), async () => {
      const requests = await this.requests().catch(async (error: unknown) => {
        const live = this.book.accounts.get(id);
        if (live) await this.failures.note(live, workspace, error as Error);
        throw error;
      });
      return requests.requestRenewal(id, workspace, reason);
    });
  }

  isRenewing(id: string, workspace: Workspace): boolean {
    return this.underWay.has(keyOf(id, workspace));
  }

  /**
   * Renews due tokens of accounts that are renewed in the background.
   * @returns ms until the next token is due, for renewal or for display; undefined if there is none
   */
  renewDueAccounts(): number | undefined {
    const spans: number[] = [];
    for (const live of this.book.accounts.all()) {
      const { id } = live.record.account;
      for (const workspace of workspacesOf(live.record)) {
        const { dueIn, canRenew, renewIn } = this.plans.planOf(live, workspace);
        if (dueIn > 0) spans.push(dueIn);
        else this.noteDue(id, workspace);
        if (dueIn <= 0 && !canRenew) void this.askTime(id, workspace);
        if (renewIn === undefined) continue;
        if (renewIn > 0) spans.push(renewIn);
        // The failure is recorded for the account, and the next attempt comes later.
        else this.renew(id, workspace).catch(noop);
      }
    }
    return spans.length > 0 ? Math.min(...spans) : undefined;
  }

  /** See {@link RenewalRequests.requestServerTime}. */
  private async askTime(id: string, workspace: Workspace): Promise<void> {
    await this.requests().then((requests) => requests.requestServerTime(id, workspace), noop);
  }

  /**
   * Records when this window saw that a token is due: windows wait for each other from then on, even if it became due
   * long ago, while the machine slept.
   */
  private noteDue(id: string, workspace: Workspace): void {
    const live = this.plans.liveOf(id);
    if (live.tokens[workspace].firstDueAt !== undefined) return;
    const firstDueAt = this.options.clock.steady();
    this.book.accounts.setTokenState(id, workspace, tokenValue(live.record, workspace), {
      firstDueAt,
    });
  }
}

function keyOf(id: string, workspace: Workspace): string {
  return `${workspace} ${id}`;
}

function noop(): void {
  // The failure is recorded for the account.
}
