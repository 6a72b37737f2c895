import type { Api } from '../../looker/api/api';
import type { Clock } from '../../looker/clock';
import type { Workspace } from '../../looker/workspace';
import type { Account } from '../account';
import type { AccountRenewal } from '../browserLogin/browserLogins';
import type { Grant } from '../credentials/credential';
import { endCredential, type StoredCredential } from '../credentials/storedCredential';
import type { Revocations } from '../login/revocations';
import type { AccountBook } from '../memory/accountBook';
import type { LiveAccount } from '../memory/liveAccount';
import type { Session } from '../session';
import { sessionOf, type AccountRecord } from '../store/accountRecord';
import type { CurrentPlans } from './currentPlans';

/** Stores or revokes the tokens that renewals got from Looker. */
export class Grants {
  constructor(
    private readonly book: AccountBook,
    private readonly plans: CurrentPlans,
    private readonly options: {
      readonly apiOf: (account: Account) => Api;
      readonly clock: Clock;
    },
    private readonly revocations: Revocations,
  ) {}

  /**
   * Stores the result of a renewal once its token works in the workspace, and revokes tokens that aren't used anymore.
   * @param before the account when the token was requested
   * @param byHand whether the user requested it
   * @throws LoggedOutError; UnreadableAccountError; LookerError if Looker leaves the token in `production`, so that it
   *   isn't used
   */
  async save(
    before: LiveAccount,
    workspace: Workspace,
    grant: Grant<StoredCredential>,
    byHand: boolean,
  ): Promise<Session> {
    const { account, credential } = before.record;
    const { token: old, replaced = [] } = before.record.tokens[workspace] ?? {};
    const replacing = this.plans.unexpired(account, old ? [...replaced, old] : replaced);
    const renewed = await this.book.storeRenewal(before.record, workspace, grant, replacing);
    const session = renewed && sessionOf(renewed, workspace);
    const isKept = session?.token.value === grant.token.value;
    // The new token is unused if the account was logged out or in again, or another window was faster.
    if (!isKept) this.drop(before.record, renewed, grant);
    if (!session) throw this.plans.whyGone(account.id, account.label);
    // Revoking the old token keeps only one valid, however often the command is run.
    const isRejected = before.tokens[workspace].isRejected;
    if (byHand && isKept && old && !isRejected && credential.kind !== 'browser') {
      this.revocations.revoke(this.options.apiOf(account), old);
    }
    const receivedAt = this.options.clock.steady();
    this.book.accounts.setTokenState(account.id, workspace, session.token.value, { receivedAt });
    return session;
  }

  /** The steps before a token for `dev` can be stored. */
  preparationForDev(live: () => LiveAccount): NonNullable<AccountRenewal['preparation']> {
    return {
      // With the current `production` token, since there is no token for Development Mode yet.
      save: async (credential) => {
        const { record } = live();
        const { token, replaced } = record.tokens.production;
        await this.book.storeRenewal(record, 'production', { token, credential }, replaced);
      },
      finish: (grant) => this.enterDevMode(live(), grant),
    };
  }

  /**
   * Puts the new token into `dev`. If that fails, the token is revoked. A browser login's token is stored for
   * `production` instead, since the next refresh token must not be lost.
   * @throws LookerError
   */
  async enterDevMode(before: LiveAccount, grant: Grant<StoredCredential>): Promise<void> {
    const { record } = before;
    const { token, credential } = grant;
    const api = this.options.apiOf(record.account);
    const isOfBrowser = credential?.kind === 'browser';
    if (isOfBrowser) this.book.noteIssued(record, token);
    try {
      await api.enterDevMode(token.value);
    } catch (error) {
      if (isOfBrowser) this.drop(record, this.book.accounts.get(record.account.id)?.record, grant);
      else this.revocations.revoke(api, token);
      throw error;
    }
  }

  /**
   * Revokes an unused grant. While a browser login continues, its unused token is left to expire: revoking it could end
   * the whole login, including its refresh token.
   */
  private drop(
    { account, login, credential: before }: AccountRecord,
    now: AccountRecord | undefined,
    { token, credential = before }: Grant<StoredCredential>,
  ): void {
    const api = this.options.apiOf(account);
    if (credential.kind !== 'browser') this.revocations.revoke(api, token);
    else if (now?.login !== login) {
      this.revocations.track(endCredential(credential, api, undefined)).catch(() => undefined);
    }
  }
}
