import { randomUUID } from 'node:crypto';
import type { ApiVersion } from '../../looker/api/apiVersion';
import { abortable } from '../../looker/cancellation';
import { CanceledError, isIntercepted } from '../../looker/errors/expectedError';
import { RefusedError, SudoMismatchError, type SudoPair } from '../../looker/errors/refusal';
import type { Api } from '../../looker/api/lazyLookerApi';
import type { ApiKey } from '../../looker/api/lookerApi';
import type { Token } from '../../looker/api/token';
import { userIdOf } from '../../looker/api/user';
import type { ReceivedCode } from '../../looker/oauth/browserLogin';
import type { BrowserLoginTerms, VerifiedLogin } from '../browserLogin/browserLogins';
import { accountId, accountLabel, type Account, type Sudo } from '../account';
import { endCredential, type StoredCredential } from '../credentials/storedCredential';
import { sudoToken } from '../credentials/sudo';
import { LoggedOutError } from '../errors';
import { KeyedMutex } from '../keyedMutex';
import type { How, KnownAccounts } from '../knownAccounts';
import type { Log } from '../log';
import type { AccountBook } from '../memory/accountBook';
import type { Renewals } from '../renewal/renewals';
import type { Revocations } from './revocations';
import { allTokens, type AccountRecord } from '../store/accountRecord';

/** Where to log in, and in which API version. */
export interface LoginTarget {
  readonly baseUrl: string;
  readonly apiVersion: ApiVersion;
}

/** A login that Looker has agreed to. */
interface Verified extends VerifiedLogin {
  readonly target: LoginTarget;
  readonly sudo?: Sudo;
}

/** Logs people in: verifies who they are, names them, and only then keeps anything. */
export class Logins {
  private readonly mutex = new KeyedMutex();
  private underWay = 0;

  constructor(
    private readonly book: AccountBook,
    private readonly renewals: Renewals,
    private readonly knownAccounts: KnownAccounts,
    private readonly revocations: Revocations,
    private readonly log: Log,
  ) {}

  get isUnderWay(): boolean {
    return this.underWay > 0;
  }

  /**
   * Logs in with an API key, verifies whose it is, and only then keeps it. An account that is logged in
   * already gets the new key and token.
   * @param keepsKey false to keep the token only, until it expires
   * @throws LookerError; CanceledError. Nothing is kept then
   */
  login(
    target: LoginTarget,
    apiKey: ApiKey,
    signal?: AbortSignal,
    { keepsKey = true } = {},
  ): Promise<Account> {
    const credential: StoredCredential = keepsKey
      ? { kind: 'apiKey', ...apiKey }
      : { kind: 'none' };
    return this.announcing(async () => {
      const api = this.renewals.apiOf(target);
      const token = await api.login(apiKey, signal);
      return this.revocations.orRevoke(api, token, async () => {
        const user = await api.me(token.value, signal);
        return this.add({ target, user, credential, token }, signal);
      });
    });
  }

  /**
   * Logs in with a code that the browser has brought, verifies whose it is, and only then keeps it. An account that is
   * logged in already gets the new login and token, however it was logged in.
   * @throws LookerError; CanceledError; what `agree` throws. Nothing is kept then
   */
  loginWithBrowser(
    target: LoginTarget,
    received: ReceivedCode,
    signal?: AbortSignal,
    terms: BrowserLoginTerms = {},
  ): Promise<Account> {
    return this.announcing(async () => {
      const api = this.renewals.apiOf(target);
      const keep = (login: VerifiedLogin) => this.add({ target, ...login }, signal);
      const drop = (token: Token, credential: StoredCredential) => {
        this.revocations.revoke(api, token);
        this.revocations.note(endCredential(credential, api, undefined)).catch(() => undefined);
      };
      const browserLogins = await this.renewals.browserLogins();
      return browserLogins.logIn(api, received, terms, keep, drop, signal);
    });
  }

