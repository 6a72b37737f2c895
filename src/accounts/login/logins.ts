import { randomUUID } from 'node:crypto';
import type { ApiVersion } from '../../looker/api/apiVersion';
import { abortable } from '../../looker/cancellation';
import { CanceledError, isIntercepted } from '../../looker/errors/expectedError';
import {
  RefusedError,
  SudoMismatchError,
  SudoRefusedError,
  type SudoPair,
} from '../../looker/errors/refusal';
import type { Api } from '../../looker/api/api';
import type { ApiKey } from '../../looker/api/lookerApi';
import type { Token } from '../../looker/api/token';
import { userIdOf } from '../../looker/api/user';
import type { ReceivedCode } from '../../looker/oauth/browserLogin';
import { BrowserSudoRefusedError } from '../../looker/oauth/errors';
import type { BrowserLoginTerms, VerifiedLogin } from '../browserLogin/browserLogins';
import { accountId, type Account, type Sudo } from '../account';
import {
  endCredential,
  loginMethodOf,
  type StoredCredential,
} from '../credentials/storedCredential';
import { LoggedOutError } from '../errors';
import { KeyedMutex } from '../../base/keyedMutex';
import type { KnownAccounts } from '../knownAccounts';
import type { Log } from '../../base/log';
import type { AccountBook } from '../memory/accountBook';
import type { CurrentPlans } from '../renewal/currentPlans';
import type { TokenRequests } from '../renewal/tokenRequests';
import { accountLabel } from './accountLabel';
import type { Revocations } from './revocations';
import { allTokens, type AccountRecord } from '../store/accountRecord';

/** The instance to log in to, and the API version. */
export interface LoginTarget {
  readonly baseUrl: string;
  readonly apiVersion: ApiVersion;
}

/** A login that Looker has confirmed. */
interface Verified extends VerifiedLogin {
  readonly target: LoginTarget;
  readonly sudo?: Sudo;
}

/** Logs in: verifies the user, chooses the label, and only then saves anything. */
export class Logins {
  private readonly mutex = new KeyedMutex();

  constructor(
    private readonly book: AccountBook,
    private readonly plans: CurrentPlans,
    private readonly requests: TokenRequests,
    private readonly knownAccounts: KnownAccounts,
    private readonly revocations: Revocations,
    private readonly log: Log,
  ) {}

  /**
   * Logs in with an API key, verifies its user, and only then saves it. An account that is already logged in gets the
   * new key and token.
   * @param keepsKey false to save only the token, until it expires
   * @throws LookerError; CanceledError. Then nothing is saved
   */
  async login(
    target: LoginTarget,
    apiKey: ApiKey,
    signal?: AbortSignal,
    { keepsKey = true } = {},
  ): Promise<Account> {
    const credential: StoredCredential = keepsKey
      ? { kind: 'apiKey', ...apiKey }
      : { kind: 'none' };
    const api = this.requests.apiOf(target);
    const token = await api.login(apiKey, signal);
    return this.revocations.orRevoke(api, token, async () => {
      const user = await api.me(token.value, signal);
      return this.add({ target, user, credential, token }, signal);
    });
  }

  /**
   * Logs in with a code from the browser, verifies the user, and only then saves it. An account that is already logged
   * in gets the new login and token, however it was logged in.
   * @throws LookerError; CanceledError; what `agree` throws. Then nothing is saved
   */
  async loginWithBrowser(
    target: LoginTarget,
    received: ReceivedCode,
    signal?: AbortSignal,
    terms: BrowserLoginTerms = {},
  ): Promise<Account> {
    const api = this.requests.apiOf(target);
    const keep = (login: VerifiedLogin) => this.add({ target, ...login }, signal);
    const drop = (token: Token, credential: StoredCredential) => {
      this.revocations.revoke(api, token);
      this.revocations.track(endCredential(credential, api, undefined)).catch(() => undefined);
    };
    const browserLogins = await this.requests.browserLogins();
    return browserLogins.logIn(api, received, terms, keep, drop, signal);
  }

  /**
   * Acts as another user with an admin's account, after Looker confirms both users. Renewals for the same pair don't
   * confirm it again.
   * @param associative see {@link LookerApi.loginAs}
   * @throws LookerError; LoginNeededError for the admin; CanceledError. Then nothing is saved
   */
  async loginAs(
    admin: Account,
    userId: string,
    associative?: boolean,
    signal?: AbortSignal,
  ): Promise<Account> {
    const sudo: Sudo = { adminAccountId: admin.id, admin: admin.user };
    const credential: StoredCredential = {
      kind: 'sudo',
      ...(associative !== undefined && { associative }),
    };
    const api = this.requests.apiOf(admin);
    const asked: SudoPair = { userId: userIdOf(userId), adminId: admin.user.id };
    const token = await this.requests
      .withToken(
        admin.id,
        (adminSession) => api.loginAs(asked.userId, adminSession.token.value, associative, signal),
        { signal },
      )
      .catch((error: unknown) => {
        throw this.sudoFailure(admin, asked, error);
      });
    return this.revocations.orRevoke(api, token, async () => {
      const user = await api.me(token.value, signal);
      const sudoUserId = await this.sudoUserId(api, token, signal);
      throwIfAnotherPair(admin.baseUrl, asked, { userId: user.id, adminId: sudoUserId });
      return this.add({ target: admin, user, sudo, credential, token }, signal);
    });
  }

