import type { Clock, ServerClock } from '../../looker/clock';
import type { Token } from '../../looker/api/token';
import type { Workspace } from '../../looker/workspace';
import type { Account } from '../account';
import { LoggedOutError, LoginNeededError } from '../errors';
import type { AccountBook } from '../memory/accountBook';
import { workspaceOf, type LiveAccount } from '../memory/liveAccount';
import type { Session } from '../session';
import { sessionOf } from '../store/accountRecord';
import { hasEnoughLife, plan, type Plan, type RenewalMode } from './renewalPlan';

/** A renewed token isn't replaced by hand any sooner, since a command can be run in a loop. */
const SHORTEST_USE_BY_HAND_MS = 5000;

/** What the plans for tokens need. */
export interface CurrentPlansOptions {
  readonly renewal: () => RenewalMode;
  /** Whether this window has the focus: it renews first, and the others adopt its token. */
  readonly isFocused: () => boolean;
  readonly clock: Clock;
  /** The clock of an instance, updated from its responses. */
  readonly serverClock: (baseUrl: string) => ServerClock;
}

/** What to do about the accounts' tokens now. */
export class CurrentPlans {
  constructor(
    private readonly book: AccountBook,
    private readonly options: CurrentPlansOptions,
  ) {}

  /**
   * @param label label of the account, if known
   * @throws LoggedOutError; UnreadableAccountError
   */
  liveOf(id: string, label?: string): LiveAccount {
    const live = this.book.accounts.get(id);
    if (!live) throw this.whyGone(id, label);
    return live;
  }

  /** The error for callers that use an account that is gone. */
  whyGone(id: string, label: string | undefined): Error {
    return this.book.accounts.unreadableError(id) ?? new LoggedOutError(label);
  }

  /** See {@link plan}. */
  planOf(live: LiveAccount, workspace: Workspace): Plan {
    const { account, tokens } = live.record;
    const admin = this.book.accounts.get(account.sudo?.adminAccountId ?? '');
    return plan(live, admin, workspace, {
      mode: this.options.renewal(),
      isFocused: this.options.isFocused(),
      now: this.options.clock.steady(),
      serverNow: this.serverNow(account, tokens[workspace]?.token),
    });
  }

  /** @throws the reason, if a renewal on use is pointless for now */
  throwIfBlocked(id: string, workspace: Workspace): void {
    const live = this.liveOf(id);
    throwIfBlocked(live.record.account, this.planOf(live, workspace));
  }

  /** See {@link hasEnoughLife}. */
  hasEnoughLife({ account, token }: Session): boolean {
    return hasEnoughLife(token, this.serverNow(account, token));
  }

  /**
   * Ms until the session's token expires, by the server's clock; negative afterwards, and 0 if the server has revoked
   * it early.
   */
  timeLeft({ account, token }: Session): number {
    const live = this.book.accounts.get(account.id);
    const workspace = live && workspaceOf(live, token.value);
    if (workspace && live.tokens[workspace].isRejected) return 0;
    return token.expiresAt - this.serverNow(account, token);
  }

  /** Ms since the token was requested, by the server's clock. */
  age({ account, token }: Session): number {
    return this.serverNow(account, token) - token.issuedAt;
  }

  /** Whether any window has renewed it a moment ago. A new login may be renewed at once. */
  wasJustRenewed({ record }: LiveAccount, workspace: Workspace): boolean {
    const session = sessionOf(record, workspace);
    if (!session || record.tokens[workspace]?.replaced.length === 0) return false;
    return Math.abs(this.age(session)) < SHORTEST_USE_BY_HAND_MS;
  }

  /** The tokens that haven't expired. */
  unexpired(account: Account, tokens: readonly Token[]): readonly Token[] {
    return tokens.filter((token) => token.expiresAt > this.serverNow(account, token));
  }

  private serverNow({ baseUrl }: Account, token: Token | undefined): number {
    return this.options.serverClock(baseUrl).now(token?.clockAhead);
  }
}

/** @throws the reason, if a renewal on use is pointless for now */
export function throwIfBlocked(account: Account, { blockedBy }: Plan): void {
  if (blockedBy === 'off') throw new LoginNeededError(account, 'renewalOff');
  if (blockedBy) throw blockedBy;
}
