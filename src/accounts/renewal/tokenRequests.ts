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
import { logsInAnew, nextToken } from '../credentials/storedCredential';
import { isLoggedOut } from '../errors';
import type { Log } from '../log';
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
  /** Whether this is the window the user is in: it renews first, and the others adopt its token. */
  readonly isFocused: () => boolean;
  readonly clock: Clock;
  /** From 0 to 1. */
  readonly random: () => number;
  /** Waits so many ms. */
  readonly pause: (ms: number) => Promise<unknown>;
  readonly log: Log;
  /** Loads what only browser logins need. */
  readonly browserLogins: () => Promise<BrowserLogins>;
}

/** Several windows that need a token at once wait up to so long, and one of them renews. */
const LONGEST_DELAY_MS = 3000;

/** How long the caller waits. */
interface Wait {
  /** Only ends the wait of the caller who gives it. */
  readonly signal?: AbortSignal | undefined;
}

/** What Looker is asked about tokens: for the next one, and whether it still accepts one. */
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

  /** Speaks to an instance, such as an account's. */
  apiOf({ baseUrl, apiVersion }: Pick<Account, 'baseUrl' | 'apiVersion'>): Api {
    return this.options.connect(baseUrl, apiVersion);
  }

  /** See {@link BrowserLogins}. */
  browserLogins(): Promise<BrowserLogins> {
    return this.options.browserLogins();
  }

  /** See {@link RenewalRequests.askTime}. */
  askTime(id: string, workspace: Workspace): Promise<void> {
    return this.checks.askTime(id, workspace);
  }

  /**
   * A token with a session of its own at Looker, which the account does not keep: whoever gets it ends it.
   * @returns undefined where the credential gets the account's own tokens alone
   * @throws LookerError; LoginNeededError; LoggedOutError; UnreadableAccountError
   */
  async mint(id: string, workspace: Workspace): Promise<Token | undefined> {
    const live = this.renewals.plans.liveOf(id);
    const { account, credential } = live.record;
    if (!logsInAnew(credential)) return undefined;
    const grant = await nextToken(credential, this.requestFor(account, false));
    if (workspace === 'dev') await this.grants.enterDevMode(live, grant);
    return grant.token;
  }

  /**
   * Tries whether Looker accepts an account's API key: the account and its token stay as they are. See {@link tryKey}.
   * @returns undefined where the account has no key
   * @throws LookerError; CanceledError
   */
  async tryKey(id: string, signal?: AbortSignal): Promise<KeyTrial | undefined> {
    const { account, credential } = this.book.accounts.get(id)?.record ?? {};
    if (!account || credential?.kind !== 'apiKey') return undefined;
    return tryKey(credential, this.apiOf(account), this.revocations, signal);
  }

  /**
   * Does something with a good token of the account, for `production`. One that was ended on the server before its time
   * is replaced, and it is tried once more.
   * @throws CanceledError as soon as the signal is aborted, whatever is being waited for; a renewal goes on, since
   *   others may wait for it too
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
      if (!reason.byHand)
        this.renewals.plans.throwIfBlocked(this.renewals.plans.liveOf(id), 'production');
      return await work(await abortable(this.renewals.renew(id, 'production', reason), signal));
    }
  }

  /** One user, for an admin's account. @throws LookerError; LoginNeededError; CanceledError */
  user(admin: Account, userId: string, signal?: AbortSignal): Promise<LookerUser> {
    const api = this.apiOf(admin);
    return this.withToken(admin.id, ({ token }) => api.user(userId, token.value, signal), {
      signal,
    });
  }

  /**
   * Users an admin's account may act as: see {@link LookerApi.searchUsers}.
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
   * Replaces a token of whichever workspace that somebody says the server does not accept. The server is asked first,
   * and not again within seconds: nobody can make it hand out tokens by saying so.
   * @throws TokenAcceptedError; LoggedOutError; UnreadableAccountError; whatever keeps the server from being asked, or
   *   a renewal fails with
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
    this.renewals.plans.throwIfBlocked(this.renewals.plans.liveOf(id), workspace);
    await this.renewals.renew(id, workspace);
  }

  /** See {@link RenewalRequests.renew}. {@link Renewals.renew} does so once at a time. */
  async renew(id: string, workspace: Workspace, { byHand = false }: Reason): Promise<Session> {
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
      const renewed = (await renewal.read()) ?? (await this.take(renewal));
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

  private async take(renewal: Renewal): Promise<Session> {
    if (renewal.record.credential.kind === 'browser') {
      return (await this.options.browserLogins()).renew(renewal);
    }
    const grant = await renewal.ask();
    await renewal.preparation?.finish(grant);
    return renewal.keep(grant);
  }

  /** @param byHand holds for the token of an admin, too, where one is needed */
  private requestFor(account: Account, byHand: boolean): TokenRequest {
    return {
      account,
      api: this.apiOf(account),
      asAdmin: (work) => this.withToken(account.sudo?.adminAccountId ?? '', work, { byHand }),
    };
  }

  /** From now on this token is worth nothing, whatever its time. */
  private markRejected({ account, token }: Session, workspace: Workspace): void {
    this.book.accounts.see(account.id, workspace, token.value, { isRejected: true });
    this.book.announce();
  }
}
