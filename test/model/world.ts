import { inspect } from 'node:util';
import { accountId, type Account } from '../../src/accounts/account';
import { BrowserLogins } from '../../src/accounts/browserLogin/browserLogins';
import type { Accounts } from '../../src/accounts/accounts';
import { AccountStore } from '../../src/accounts/store/accountStore';
import { LoggedOutError, LoginNeededError } from '../../src/accounts/errors';
import type { Memento } from '../../src/accounts/knownAccounts';
import type { RenewalMode } from '../../src/accounts/renewal/renewalPlan';
import { CanceledError } from '../../src/looker/errors/expectedError';
import { LookerError } from '../../src/looker/errors/lookerError';
import { Clock, serverClocks } from '../../src/looker/clock';
import { LookerApi } from '../../src/looker/api/lookerApi';
import { WORKSPACES, type Workspace } from '../../src/looker/workspace';
import { accountsFor } from '../../src/vscode/provider/accountsFor';
import { Expectations, type Operation } from './expectations';
import { HostileSecrets } from './hostileSecrets';
import { MemoryLooker, SECRET_MARK, type IssuedToken, type LoginRequest } from './memoryLooker';
import type { Waits } from './waits';
import { MemoryTurns } from '../support/memoryTurns';
import { openWith } from '../support/openAccounts';

/** A window of VS Code. */
export interface Window {
  readonly name: string;
  /** By the server's clock. */
  readonly openedAt: number;
  readonly accounts: Accounts;
}

export interface WorldOptions {
  /** Users from 1 up to this number are admins. */
  readonly admins: number;
  /** How far the local clock is ahead of the server's at the start, in ms. */
  readonly skew: number;
  readonly renewal: RenewalMode;
}

/** What may happen to a record behind the product's back. */
export const DAMAGES = ['damaged', 'truncated', 'newer'] as const;
export type Damage = (typeof DAMAGES)[number];

/** Something requested from a window, until it and the renewal it started are over. */
interface Wish {
  readonly window: Window;
  readonly accountId: string;
  /** A login, or a renewal by hand: it is sent even if Looker has refused before. */
  readonly isInsistent: boolean;
  isSettled: boolean;
}

/** Never reached: hanging operations are ended by the simulation, not by a real timer. */
const TIMEOUT_MS = 3_600_000;

/**
 * One Looker, one keyring, and one user with several windows. It records every violation in `faults`, which is empty if
 * the run passes.
 */
export class World {
  readonly looker: MemoryLooker;
  readonly secrets: HostileSecrets;
  readonly expectations = new Expectations();
  readonly windows: Window[] = [];
  /** The violations found. */
  readonly faults: string[] = [];
  focused: Window | undefined;
  /** How far the local clock is ahead of the server's, in ms. */
  private skew: number;

