import * as l10n from '@vscode/l10n';
import type { Clock } from '../../looker/clock';
import { ExpectedError } from '../../looker/errors/expectedError';
import { TokenRejectedError } from '../../looker/errors/refusal';
import type { Api } from '../../looker/api/api';
import type { Workspace } from '../../looker/workspace';
import type { Account } from '../account';
import type { AccountBook } from '../memory/accountBook';
import { sessionOf } from '../store/accountRecord';

/** For this long, the server isn't asked again whether it accepts a token. */
const VERDICT_STANDS_MS = 5000;

/** A token was reported as rejected, but Looker accepts it. */
export class TokenAcceptedError extends ExpectedError {
  override readonly name = 'TokenAcceptedError';
  override readonly category = 'input';
  override readonly verdict = this.message;
  constructor(account: Account) {
    super(
      l10n.t(
        "Looker still accepts this token for {0}, so Looker Auth didn't replace it.",
        account.label,
      ),
    );
  }
}

/** Facts about a token that only the server knows. */
export class ServerChecks {
  constructor(
    private readonly book: AccountBook,
    private readonly clock: Clock,
    private readonly apiOf: (account: Account) => Api,
  ) {}

  /**
   * Requests the server's time once, before a token that can't be renewed is shown as expired: this machine's clock may
   * have been set. Never fails.
   */
  async requestServerTime(id: string, workspace: Workspace): Promise<void> {
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
          this.book.accounts.setTokenState(id, workspace, value, { timeCheck: 'done' });
          this.book.announce();
        });
    this.book.accounts.setTokenState(id, workspace, value, { timeCheck });
    await timeCheck;
  }

  /**
   * Whether the server accepts the account's token for a workspace. It is asked at most once every few seconds.
   * @throws LookerError if it couldn't be reached or gave no clear response
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
    this.book.accounts.setTokenState(id, workspace, value, { verdict: { isAccepted, at: now } });
    return isAccepted;
  }
}

function noop(): void {
  // Any response has set the server's clock.
}
