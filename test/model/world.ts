import { inspect } from 'node:util';
import { accountId, type Account } from '../../src/accounts/account';
import { Accounts } from '../../src/accounts/accounts';
import { AccountStore } from '../../src/accounts/accountStore';
import { LoggedOutError, LoginNeededError } from '../../src/accounts/errors';
import type { Memento } from '../../src/accounts/knownAccounts';
import type { RenewalMode } from '../../src/accounts/renewals';
import { CancelledError, LookerError } from '../../src/looker/errors';
import { serverClocks } from '../../src/looker/clock';
import { LookerApi } from '../../src/looker/lookerApi';
import { MemoryMemento } from '../support/memoryMemento';
import { Expectations, type Operation } from './expectations';
import { HostileSecrets } from './hostileSecrets';
import { MemoryLooker, SECRET_MARK } from './memoryLooker';
import type { Waits } from './waits';

/** A window of VS Code. */
export interface Window {
  readonly name: string;
  readonly accounts: Accounts;
}

export interface WorldOptions {
  /** Users 1 to this one are admins. */
  readonly admins: number;
  /** How far the local clock is ahead of the server's at the start, in ms. */
  readonly skew: number;
  readonly renewal: RenewalMode;
}

/** Never reached: what hangs here is ended by the simulation, not by a real timer. */
const TIMEOUT_MS = 3_600_000;

/**
 * One Looker, one keyring, one user at several windows. It notes everything that must not be: what it
 * finds is in `faults`, and a run is good while that is empty.
 */
export class World {
  readonly looker: MemoryLooker;
  readonly secrets: HostileSecrets;
  readonly memento = new MemoryMemento();
  readonly expectations = new Expectations();
  readonly windows: Window[] = [];
  /** What should not have happened. */
  readonly faults: string[] = [];
  focused: Window | undefined;
  /** How far the local clock is ahead of the server's, in ms. */
  private skew: number;

  private unsettled = 0;
  private slept = 0;
  /** When the clock of this machine was set last, by the server's. */
  private jumpedAt = 0;
  /** Windows that know the server's time. */
  private readonly heard = new Set<string>();
  private opened = 0;
  /** Log-ins the user has under way: beside them, a window has one more at most, its renewal. */
  private readonly userLogins = new Map<string, number>();

  /** @param clock the server's, in epoch ms */
  constructor(
    readonly clock: { now: number },
    readonly waits: Waits,
    private readonly random: () => number,
    private readonly options: WorldOptions,
  ) {
    this.skew = options.skew;
    this.looker = new MemoryLooker(() => clock.now, waits, options.admins);
    this.secrets = new HostileSecrets(waits, random);
    this.looker.onHeard = (window) => void this.heard.add(window);
    this.looker.onLogin = (window, id, underWay) => {
      const most = 1 + (this.userLogins.get(`${window} ${id}`) ?? 0);
      if (underWay > most) this.faults.push(`${window} has ${underWay} log-ins of ${id} under way`);
    };
  }

  /** Promises handed out by the product that have neither come true nor failed. */
  get promises(): number {
    return this.unsettled;
  }

  openWindow(): Promise<Window> {
    return this.watch(this.open(`window ${++this.opened}`));
  }

  closeWindow(window: Window): void {
    window.accounts.dispose();
    this.doubtRefused(window.name);
    this.windows.splice(this.windows.indexOf(window), 1);
    if (this.focused === window) this.focused = undefined;
  }

  idOf(userId: string, adminId?: string): string {
    return accountId(this.looker.baseUrl, userId, adminId);
  }

  login({ name, accounts }: Window, userId: string, signal?: AbortSignal): Promise<unknown> {
    const target = { baseUrl: this.looker.baseUrl, apiVersion: '4.0' } as const;
    const key = this.looker.apiKeyOf(userId);
    return this.loggingIn(name, this.idOf(userId), () => accounts.login(target, key, signal));
  }

  loginAs(
    { name, accounts }: Window,
    admin: Account,
    userId: string,
    signal?: AbortSignal,
  ): Promise<unknown> {
    return this.loggingIn(name, this.idOf(userId, admin.user.id), () =>
      accounts.loginAs(admin, userId, undefined, signal),
    );
  }

  logout({ name, accounts }: Window, ids: readonly string[]): Promise<unknown> {
    const leaving = accounts
      .all()
      .map(({ account }) => account)
      .filter(({ id, sudo }) => ids.includes(id) || (sudo && ids.includes(sudo.adminAccountId)));
    const leavingIds = leaving.map(({ id }) => id);
    // Somebody may just be becoming a sudo account under one of them.
    const operation = this.expectations.begin('logout', leavingIds, (id) =>
      leavingIds.some((adminId) => id.startsWith(`${adminId}>`)),
    );
    // A log-in that only another window has, since it could not store it, is out of reach.
    const isElsewhereOnly = (id: string) =>
      this.windows.some((other) => other.name !== name && this.secrets.hasRefused(other.name, id));
    const logout = this.judge(name, operation, accounts.logout(ids)).finally(() => {
      this.expectations.doubt((id) => leavingIds.includes(id) && isElsewhereOnly(id));
    });
    return this.watch(logout);
  }