  /** Why acting as a user failed, with what can only be said about an admin who logged in with the browser. */
  private sudoFailure({ id, baseUrl }: Account, { userId }: SudoPair, error: unknown): unknown {
    const isOfBrowser = this.book.accounts.get(id)?.record.credential.kind === 'browser';
    return isOfBrowser && error instanceof SudoRefusedError
      ? new BrowserSudoRefusedError(baseUrl, error.status ?? 403, userId)
      : error;
  }

  /** The acting admin according to Looker; undefined if Looker, or a server in front of it, doesn't say. */
  private async sudoUserId(
    api: Api,
    { value }: Token,
    signal: AbortSignal | undefined,
  ): Promise<string | undefined> {
    try {
      const { sudoUserId } = await api.session(value, signal);
      if (sudoUserId === undefined) this.log.warn("Looker doesn't report who acts as which user.");
      return sudoUserId;
    } catch (error) {
      if (!(error instanceof RefusedError) && !isIntercepted(error)) throw error;
      this.log.warn(`Looker doesn't report who acts as which user: ${String(error)}`);
      return undefined;
    }
  }

  /** The label the account had before, else one that no other account has or ever had. */
  private async labelOf(id: string, names: Parameters<typeof accountLabel>[0]): Promise<string> {
    const inUse = new Set(
      this.book.accounts
        .all()
        .map(({ record }) => record.account)
        .filter((account) => account.id !== id)
        .map(({ label }) => label),
    );
    const taken = {
      has: (label: string) => inUse.has(label) || this.knownAccounts.isTaken(label, id),
    };
    const before = this.knownAccounts.get(id)?.account.label;
    let label = before === undefined || taken.has(before) ? accountLabel(names, taken) : before;
    while (!(await this.book.claimLabel(label, id))) {
      inUse.add(label);
      label = accountLabel(names, taken);
    }
    return label;
  }

  /** The account that the login is for, with its permanent label. */
  private async accountOf({ target, user, sudo }: Verified): Promise<Account> {
    const { baseUrl, apiVersion } = target;
    const { id: userId, name, email } = user;
    const id = accountId(baseUrl, userId, sudo?.admin.id);
    const accountUser = { id: userId, name, ...(email && { email }) };
    const names = { baseUrl, user: accountUser, ...(sudo && { admin: sudo.admin }) };
    const label =
      this.book.accounts.get(id)?.record.account.label ?? (await this.labelOf(id, names));
    return { id, label, baseUrl, apiVersion, user: accountUser, ...(sudo && { sudo }) };
  }

  /** Runs one at a time, so that no two accounts take the same label. */
  private add(verified: Verified, signal: AbortSignal | undefined): Promise<Account> {
    const adding = this.mutex.run('add', async () => {
      throwIfAborted(signal);
      const account = await this.accountOf(verified);
      const { id, label, sudo } = account;
      if (sudo && !this.book.accounts.get(sudo.adminAccountId)) {
        throw new LoggedOutError(sudo.admin.name);
      }
      const { login, replaced } = await this.put(account, verified, signal);
      // The admin may have logged out just now, before this account was known.
      if (sudo && this.book.accounts.isGone(sudo.adminAccountId)) {
        await this.book.takeBack(login, undefined);
        throw new LoggedOutError(sudo.admin.name);
      }
      if (signal?.aborted) {
        await this.book.takeBack(login, replaced);
        throw new CanceledError();
      }
      // A listener may already have logged it out.
      if (!this.book.accounts.isGone(id)) {
        this.knownAccounts.noteLogin(account, loginMethodOf(verified.credential));
        void this.book.active.activate(id);
      }
      this.log.info(`Logged in as ${label}.`);
      return account;
    });
    // Canceling stops waiting at any point, even for a hanging keyring.
    return abortable(adding, signal);
  }

  /** Stores the login. @returns the login, and the one it replaced */
  private async put(
    account: Account,
    { credential, token }: Verified,
    signal: AbortSignal | undefined,
  ): Promise<{ login: AccountRecord; replaced: AccountRecord | undefined }> {
    let replaced: AccountRecord | undefined;
    const login = await this.book.put(account.id, (before) => {
      // Last chance to cancel without having changed anything.
      throwIfAborted(signal);
      replaced = before;
      const earlier = before ? allTokens(before) : [];
      return {
        account,
        login: randomUUID(),
        credential,
        credentialChanges: 0,
        tokens: {
          production: { token, replaced: this.plans.unexpired(account, earlier) },
        },
      };
    });
    return { login, replaced };
  }
}

function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new CanceledError();
}

/**
 * Checks both users. Looker may report either of the two as the acting one, but never a third.
 * @param confirmed the pair that Looker reports; `adminId` is undefined if it doesn't say
 * @throws SudoMismatchError
 */
function throwIfAnotherPair(
  baseUrl: string,
  asked: SudoPair,
  { userId, adminId = asked.adminId }: { userId: string; adminId: string | undefined },
): void {
  const isAdmin = adminId === asked.adminId || adminId === asked.userId;
  if (userId !== asked.userId || !isAdmin) {
    throw new SudoMismatchError(baseUrl, asked, { userId, adminId });
  }
}
