import type { ApiVersion } from '../looker/apiVersion';
import { TokenRejectedError } from '../looker/errors';
import type { LookerApi } from '../looker/lookerApi';
import type { Token } from '../looker/token';
import type { Account, Sudo } from './account';
import type { AccountBook } from './accountBook';
import type { AccountRecord } from './accountStore';
import { LoggedOutError, LoginNeededError, needsLogin } from './errors';
import { isGood, needsRenewal } from './expiry';
import type { Log } from './log';

/** Speaks to an instance in one API version, the way the user configured that instance. */
export type Connect = (baseUrl: string, apiVersion: ApiVersion) => LookerApi;

/** An account with a token of it. */
export interface Session {
  readonly account: Account;
  readonly token: Token;
}

/**
 * Keeps tokens good: API-key accounts by logging in again, sudo accounts through their admin's. However
 * many ask, an account has one renewal under way.
 */
export class Renewals {
  private readonly underWay = new Map<string, Promise<Session>>();
  /** Why the renewal of an account failed, and for which token: a new token makes it history. */
  private readonly failures = new Map<string, { token: string; error: Error }>();

  constructor(
    private readonly book: AccountBook,
    private readonly connect: Connect,
    private readonly now: () => number,
    private readonly log: Log,
  ) {}

  isUnderWay(id: string): boolean {
    return this.underWay.has(id);
  }

  /** Why the last renewal of the token the account still has went wrong. */
  failureOf(id: string): Error | undefined {
    const failure = this.failures.get(id);
    return failure?.token === this.book.get(id)?.token.value ? failure?.error : undefined;
  }

  /**
   * The account with a token good for use: the one it has, else a new one. While a token is still good
   * but near its end, it is handed out and renewed beside. Where Looker has refused to renew, it is not
   * asked again until the user logs in.
   * @throws LookerError where there is no good token and none to be had; LoginNeededError
   */
  async session(id: string): Promise<Session> {
    const record = this.book.get(id);
    if (!record) throw new LoggedOutError('This account');
    const failure = this.failureOf(id);
    if (isGood(record.token, this.now())) {
      if (canRenew(record) && !needsLogin(failure) && needsRenewal(record.token, this.now())) {
        // Its failure is kept as the account's; whoever asks here has a good token.
        this.renew(id).catch(() => undefined);
      }
      return record;
    }
    if (failure && needsLogin(failure)) throw failure;
    return this.renew(id);
  }

  /**
   * A new token for the account, unless another window has renewed it meanwhile. Whoever asks while a
   * renewal is under way gets that one.
   * @param force ask Looker even where the token stored is still good
   * @throws LookerError; LoginNeededError
   */
  renew(id: string, { force = false } = {}): Promise<Session> {
    const underWay = this.underWay.get(id);
    if (underWay) return underWay;
    const renewal = this.run(id, force).finally(() => {
      this.underWay.delete(id);
      this.book.announce();
    });
    this.underWay.set(id, renewal);
    this.book.announce();
    return renewal;
  }

  /** A token to act as another user. @throws LookerError; LoginNeededError, for the admin */
  async sudoToken(
    userId: string,
    { adminAccountId, associative }: Sudo,
    signal?: AbortSignal,
  ): Promise<Token> {
    const withAdmin = ({ account, token }: Session) =>
      this.apiOf(account).loginAs(userId, token.value, associative, signal);
    try {
      return await withAdmin(await this.session(adminAccountId));
    } catch (error) {
      // The admin's token was ended on the server before its time: a new one, and one more try.
      if (!(error instanceof TokenRejectedError)) throw error;
      return withAdmin(await this.renew(adminAccountId, { force: true }));
    }
  }

  private async run(id: string, force: boolean): Promise<Session> {
    const label = this.book.get(id)?.account.label ?? 'This account';
    try {
      const stored = await this.book.reload(id);
      if (!stored) throw new LoggedOutError(label);
      if (!force && !needsRenewal(stored.token, this.now())) return stored;
      const token = await this.newToken(stored);
      const renewed = await orRevoke(this.apiOf(stored.account), token, async () => {
        const record = await this.book.renew(id, token);
        if (!record) throw new LoggedOutError(label);
        return record;
      });
      this.log.info(`Renewed the token of ${label}.`);
      return renewed;
    } catch (error) {
      this.log.warn(`Could not renew the token of ${label}: ${String(error)}`);
      const token = this.book.get(id)?.token.value;
      if (token && error instanceof Error) this.failures.set(id, { token, error });
      throw error;
    }
  }

  private newToken({ account, apiKey }: AccountRecord): Promise<Token> {
    if (account.sudo) return this.sudoToken(account.user.id, account.sudo);
    if (apiKey) return this.apiOf(account).login(apiKey);
    throw new LoginNeededError(account, 'its API key was not kept');
  }

  private apiOf({ baseUrl, apiVersion }: Account): LookerApi {
    return this.connect(baseUrl, apiVersion);
  }
}

/** A token that nobody will keep must not stay alive; how ending it goes concerns nobody. */
export async function orRevoke<T>(
  api: LookerApi,
  token: Token,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    api.logout(token.value).catch(() => undefined);
    throw error;
  }
}

function canRenew({ account, apiKey }: AccountRecord): boolean {
  return apiKey !== undefined || account.sudo !== undefined;
}
