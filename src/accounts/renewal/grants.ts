import type { Api } from '../../looker/api/api';
import type { Clock } from '../../looker/clock';
import type { Workspace } from '../../looker/workspace';
import type { Account } from '../account';
import type { Grant } from '../credentials/credential';
import { endCredential, type StoredCredential } from '../credentials/storedCredential';
import type { Revocations } from '../login/revocations';
import type { AccountBook } from '../memory/accountBook';
import type { LiveAccount } from '../memory/liveAccount';
import type { Session } from '../session';
import { sessionOf, type AccountRecord } from '../store/accountRecord';
import type { Plans } from './plans';

/** What becomes of what renewals have got from Looker. */
export class Grants {
  constructor(
    private readonly book: AccountBook,
    private readonly plans: Plans,
    private readonly options: {
      readonly apiOf: (account: Account) => Api;
      readonly clock: Clock;
    },
    private readonly revocations: Revocations,
  ) {}

  /**
   * Stores what a renewal has brought, once its token works in the workspace, and revokes what nobody keeps.
   * @param before as it was when the token was asked for
   * @param byHand whether the user asked for it
   * @throws LoggedOutError; UnreadableAccountError; LookerError where Looker leaves the token in `production`: it is
   *   given to nobody then
   */
  async keep(
    before: LiveAccount,
    workspace: Workspace,
    grant: Grant<StoredCredential>,
    byHand: boolean | undefined,
  ): Promise<Session> {
    if (workspace === 'dev') await this.enterDevMode(before, grant);
    const { account, credential } = before.record;
    const { token: old, replaced = [] } = before.record.tokens[workspace] ?? {};
    const replacing = this.plans.unexpired(account, old ? [...replaced, old] : replaced);
    const renewed = await this.book.renew(before.record, workspace, grant, replacing);
    const session = renewed && sessionOf(renewed, workspace);
    const isKept = session?.token.value === grant.token.value;
    // Who logs out, or in anew, in the middle of it wants nothing of this token; nor does a window that was faster.
    if (!isKept) this.drop(before.record, renewed, grant);
    if (!session) throw this.plans.whyGone(account.id, account.label);
    // However often the user, or an extension, runs the command, one token is alive.
    const isRejected = before.tokens[workspace].isRejected;
    if (byHand && isKept && old && !isRejected && credential.kind !== 'browser') {
      this.revocations.revoke(this.options.apiOf(account), old);
    }
    const receivedAt = this.options.clock.steady();
    this.book.accounts.see(account.id, workspace, session.token.value, { receivedAt });
    return session;
  }

  /**
   * Makes the new token one for `dev`. Where that fails, it is revoked; that of a browser login is kept as what it is,
   * for `production`, since the next refresh token must not be lost.
   * @throws LookerError
   */
  async enterDevMode(before: LiveAccount, grant: Grant<StoredCredential>): Promise<void> {
    const { token, credential } = grant;
    const api = this.options.apiOf(before.record.account);
    try {
      await api.enterDevMode(token.value);
    } catch (error) {
      if (credential?.kind === 'browser') await this.keep(before, 'production', grant, false);
      else this.revocations.revoke(api, token);
      throw error;
    }
  }

  /**
   * Ends what nobody keeps. A token of a browser login is left to expire while that goes on: to revoke one could end the
   * login, by whose refresh token the others are got.
   */
  private drop(
    { account, login, credential: before }: AccountRecord,
    now: AccountRecord | undefined,
    { token, credential = before }: Grant<StoredCredential>,
  ): void {
    const api = this.options.apiOf(account);
    if (credential.kind !== 'browser') this.revocations.revoke(api, token);
    else if (now?.login !== login) {
      this.revocations.note(endCredential(credential, api, undefined)).catch(() => undefined);
    }
  }
}
