import type { Clock } from '../../looker/clock';
import { isRefusedByLooker } from '../../looker/errors/lookerError';
import { WORKSPACES, type Workspace } from '../../looker/workspace';
import { needsLogin } from '../errors';
import type { AccountBook } from '../memory/accountBook';
import type { LiveAccount } from '../memory/liveAccount';
import { tokenValue } from '../store/accountRecord';
import { failedWith } from './retry';

/** Records why renewals failed. Refusals by Looker are stored for all windows. */
export class Failures {
  constructor(
    private readonly book: AccountBook,
    private readonly clock: Clock,
  ) {}

  /**
   * Records a failed renewal, unless the account has another token now.
   * @param tried the account at the time of the attempt
   */
  async note({ record }: LiveAccount, workspace: Workspace, error: Error): Promise<void> {
    const { accounts } = this.book;
    const { id, sudo } = record.account;
    const value = tokenValue(record, workspace);
    const live = accounts.get(id);
    if (!live || tokenValue(live.record, workspace) !== value) return;
    const before = live.tokens[workspace];
    const failure = failedWith(
      error,
      before,
      accounts.get(sudo?.adminAccountId ?? '')?.tokens.production,
      this.clock.steady(),
    );
    accounts.setTokenState(id, workspace, value, { failure });
    if (!failure || failure === before.failure || !isRefusedByLooker(error)) return;
    const { message } = error;
    const refusal = record.tokens[workspace]?.refusal;
    // The user has already read the same message.
    const isAcknowledged = refusal?.message === message && refusal.isAcknowledged;
    await this.book.storeRefusal(record, workspace, { message, isAcknowledged });
  }

  /**
   * Forgets failures on an instance, or on all, because the user has done something about them. Failures that need a
   * login stay.
   */
  clear(baseUrl?: string): void {
    const { accounts } = this.book;
    for (const { record, tokens } of accounts.all()) {
      const { account } = record;
      if (baseUrl !== undefined && account.baseUrl !== baseUrl) continue;
      for (const workspace of WORKSPACES) {
        if (needsLogin(tokens[workspace].failure?.error)) continue;
        const value = tokenValue(record, workspace);
        accounts.setTokenState(account.id, workspace, value, { failure: undefined });
      }
    }
    this.book.announce();
  }

  /**
   * Records that the user has read why Looker refuses to renew the account or its admin, so that no other window shows
   * it again.
   */
  async acknowledge(id: string): Promise<void> {
    const { accounts } = this.book;
    const record = accounts.get(id)?.record;
    const admin = accounts.get(record?.account.sudo?.adminAccountId ?? '')?.record;
    const refused = record?.tokens.production.refusal ? record : admin;
    const refusal = refused?.tokens.production.refusal;
    if (!refused || !refusal || refusal.isAcknowledged) return;
    await this.book.storeRefusal(refused, 'production', { ...refusal, isAcknowledged: true });
  }
}