  /**
   * Acts as another user, with the rights of an admin's account, once Looker agrees who acts as whom. Renewals,
   * by the same admin for the same user, do not ask it again.
   * @param associative see {@link LookerApi.loginAs}
   * @throws LookerError; LoginNeededError for the admin; CanceledError. Nothing is kept then
   */
  loginAs(
    admin: Account,
    user: string,
    associative?: boolean,
    signal?: AbortSignal,
  ): Promise<Account> {
    const sudo: Sudo = { adminAccountId: admin.id, admin: admin.user };
    const credential: StoredCredential = {
      kind: 'sudo',
      ...(associative !== undefined && { associative }),
    };
    return this.announcing(async () => {
      const api = this.renewals.apiOf(admin);
      const asked: SudoPair = { userId: userIdOf(user), adminId: admin.user.id };
      const token = await sudoToken(
        api,
        asked.userId,
        associative,
        (work) => this.renewals.withToken(admin.id, work, { signal }),
        signal,
      );
      return this.revocations.orRevoke(api, token, async () => {
        const user = await api.me(token.value, signal);
        const sudoUserId = await this.sudoUserId(api, token, signal);
        throwIfAnotherPair(admin.baseUrl, asked, { userId: user.id, adminId: sudoUserId });
        return this.add({ target: admin, user, sudo, credential, token }, signal);
      });
    });
  }

  /** Who acts, says Looker; undefined where it, or whoever stands before it, does not tell. */
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

  private async announcing<T>(work: () => Promise<T>): Promise<T> {
    this.underWay++;
    this.book.announce();
    try {
      return await work();
    } finally {
      this.underWay--;
      this.book.announce();
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

  /** The account that the login is for, under the label it keeps for good. */
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

  /** One at a time, so that no two accounts take the same label. */
  private add(verified: Verified, signal: AbortSignal | undefined): Promise<Account> {
    const adding = this.mutex.run('add', async () => {
      throwIfAborted(signal);
      const account = await this.accountOf(verified);
      const { id, label, sudo } = account;
      if (sudo && !this.book.accounts.get(sudo.adminAccountId)) {
        throw new LoggedOutError(sudo.admin.name);
      }
      const { login, replaced } = await this.put(account, verified, signal);
      // The admin may have logged out at that moment, and not have known of this account.
      if (sudo && this.book.accounts.isGone(sudo.adminAccountId)) {
        await this.book.takeBack(login, undefined);
        throw new LoggedOutError(sudo.admin.name);
      }
      if (signal?.aborted) {
        await this.book.takeBack(login, replaced);
        throw new CanceledError();
      }
      // Whoever heard of it may have logged it out already.
      if (!this.book.accounts.isGone(id)) {
        this.knownAccounts.noteLogin(account, howOf(verified.credential));
        void this.book.active.activate(id);
      }
      this.log.info(`Logged in as ${label}.`);
      return account;
    });
    // Whatever it waits for, a keyring that hangs included.
    return abortable(adding, signal);
  }

  /** Stores the login. @returns it, and the one that it has replaced */
  private async put(
    account: Account,
    { credential, token }: Verified,
    signal: AbortSignal | undefined,
  ): Promise<{ login: AccountRecord; replaced: AccountRecord | undefined }> {
    let replaced: AccountRecord | undefined;
    const login = await this.book.put(account.id, (before) => {
      // Until here nothing has changed.
      throwIfAborted(signal);
      replaced = before;
      const earlier = before ? allTokens(before) : [];
      return {
        account,
        login: randomUUID(),
        credential,
        credentialChanges: 0,
        tokens: {
          production: { token, replaced: this.renewals.plans.unexpired(account, earlier) },
        },
      };
    });
    return { login, replaced };
  }
}

/** How an account was logged in; undefined for one that is acted as. */
function howOf(credential: StoredCredential): How | undefined {
  if (credential.kind === 'sudo') return undefined;
  return credential.kind === 'none' ? (credential.of ?? 'apiKey') : credential.kind;
}

function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new CanceledError();
}

/**
 * Looker may call either of the two the one who really acts: it must be nobody else.
 * @param told the admin is undefined where Looker does not tell
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
