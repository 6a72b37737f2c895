import { abortable } from '../../looker/cancellation';
import type { Clock } from '../../looker/clock';
import { TokenRejectedError } from '../../looker/errors/refusal';
import type { Api } from '../../looker/api/api';
import type { UserPage } from '../../looker/api/searchUsers';
import type { Token } from '../../looker/api/token';
import type { LookerUser } from '../../looker/api/user';
import type { Workspace } from '../../looker/workspace';
import type { Account } from '../account';
import type { BrowserLogins } from '../browserLogin/browserLogins';
import type { Connect } from '../connect';
import type { TokenRequest } from '../credentials/credential';
import { canMint, nextToken } from '../credentials/storedCredential';
import { isLoggedOut } from '../errors';
import type { Log } from '../../base/log';
import type { AccountBook } from '../memory/accountBook';
import { workspaceOf } from '../memory/liveAccount';
import { tryKey, type KeyTrial } from '../login/keyTrial';
import type { Revocations } from '../login/revocations';
import type { Session } from '../session';
import { sessionOf } from '../store/accountRecord';
import type { Failures } from './failures';
import { Grants } from './grants';
import type { Reason, RenewalRequests, Renewals } from './renewals';
import { Renewal } from './renewal';
import { ServerChecks, TokenAcceptedError } from './serverChecks';

/** What requests for tokens depend on. */
export interface TokenRequestsOptions {
  readonly connect: Connect;
  /** Whether this window has the focus: it renews first, and the others adopt its token. */
  readonly isFocused: () => boolean;
  readonly clock: Clock;
  /** From 0 to 1. */
  readonly random: () => number;
  /** Waits this many ms. */
  readonly pause: (ms: number) => Promise<unknown>;
  readonly log: Log;
  /** Loads the code for browser logins. */
  readonly browserLogins: () => Promise<BrowserLogins>;
}

/** Windows without the focus that need a token at once wait up to this long, so that only one of them renews. */
const LONGEST_DELAY_MS = 3000;

/** How long a caller waits. */
interface Wait {
  /** Ends only this caller's wait. */
  readonly signal?: AbortSignal | undefined;
}

/** Requests to Looker about tokens: for new ones, and whether one is still accepted. */
export class TokenRequests implements RenewalRequests {
  private readonly checks: ServerChecks;
  private readonly grants: Grants;

  constructor(
    private readonly book: AccountBook,
    private readonly renewals: Renewals,
    private readonly failures: Failures,
    private readonly options: TokenRequestsOptions,
    private readonly revocations: Revocations,
  ) {
    const apiOf = (account: Account) => this.apiOf(account);
    this.checks = new ServerChecks(book, options.clock, apiOf);
    this.grants = new Grants(book, renewals.plans, { clock: options.clock, apiOf }, revocations);
  }

  /** The API of an instance, such as an account's. */
  apiOf({ baseUrl, apiVersion }: Pick<Account, 'baseUrl' | 'apiVersion'>): Api {
    return this.options.connect(baseUrl, apiVersion);
  }

  /** See {@link BrowserLogins}. */
  browserLogins(): Promise<BrowserLogins> {
    return this.options.browserLogins();
  }

  /** See {@link RenewalRequests.requestServerTime}. */
  requestServerTime(id: string, workspace: Workspace): Promise<void> {
    return this.checks.requestServerTime(id, workspace);
  }

  /**
   * Gets a token with its own session at Looker, which isn't stored: the caller revokes it.
   * @returns undefined if the credential can't get additional tokens
   * @throws LookerError; LoginNeededError; LoggedOutError; UnreadableAccountError
   */
  async mint(id: string, workspace: Workspace): Promise<Token | undefined> {
    const live = this.renewals.plans.liveOf(id);
    const { account, credential } = live.record;
    if (!canMint(credential)) return undefined;
    const grant = await nextToken(credential, this.requestFor(account, false));
    if (workspace === 'dev') await this.grants.enterDevMode(live, grant);
    return grant.token;
  }

  /**
   * Checks whether Looker accepts an account's API key, without changing the account. See {@link tryKey}.
   * @returns undefined if no API key is saved for the account
   * @throws LookerError; CanceledError
   */
  async tryKey(id: string, signal?: AbortSignal): Promise<KeyTrial | undefined> {
    const { account, credential } = this.book.accounts.get(id)?.record ?? {};
    if (!account || credential?.kind !== 'apiKey') return undefined;
    return tryKey(credential, this.apiOf(account), this.revocations, signal);
  }