  /** Asks for a session, as other extensions do: the token must be good by the server's clock. */
  session({ name, accounts }: Window, id: string): Promise<unknown> {
    return this.watch(
      accounts.session(id).then(({ token }) => {
        if (!this.looker.hasExpired(token.value)) return;
        // Nothing on this machine can tell that the clock was set since, until the server is heard of.
        const isUnheardOf =
          !this.heard.has(name) && this.jumpedAt >= this.looker.issuedAt(token.value);
        if (!isUnheardOf) this.faults.push(`${id} got an expired token`);
      }),
    );
  }

  /** Counts a promise until it settles; what goes wrong with it may be read by anybody. */
  watch<T>(promise: Promise<T>): Promise<T> {
    this.unsettled++;
    promise
      .catch((error: unknown) => {
        this.hear(inspect(error, { depth: 6 }));
      })
      .finally(() => {
        this.unsettled--;
      });
    return promise;
  }

  private async open(name: string): Promise<Window> {
    const hear = (line: string) => {
      this.hear(line);
    };
    const clock = { now: () => this.localTime, uptime: () => this.clock.now - this.slept };
    const serverClock = serverClocks(clock);
    const window: Window = {
      name,
      accounts: await Accounts.open({
        store: new AccountStore(this.secrets.of(name)),
        memento: this.mementoOf(name),
        connect: (baseUrl, apiVersion) =>
          new LookerApi({
            baseUrl,
            apiVersion,
            fetch: this.looker.fetchFrom(name),
            timeoutMs: TIMEOUT_MS,
            plainHttp: false,
            credentialsInQuery: false,
            clock,
            serverClock: serverClock(baseUrl),
          }),
        renewal: () => this.options.renewal,
        isFocused: () => this.focused?.name === name,
        clock,
        serverClock,
        random: this.random,
        pause: () => this.waits.wait(name),
        log: { info: hear, warn: hear },
      }),
    };
    window.accounts.onDidChange((change) => {
      this.hear(JSON.stringify(change));
      // As the status bar does.
      window.accounts.all();
    });
    this.windows.push(window);
    return window;
  }

  /** Sets the clock of this machine. A window notices within a minute, before anything else happens to it. */
  jump(ms: number): void {
    this.skew += ms;
    this.jumpedAt = this.clock.now;
    this.beat();
  }

  /** Time passes, and no window notices before it is over. */
  sleep(ms: number): void {
    this.clock.now += ms;
    this.slept += ms;
    this.beat();
  }

  private beat(): void {
    for (const { accounts } of this.windows) accounts.renewDue();
  }

  /** What the clock of this machine shows, in epoch ms. */
  get localTime(): number {
    return this.clock.now + this.skew;
  }

  private hear(text: string): void {
    if (text.includes(SECRET_MARK)) this.faults.push(`A secret came out: ${text}`);
  }

  /** What is not secret, shared by all windows. Now and then it cannot be stored, which nobody may notice. */
  private mementoOf(window: string): Memento {
    return {
      keys: () => this.memento.keys(),
      get: (key) => this.memento.get(key),
      update: async (key, value) => {
        this.hear(key + JSON.stringify(value));
        const stored = this.memento.update(key, value);
        await this.waits.wait(window);
        if (this.random() < 0.1) throw new Error('The disk is full.');
        await stored;
      },
    };
  }

  private loggingIn(window: string, id: string, work: () => Promise<unknown>): Promise<unknown> {
    const key = `${window} ${id}`;
    const count = (by: number) => this.userLogins.set(key, (this.userLogins.get(key) ?? 0) + by);
    const operation = this.expectations.begin('login', [id]);
    count(1);
    const login = this.judge(window, operation, work());
    login
      .catch(() => undefined)
      .finally(() => {
        count(-1);
      });
    return this.watch(login);
  }

  private async judge<T>(window: string, operation: Operation, work: Promise<T>): Promise<T> {
    try {
      const result = await work;
      this.expectations.end(operation, 'done');
      return result;
    } catch (error) {
      this.expectations.end(operation, changesNothing(error) ? 'nothing' : 'unknown');
      throw error;
    } finally {
      if (!this.windows.some(({ name }) => name === window)) this.doubtRefused(window);
    }
  }

  /** What a closed window could not store may have gone with it. */
  private doubtRefused(window: string): void {
    this.expectations.doubt((id) => this.secrets.hasRefused(window, id));
  }
}

/** Whether a log-in that failed so has stored nothing. What else is thrown comes from the keyring. */
function changesNothing(error: unknown): boolean {
  return (
    error instanceof LookerError ||
    error instanceof CancelledError ||
    error instanceof LoggedOutError ||
    error instanceof LoginNeededError
  );
}
