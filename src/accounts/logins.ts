import { randomUUID } from 'node:crypto';
import type { ApiVersion } from '../looker/api/apiVersion';
import { orCancelled } from '../looker/cancellation';
import { CancelledError, isIntercepted } from '../looker/errors/expectedError';
import { RefusedError, SudoMismatchError, type SudoPair } from '../looker/errors/refusal';
import type { Api } from '../looker/api/lazyLookerApi';
import type { ApiKey } from '../looker/api/lookerApi';
import type { Token } from '../looker/api/token';
import { userIdOf, type LookerUser } from '../looker/api/user';
import { accountId, accountLabel, type Account, type Sudo } from './account';
import type { AccountBook } from './accountBook';
import type { AccountRecord } from './accountStore';
import { LoggedOutError } from './errors';
import type { KnownAccounts } from './knownAccounts';
import type { Log } from './log';
import type { Renewals } from './renewals';
import type { Revocations } from './revocations';
import { Turns } from './turns';

/** Where to log in, and in which API version. */
export interface LoginTarget {
  readonly baseUrl: string;
  readonly apiVersion: ApiVersion;
}

/** Logs people in: verifies who they are, names them, and only then keeps anything. */
export class Logins {
  private readonly turns = new Turns();
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
   * @throws LookerError; CancelledError. Nothing is kept then
   */
  login(
    target: LoginTarget,
    apiKey: ApiKey,
    signal?: AbortSignal,
    { keepsKey = true } = {},
  ): Promise<Account> {
    return this.announcing(async () => {
      const api = this.renewals.apiOf(target);
      const token = await api.login(apiKey, signal);
      return this.revocations.orRevoke(api, token, async () => {
        const user = await api.me(token.value, signal);
        return this.add(target, user, undefined, { token, ...(keepsKey && { apiKey }) }, signal);
      });
    });
  }

  /**
   * Acts as another user, with the rights of an admin's account, once Looker agrees who acts as whom. Renewals,
   * by the same admin for the same user, do not ask it again.
   * @param associative see {@link LookerApi.loginAs}
   * @throws LookerError; LoginNeededError for the admin; CancelledError. Nothing is kept then
   */
  loginAs(
    admin: Account,
    user: string,
    associative?: boolean,
    signal?: AbortSignal,
  ): Promise<Account> {
    return this.announcing(async () => {
      const api = this.renewals.apiOf(admin);
      const sudo: Sudo = {
        adminAccountId: admin.id,
        admin: admin.user,
        ...(associative !== undefined && { associative }),
      };
      const userId = userIdOf(user);
      const token = await this.renewals.sudoToken(userId, sudo, { signal });
      return this.revocations.orRevoke(api, token, async () => {
        const user = await api.me(token.value, signal);
        const asked: SudoPair = { userId, adminId: admin.user.id };
        const told: SudoPair = {
          userId: user.id,
          adminId: (await this.sudoUserId(api, token, signal)) ?? asked.adminId,
        };
        // Whom of the two Looker calls the actual user is all the same: it must be nobody else.
        const isAdmin = told.adminId === asked.adminId || told.adminId === asked.userId;
        if (told.userId !== asked.userId || !isAdmin) {
          throw new SudoMismatchError(admin.baseUrl, asked, told);
        }
        return this.add(admin, user, sudo, { token }, signal);
      });
    });
  }

  /** Who acts, says Looker; undefined where it, or whoever stands before it, lets nobody ask. */
  private async sudoUserId(
    api: Api,
    { value }: Token,
    signal: AbortSignal | undefined,
  ): Promise<string | undefined> {
    try {
      const { sudoUserId } = await api.session(value, signal);
      if (sudoUserId === undefined) this.log.warn('Looker does not tell who acts as whom.');
      return sudoUserId;
    } catch (error) {
      if (!(error instanceof RefusedError) && !isIntercepted(error)) throw error;
      this.log.warn(`Looker does not tell who acts as whom: ${String(error)}`);
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

  /** Takes a log-in back, as if nobody had begun it. @param before the one that it has replaced */
  private async undo(id: string, before?: AccountRecord): Promise<void> {
    if (before) {
      await this.book.put(id, () => ({ ...before, login: randomUUID() }));
    } else {
      this.book.forget(id);
      await this.book.remove(id);
    }
  }

  /** The label the account had before, else one that no other account has or ever had. */
  private async labelOf(id: string, names: Parameters<typeof accountLabel>[0]): Promise<string> {
    const inUse = new Set(
      this.book
        .all()
        .filter(({ account }) => account.id !== id)
        .map(({ account }) => account.label),
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

  /** One at a time, so that no two accounts take the same label. */
  private add(
    { baseUrl, apiVersion }: LoginTarget,
    { id: userId, name, email }: LookerUser,
    sudo: Sudo | undefined,
    kept: Pick<AccountRecord, 'token' | 'apiKey'>,
    signal: AbortSignal | undefined,
  ): Promise<Account> {
    const adding = this.turns.take('add', async () => {
      if (signal?.aborted) throw new CancelledError();
      const id = accountId(baseUrl, userId, sudo?.admin.id);
      const user = { id: userId, name, ...(email && { email }) };
      const label =
        this.book.get(id)?.account.label ??
        (await this.labelOf(id, { baseUrl, user, ...(sudo && { admin: sudo.admin }) }));
      const account = { id, label, baseUrl, apiVersion, user, ...(sudo && { sudo }) };
      if (sudo && !this.book.get(sudo.adminAccountId)) throw new LoggedOutError(sudo.admin.name);
      let replacedLogin: AccountRecord | undefined;
      await this.book.put(id, (before) => {
        // Until here nothing has changed.
        if (signal?.aborted) throw new CancelledError();
        replacedLogin = before;
        const replaced = before ? this.renewals.liveTokens(before) : [];
        return { account, login: randomUUID(), replaced, ...kept };
      });
      // The admin may have logged out at that moment, and not have known of this account.
      if (sudo && this.book.isGone(sudo.adminAccountId)) {
        await this.undo(id);
        throw new LoggedOutError(sudo.admin.name);
      }
      if (signal?.aborted) {
        await this.undo(id, replacedLogin);
        throw new CancelledError();
      }
      // Whoever heard of it may have logged it out already.
      if (!this.book.isGone(id)) {
        this.knownAccounts.noteLogin(account);
        void this.book.activate(id);
      }
      this.log.info(`Logged in ${label}.`);
      return account;
    });
    // Whatever it waits for, a keyring that hangs included.
    return orCancelled(adding, signal);
  }
}