  /**
   * Does something with a valid `production` token of the account. If the server has revoked the token, it is renewed,
   * and the work is tried once more.
   * @throws CanceledError once the signal is aborted; a renewal continues, since others may wait for it
   */
  async withToken<T>(
    id: string,
    work: (session: Session) => Promise<T>,
    { signal, ...reason }: Reason & Wait = {},
  ): Promise<T> {
    const session = await abortable(this.renewals.session(id, 'production', reason), signal);
    try {
      return await work(session);
    } catch (error) {
      if (!(error instanceof TokenRejectedError)) throw error;
      this.markRejected(session, 'production');
      if (!reason.byHand) this.renewals.plans.throwIfBlocked(id, 'production');
      return await work(await abortable(this.renewals.renew(id, 'production', reason), signal));
    }
  }

  /** One user, as an admin's account sees them. @throws LookerError; LoginNeededError; CanceledError */
  user(admin: Account, userId: string, signal?: AbortSignal): Promise<LookerUser> {
    const api = this.apiOf(admin);
    return this.withToken(admin.id, ({ token }) => api.user(userId, token.value, signal), {
      signal,
    });
  }

  /**
   * Users that an admin's account may act as: see {@link LookerApi.searchUsers}.
   * @throws LookerError; LoginNeededError; CanceledError
   */
  searchUsers(
    admin: Account,
    words: string,
    page?: number,
    signal?: AbortSignal,
  ): Promise<UserPage> {
    const api = this.apiOf(admin);
    const search = ({ token }: Session) => api.searchUsers(words, token.value, page, signal);
    return this.withToken(admin.id, search, { signal });
  }

  /**
   * Replaces a token that was reported as rejected, in any workspace. The server is asked first, and at most once every
   * few seconds, so that reports alone don't get new tokens.
   * @throws TokenAcceptedError; LoggedOutError; UnreadableAccountError; the error of the check or of the renewal
   */
  async replaceRejected(id: string, rejected: string): Promise<void> {
    const live = this.renewals.plans.liveOf(id);
    const workspace = workspaceOf(live, rejected);
    const session = workspace && sessionOf(live.record, workspace);
    if (!session) return;
    if (this.renewals.plans.timeLeft(session) > 0) {
      const isAccepted = await this.checks.isAccepted(id, workspace);
      if (isAccepted) throw new TokenAcceptedError(session.account);
      this.markRejected(session, workspace);
    }
    this.renewals.plans.throwIfBlocked(id, workspace);
    await this.renewals.renew(id, workspace);
  }

  /** See {@link RenewalRequests.requestRenewal}. {@link Renewals.renew} calls this once at a time. */
  async requestRenewal(
    id: string,
    workspace: Workspace,
    { byHand = false }: Reason,
  ): Promise<Session> {
    const { plans } = this.renewals;
    const renewal = new Renewal(
      { id, workspace, byHand },
      this.book,
      plans,
      this.grants,
      (account) => this.requestFor(account, byHand),
    );
    const { label } = renewal.live.record.account;
    try {
      if (!byHand && !this.options.isFocused() && !plans.planOf(renewal.live, workspace).isUsable) {
        await this.options.pause(LONGEST_DELAY_MS * this.options.random());
      }
      const renewed = (await renewal.read()) ?? (await this.run(renewal));
      this.options.log.info(`Renewed the token for ${label}.`);
      return renewed;
    } catch (error) {
      this.options.log.warn(`Couldn't renew the token for ${label}: ${String(error)}`);
      if (error instanceof Error && !isLoggedOut(error)) {
        await this.failures.note(renewal.live, workspace, error);
      }
      throw error;
    }
  }

  /** Takes the steps of a renewal: a browser login in turn with other windows, anything else at once. */
  private async run(renewal: Renewal): Promise<Session> {
    if (renewal.record.credential.kind === 'browser') {
      return (await this.options.browserLogins()).renewInTurn(renewal);
    }
    const grant = await renewal.requestGrant();
    await renewal.preparation?.finish(grant);
    return renewal.save(grant);
  }

  /** @param byHand also applies to the admin's token, if one is needed */
  private requestFor(account: Account, byHand: boolean): TokenRequest {
    return {
      account,
      api: this.apiOf(account),
      asAdmin: (work) => this.withToken(account.sudo?.adminAccountId ?? '', work, { byHand }),
    };
  }

  /** Treats this token as invalid from now on, even if it hasn't expired. */
  private markRejected({ account, token }: Session, workspace: Workspace): void {
    this.book.accounts.setTokenState(account.id, workspace, token.value, { isRejected: true });
    this.book.announce();
  }
}
