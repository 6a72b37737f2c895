import type { Clock } from '../../looker/clock';
import { TokenRejectedError } from '../../looker/errors/refusal';
import type { Api } from '../../looker/api/api';
import type { Workspace } from '../../looker/workspace';
import type { Account } from '../account';
import type { AccountBook } from '../memory/accountBook';
import { sessionOf } from '../store/accountRecord';

/** How long the server is not asked again whether it accepts a token. */
const VERDICT_STANDS_MS = 5000;

/** What only the server can tell of a token. */
export class ServerChecks {
  constructor(
    private readonly book: AccountBook,
    private readonly clock: Clock,
    private readonly apiOf: (account: Account) => Api,
  ) {}

  /**
   * Asks the server's time once, before a token that cannot be replaced is said to have expired: the clock of this
   * machine may have been set. Never fails.
   */
  async askTime(id: string, workspace: Workspace): Promise<void> {
    const live = this.book.accounts.get(id);
    const session = live && sessionOf(live.record, workspace);
    if (!session || live.tokens[workspace].timeCheck === 'done') return;
    const { value } = session.token;
    const timeCheck =
      live.tokens[workspace].timeCheck ??
      this.apiOf(session.account)
        .release()
        .then(noop, noop)
        .finally(() => {
          this.book.accounts.see(id, workspace, value, { timeCheck: 'done' });
          this.book.announce();
        });
    this.book.accounts.see(id, workspace, value, { timeCheck });
    await timeCheck;
  }

  /**
   * Whether the server accepts the account's token for a workspace. It is not asked again within seconds.
   * @throws LookerError where it could not be asked, or did not say
   */
  async isAccepted(id: string, workspace: Workspace): Promise<boolean> {
    const live = this.book.accounts.get(id);
    const session = live && sessionOf(live.record, workspace);
    if (!session) return false;
    const { verdict } = live.tokens[workspace];
    const now = this.clock.steady();
    if (verdict && now - verdict.at < VERDICT_STANDS_MS) return verdict.isAccepted;
    const { value } = session.token;
    const isAccepted = this.apiOf(session.account)
      .me(value)
      .then(
        () => true,
        (error: unknown) => {
          if (error instanceof TokenRejectedError) return false;
          throw error;
        },
      );
    this.book.accounts.see(id, workspace, value, { verdict: { isAccepted, at: now } });
    return isAccepted;
  }
}

function noop(): void {
  // Whatever comes of it, the reply has told the time.
}
