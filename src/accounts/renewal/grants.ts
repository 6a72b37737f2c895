import type { Api } from '../../looker/api/lazyLookerApi';
import type { Clock } from '../../looker/clock';
import type { Workspace } from '../../looker/workspace';
import type { Account } from '../account';
import type { AccountRenewal } from '../browserLogin/browserLogins';
import type { Connect } from '../connect';
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
    private readonly options: { readonly connect: Connect; readonly clock: Clock },
    private readonly revocations: Revocations,
  ) {}

  /**
   * Stores what a renewal has brought, whose token works in the workspace, and revokes what nobody keeps.
   * @param before as it was when the token was asked for
   * @param byHand whether the user asked for it
   * @throws LoggedOutError; UnreadableAccountError
   */
  async keep(
    before: LiveAccount,
    workspace: Workspace,
    grant: Grant<StoredCredential>,
    byHand: boolean | undefined,
  ): Promise<Session> {
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
      this.revocations.revoke(this.apiOf(account), old);
    }
    const receivedAt = this.options.clock.steady();
    this.book.accounts.see(account.id, workspace, session.token.value, { receivedAt });
    return session;
  }

  /** What comes before a token for `dev` can be kept. */
  preparationForDev(live: () => LiveAccount): NonNullable<AccountRenewal['preparation']> {
    return {
      // Beside the token that there is for production, since that for Development Mode is not there yet.
      save: async (credential) => {
        const { record } = live();
        const { token, replaced } = record.tokens.production;
        await this.book.renew(record, 'production', { token, credential }, replaced);
      },
      finish: (grant) => this.enterDevMode(live(), grant),
    };
  }

  /**
   * Makes the new token one for `dev`. Where that fails, it is revoked; that of a browser login with the account, since
   * the login could end with it.
   * @throws LookerError
   */
  async enterDevMode(before: LiveAccount, grant: Grant<StoredCredential>): Promise<void> {
    const { record } = before;
    const { token, credential } = grant;
    const api = this.apiOf(record.account);
    const isOfBrowser = credential?.kind === 'browser';
    if (isOfBrowser) this.book.noteIssued(record.account, token);
    try {
      await api.enterDevMode(token.value);
    } catch (error) {
      if (isOfBrowser) this.drop(record, this.book.accounts.get(record.account.id)?.record, grant);
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
    const api = this.apiOf(account);
    if (credential.kind !== 'browser') this.revocations.revoke(api, token);
    else if (now?.login !== login) {
      this.revocations.note(endCredential(credential, api, undefined)).catch(() => undefined);
    }
  }

  private apiOf({ baseUrl, apiVersion }: Account): Api {
    return this.options.connect(baseUrl, apiVersion);
  }
}
