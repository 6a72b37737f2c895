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

/** No token that a renewal has brought is replaced by hand sooner: a command can be run in a loop. */
const SHORTEST_USE_BY_HAND_MS = 5000;

/** What the plans for tokens depend on. */
export interface PlansOptions {
  readonly renewal: () => RenewalMode;
  /** Whether this is the window the user is in: it renews first, and the others adopt its token. */
  readonly isFocused: () => boolean;
  readonly clock: Clock;
  /** The clock of an instance, which its replies keep right. */
  readonly serverClock: (baseUrl: string) => ServerClock;
}

/** The accounts as they stand at this moment, and what is to be done about their tokens. */
export class Plans {
  constructor(
    private readonly book: AccountBook,
    private readonly options: PlansOptions,
  ) {}

  /**
   * @param label whose account it is, where that is known
   * @throws LoggedOutError; UnreadableAccountError
   */
  liveOf(id: string, label?: string): LiveAccount {
    const live = this.book.accounts.get(id);
    if (!live) throw this.whyGone(id, label);
    return live;
  }

  /** Why there is no such account, for whoever was using it. */
  whyGone(id: string, label: string | undefined): Error {
    return this.book.accounts.damageOf(id) ?? new LoggedOutError(label);
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

  /** @throws why a renewal on use makes no sense, at least not now */
  throwIfBlocked(live: LiveAccount, workspace: Workspace): void {
    const { blockedBy } = this.planOf(live, workspace);
    if (blockedBy === 'off') {
      throw new LoginNeededError(live.record.account, 'renewalOff');
    }
    if (blockedBy) throw blockedBy;
  }

  /** The account with its token for the workspace, where that may be handed out. */
  usableSession(live: LiveAccount, workspace: Workspace): Session | undefined {
    return this.planOf(live, workspace).isUsable ? sessionOf(live.record, workspace) : undefined;
  }

  /** See {@link hasEnoughLife}. */
  hasEnoughLife({ account, token }: Session): boolean {
    return hasEnoughLife(token, this.serverNow(account, token));
  }

  /**
   * Ms until the session's token expires, by the server's clock; negative once it has, and 0 where the server has ended
   * it before its time.
   */
  timeLeft({ account, token }: Session): number {
    const live = this.book.accounts.get(account.id);
    const workspace = live && workspaceOf(live, token.value);
    if (workspace && live.tokens[workspace].isRejected) return 0;
    return token.expiresAt - this.serverNow(account, token);
  }

  /** Ms since the token was asked for, by the server's clock. */
  age({ account, token }: Session): number {
    return this.serverNow(account, token) - token.issuedAt;
  }

  /** Whether it was renewed a moment ago, in whichever window. A new login may be renewed at once. */
  hasJustCome({ record }: LiveAccount, workspace: Workspace): boolean {
    const session = sessionOf(record, workspace);
    if (!session || record.tokens[workspace]?.replaced.length === 0) return false;
    return Math.abs(this.age(session)) < SHORTEST_USE_BY_HAND_MS;
  }

  /** Those of an account's tokens that have not expired. */
  unexpired(account: Account, tokens: readonly Token[]): readonly Token[] {
    return tokens.filter((token) => token.expiresAt > this.serverNow(account, token));
  }

  private serverNow({ baseUrl }: Account, token: Token | undefined): number {
    return this.options.serverClock(baseUrl).now(token?.clockAhead);
  }
}