  /** Accounts of canceled logins: anything stored for them is taken back a little later. */
  private readonly canceled = new Set<string>();
  private readonly remembered = new Map<string, unknown>();
  private unsettled = 0;
  private slept = 0;
  /** When this machine's clock was set, by the server's clock. */
  private readonly jumpedAt: number[] = [];
  /** When it was set while a window was working, by the server's clock. */
  private readonly confusedAt: number[] = [];
  /** Windows that know the server's time. */
  private readonly heard = new Set<string>();
  /** Windows that had no account, and so no reason to read the clock, when it was set. */
  private readonly unaware = new Set<string>();
  private opened = 0;
  private readonly wishes = new Set<Wish>();
  /** The window's token at the time of a request. */
  private readonly askedWith = new WeakMap<LoginRequest, string | undefined>();
  /** Requests that Looker has refused, with the window's token at that time. */
  private readonly refusals = new Map<string, string | undefined>();
  /** The last token of a logged-out account that must be revoked. */
  private readonly deadUpTo = new Map<string, number>();
  /** The last token of an account that can't be known anymore, since its record was damaged or lost. */
  private readonly unknownUpTo = new Map<string, number>();
  /** Records that the product must not touch, as they were left. */
  private readonly damaged = new Map<string, { readonly record: string; readonly how: Damage }>();
  /** Accounts that an extension may use, as stored by VS Code: IDs by labels. */
  private readonly allowed = new Map<string, string>();
  /** Accounts with a session in Development Mode, so that a window renews two tokens for each. */
  private readonly developing = new Set<string>();
  /** The user's pending logins: besides them, a window has at most one more, its renewal. */
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
    // Another window's renewal that is just being stored may have displaced a token since the logout began.
    this.secrets.onForget = (id) => {
      for (const token of this.looker.aliveTokens()) {
        if (token.accountId === id) token.isKnown &&= this.secrets.text.includes(token.value);
      }
    };
    // A canceled login is deleted after the window has read it once more. Secret storage has no conditional writes, so
    // another window can always store a login in between, or just before this one overwrote it. A logout may delete
    // those, too.
    this.secrets.onBlindDelete = (id) => {
      if (!this.expectations.isUnderWay('logout', id)) this.expectations.doubt((one) => one === id);
    };
    this.looker.onHeard = (window) => {
      this.heard.add(window);
      this.unaware.delete(window);
    };
    this.looker.onLogin = (request, underWay) => {
      this.askedWith.set(request, this.tokenOf(request));
      this.judgeLogin(request, underWay);
    };
    this.looker.onRefusal = (request) => {
      if (this.userLoginsOf(request) === 0)
        this.refusals.set(keyOf(request), this.askedWith.get(request));
    };
  }

  /** Promises from the product that are still pending. */
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

  login(window: Window, userId: string, signal?: AbortSignal): Promise<unknown> {
    const target = { baseUrl: this.looker.baseUrl, apiVersion: '4.0' } as const;
    const key = this.looker.apiKeyOf(userId);
    return this.loggingIn(window, this.idOf(userId), () =>
      window.accounts.login(target, key, signal),
    );
  }

  loginAs(window: Window, admin: Account, userId: string, signal?: AbortSignal): Promise<unknown> {
    return this.loggingIn(window, this.idOf(userId, admin.user.id), () =>
      window.accounts.loginAs(admin, userId, undefined, signal),
    );
  }

  renew(window: Window, id: string, signal?: AbortSignal): Promise<unknown> {
    return this.watch(this.wish(window, id, true, () => window.accounts.renew(id, signal)));
  }

  search(window: Window, account: Account): Promise<unknown> {
    const search = async () => (await window.accounts.tokenRequests()).searchUsers(account, 'Ada');
    return this.watch(this.wish(window, account.id, false, search));
  }

  logout({ name, accounts }: Window, ids: readonly string[]): Promise<unknown> {
    const leaving = accounts
      .statuses()
      .map(({ account }) => account)
      .filter(({ id, sudo }) => ids.includes(id) || (sudo && ids.includes(sudo.adminAccountId)));
    const leavingIds = [...new Set([...ids, ...leaving.map(({ id }) => id)])];
    // A user may just be becoming a sudo account under one of them.
    const mayConcern = (id: string) => leavingIds.some((adminId) => isUnder(adminId, id));
    const operation = this.expectations.begin('logout', leavingIds, mayConcern);
    const tokensSoFar = this.looker.logins;
    for (const token of this.looker.aliveTokens()) {
      token.isKnown = this.secrets.text.includes(token.value);
    }
    for (const id of this.damaged.keys()) {
      if (leavingIds.includes(id) || mayConcern(id)) this.damaged.delete(id);
    }
    // A login that only another window has, because it couldn't store it, is out of reach.
    const isElsewhereOnly = (id: string) =>
      this.windows.some((other) => other.name !== name && this.secrets.hasRefused(id, other.name));
    const logout = async () => {
      try {
        await this.judge(name, operation, accounts.logout(ids));
        for (const id of leavingIds) {
          if (!operation.contested.has(id)) this.deadUpTo.set(id, tokensSoFar);
        }
      } finally {
        this.expectations.doubt((id) => leavingIds.includes(id) && isElsewhereOnly(id));
      }
    };
    return this.watch(logout());
  }

  /** The user lets another extension use the active account. VS Code stores only its label. */
  allow({ accounts }: Window): void {
    const { label, id } = accounts.active?.account ?? {};
    if (label !== undefined && id !== undefined) this.allowed.set(label, id);
  }

  /** The extension requests a session, and gets the active account's if it is allowed to, and no other. */
  async ask(window: Window, workspace: Workspace): Promise<unknown> {
    const [account] = accountsFor(window.accounts, { workspace });
    const owner = account && this.allowed.get(account.label);
    if (!account || owner === undefined) return undefined;
    const { id } = account;
    if (owner !== id) this.faults.push(`${id} is given away by the consent to ${owner}`);
    if (id !== window.accounts.active?.account.id) this.faults.push(`${id} is not the active one`);
    return this.session(window, id, workspace);
  }

  /** Requests a session like other extensions: its token must be valid by the server's clock. */
  session(window: Window, id: string, workspace: Workspace = 'production'): Promise<unknown> {
    if (workspace === 'dev') this.developing.add(id);
    const ask = () => window.accounts.session(id, undefined, workspace);
    return this.watch(
      this.wish(window, id, false, ask).then(({ token }) => {
        const issued = this.looker.token(token.value);
        if (issued && issued.workspace !== workspace) {
          this.faults.push(`${id} got a token in ${issued.workspace}, not in ${workspace}`);
        }
        if (issued && this.looker.hasEnoughLife(issued)) return;
        // A window can't know that the clock was set before it was opened, until the server sends a date.
        const isUnheardOf =
          !this.heard.has(window.name) &&
          issued &&
          this.jumpedAt.some((at) => at >= issued.issuedAt && at <= window.openedAt);
        if (!isUnheardOf && !this.unaware.has(window.name))
          this.faults.push(`${id} got a token that is as good as expired`);
      }),
    );
  }

  /** Changes an account's stored record behind the product's back. */
  damage(id: string, how: Damage): void {
    const before = this.secrets.recordOf(id) ?? '';
    const record = damagedRecord(before, how);
    const { expectations } = this;
    const isBeingWritten =
      expectations.isUnderWay('login', id) ||
      expectations.isUnderWay('logout', id) ||
      this.canceled.has(id);
    if (isBeingWritten) this.damaged.delete(id);
    else this.damaged.set(id, { record, how });
    this.unknownUpTo.set(id, this.looker.logins);
    expectations.doubt((other) => other === id);
    this.secrets.overwrite(id, record);
  }

  /** The keyring loses everything. */
  forgetAll(): void {
    for (const id of this.secrets.accountIds) this.unknownUpTo.set(id, this.looker.logins);
    this.damaged.clear();
    this.expectations.doubt(() => true);
    this.secrets.forgetAll();
  }

  /** Whether an unsaved login may be lost because the previous one is gone: that looks like another window's logout. */
  mayBeForgotten(id: string): boolean {
    return this.unknownUpTo.has(id) && this.secrets.hasRefused(id);
  }

  /**
   * Checks that damaged records and a newer version's records are unchanged, unless their user did something about
   * them.
   */
  checkDamages(): void {
    for (const [id, { record, how }] of this.damaged) {
      // A record that can't be read can't be respected.
      if (this.secrets.hasRefused(id)) continue;
      if (this.secrets.recordOf(id) !== record) this.faults.push(`${id}, ${how}, was overwritten`);
    }
  }

  /**
   * Whether all windows must agree about an account. A window that missed the damage to its record keeps what it knows:
   * only a missing record is noticed later.
   */
  isAgreedOn(id: string): boolean {
    return !this.unknownUpTo.has(id) || !this.secrets.isUnseen(id);
  }

  /**
   * Checks that no token of a logged-out account is valid on the server, and that the product has revoked no token in
   * use.
   * @param window opened last, so that it knows what is stored
   */
  checkTokens(window: Window): void {
    const { loggedOut } = this.expectations;
    for (const token of this.looker.aliveTokens()) {
      const { accountId: id, number } = token;
      const isDue = loggedOut.includes(id) || number <= (this.deadUpTo.get(id) ?? 0);
      if (isDue && !this.isOutOfReach(token)) {
        this.faults.push(`token ${number} of ${id} outlives the logout`);
      }
    }
    for (const { account } of window.accounts.statuses()) {
      for (const workspace of WORKSPACES) {
        const value = window.accounts.peek(account.id, workspace)?.token.value ?? '';
        const kept = this.looker.token(value);
        // A logout that couldn't be stored is lost when its window closes.
        if (kept?.endedBy === 'product' && !this.secrets.hasRefused(account.id))
          this.faults.push(`${account.id} keeps a revoked token`);
      }
    }
  }

  /**
   * Whether the product couldn't revoke a token: no window received it, the request to revoke it failed, its record was
   * damaged, the keyring failed in a window that knew it, it seemed to have expired, or another window overwrote it and
   * the window that got it was closed.
   */
  private isOutOfReach(token: IssuedToken): boolean {
    const { accountId, number, window, isDelivered, isKnown, isEndStruck, issuedAt } = token;
    const isWindowOpen = this.windows.some(({ name }) => name === window);
    return (
      (!isWindowOpen && !isKnown) ||
      !isDelivered ||
      isEndStruck ||
      this.confusedAt.some((at) => at >= issuedAt) ||
      number <= (this.unknownUpTo.get(accountId) ?? 0) ||
      this.secrets.hasRefused(accountId)
    );
  }

  /** Counts a promise until it settles; any of its errors may be read by anyone. */
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
    const clock = new Clock(
      () => this.localTime,
      () => this.uptime,
    );
    const serverClock = serverClocks(clock);
    const window: Window = {
      name,
      openedAt: this.clock.now,
      accounts: await openWith({
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
        browserLogins: () => Promise.resolve(new BrowserLogins(new MemoryTurns().openWindow())),
        log: { info: hear, warn: hear },
      }),
    };
    window.accounts.onDidChange((change) => {
      this.hear(JSON.stringify(change));
      // Reads the accounts like the status bar does.
      window.accounts.statuses();
      this.dropFulfilled(window);
    });
    this.windows.push(window);
    return window;
  }

  /** Sets this machine's clock. A window notices within a minute, before anything else happens to it. */
  jump(ms: number): void {
    this.skew += ms;
    this.jumpedAt.push(this.clock.now);
    for (const { name, accounts } of this.windows) {
      if (accounts.statuses().length === 0) this.unaware.add(name);
    }
    // Until the next response, this may look like a sleep, and tokens seem to have expired.
    if (ms > 0 && (this.unsettled > 0 || this.looker.isAsked)) this.confusedAt.push(this.clock.now);
    this.beat();
  }

  /** Time passes without any window noticing. */
  sleep(ms: number): void {
    this.clock.now += ms;
    this.slept += ms;
  }

  /** All windows read the clock. */
  beat(): void {
    for (const { accounts } of this.windows) accounts.renewDueAccounts();
  }

  /** Ms that this machine has been awake. */
  get uptime(): number {
    return this.clock.now - this.slept;
  }

  /** What this machine's clock shows, in epoch ms. */
  get localTime(): number {
    return this.clock.now + this.skew;
  }

  private hear(text: string): void {
    if (text.includes(SECRET_MARK)) this.faults.push(`A secret came out: ${text}`);
  }

  /**
   * Data that isn't secret. All windows see it at once, so that the model knows which accounts are remembered;
   * manyWindows.test.ts covers later delivery. Now and then it can't be stored, which nothing may depend on.
   */
  private mementoOf(window: string): Memento {
    return {
      keys: () => [...this.remembered.keys()],
      get: (key) => this.remembered.get(key),
      update: async (key, value) => {
        this.hear(key + JSON.stringify(value));
        if (value === undefined) this.remembered.delete(key);
        else this.remembered.set(key, JSON.parse(JSON.stringify(value)));
        await this.waits.wait(window);
        if (this.random() < 0.1) throw new Error('The disk is full.');
      },
    };
  }

  private loggingIn(window: Window, id: string, work: () => Promise<unknown>): Promise<unknown> {
    const key = `${window.name} ${id}`;
    const count = (by: number) => this.userLogins.set(key, (this.userLogins.get(key) ?? 0) + by);
    const operation = this.expectations.begin('login', [id]);
    if (this.damaged.get(id)?.how !== 'newer') this.damaged.delete(id);
    count(1);
    const login = this.judge(window.name, operation, this.wish(window, id, true, work));
    login
      .catch(() => undefined)
      .finally(() => {
        count(-1);
      });
    return this.watch(login);
  }

  private async wish<T>(
    window: Window,
    accountId: string,
    isInsistent: boolean,
    work: () => Promise<T>,
  ): Promise<T> {
    const wish: Wish = { window, accountId, isInsistent, isSettled: false };
    this.wishes.add(wish);
    if (isInsistent) {
      for (const key of this.refusals.keys()) {
        const [, refused = ''] = key.split('\n');
        if (isAt(refused, accountId)) this.refusals.delete(key);
      }
    }
    try {
      return await work();
    } finally {
      wish.isSettled = true;
      this.dropFulfilled(window);
    }
  }

  /** Ends a window's wishes, even if a renewal continues that nothing waits for. */
  private dropFulfilled(window: Window): void {
    const over = [...this.wishes].filter((wish) => wish.window === window && wish.isSettled);
    if (over.length === 0) return;
    const all = window.accounts.statuses();
    for (const wish of over) {
      const concerned = all.filter(({ account }) => isAt(account.id, wish.accountId));
      // The renewal of an account that is logged out in the meantime isn't visible, and continues.
      const isThere = concerned.some(({ account }) => account.id === wish.accountId);
      // Neither is a renewal for Development Mode.
      const isUnseen = !isThere || concerned.some(({ account }) => this.developing.has(account.id));
      const goesOn = isUnseen || concerned.some(({ isRenewing }) => isRenewing);
      if (!goesOn) this.wishes.delete(wish);
    }
  }

  /** Checks whether a window may request a token from Looker. */
  private judgeLogin(request: LoginRequest, underWay: number): void {
    const { window, accountId } = request;
    const { renewal } = this.options;
    const most = (this.developing.has(accountId) ? 2 : 1) + this.userLoginsOf(request);
    if (underWay > most) {
      this.faults.push(`${window} has ${underWay} logins of ${accountId} under way`);
    }
    const wishes = [...this.wishes].filter(
      (wish) => wish.window.name === window && isAt(accountId, wish.accountId),
    );
    const isInsisted = wishes.some(({ isInsistent }) => isInsistent);
    const isWished = isInsisted || (renewal === 'onUse' && wishes.length > 0);
    if (renewal !== 'background' && !isWished) {
      this.faults.push(`${window} logs in ${accountId} without a reason`);
    }
    const key = keyOf(request);
    if (isInsisted || this.userLoginsOf(request) > 0 || !this.refusals.has(key)) return;
    // A request refused for one workspace is sent once more for the other.
    if ([...this.developing].some((id) => isAt(accountId, id))) return;
    if (this.refusals.get(key) === this.tokenOf(request)) {
      this.faults.push(`${window} asks again for ${accountId}, which Looker has refused`);
    }
  }

  private userLoginsOf({ window, accountId }: LoginRequest): number {
    return this.userLogins.get(`${window} ${accountId}`) ?? 0;
  }

  /** The window's token when it requests another. */
  private tokenOf({ window, accountId }: LoginRequest): string | undefined {
    return this.windows.find(({ name }) => name === window)?.accounts.peek(accountId)?.token.value;
  }

  private async judge<T>(window: string, operation: Operation, work: Promise<T>): Promise<T> {
    try {
      const result = await work;
      this.expectations.end(operation, 'done');
      return result;
    } catch (error) {
      if (error instanceof CanceledError) for (const id of operation.ids) this.canceled.add(id);
      const isClear = changesNothing(error) && !this.mayLackAdmin(operation);
      this.expectations.end(operation, isClear ? 'nothing' : 'unknown');
      throw error;
    } finally {
      if (!this.windows.some(({ name }) => name === window)) this.doubtRefused(window);
    }
  }

  /**
   * Whether its admin may have been lost by the keyring: without the admin's account, acting isn't possible anymore.
   */
  private mayLackAdmin({ ids }: Operation): boolean {
    return ids.some((id) => [...this.unknownUpTo.keys()].some((admin) => isUnder(admin, id)));
  }

  /** Anything a closed window couldn't store may be lost with it. */
  private doubtRefused(window: string): void {
    this.expectations.doubt((id) => this.secrets.hasRefused(id, window));
  }
}

/** Whether a login that failed with this error has stored nothing. Any other error comes from the keyring. */
function changesNothing(error: unknown): boolean {
  return (
    error instanceof LookerError ||
    error instanceof CanceledError ||
    error instanceof LoggedOutError ||
    error instanceof LoginNeededError
  );
}

/** Whether an account depends on this admin's account. */
function isUnder(adminId: string, id: string): boolean {
  return id.startsWith(`${adminId}>`);
}

/** Whether a login of one account may be on behalf of the other. */
function isAt(loggingIn: string, id: string): boolean {
  return loggingIn === id || isUnder(loggingIn, id);
}

function keyOf({ window, accountId, secret = '' }: LoginRequest): string {
  return [window, accountId, secret].join('\n');
}

function damagedRecord(record: string, how: Damage): string {
  switch (how) {
    case 'damaged':
      return record.replace('"token"', '"tokem"');
    case 'truncated':
      return record.slice(0, record.length / 2);
    case 'newer':
      return JSON.stringify({ version: 3, whatever: 'comes' });
  }
}
