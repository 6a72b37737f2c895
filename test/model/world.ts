import { inspect } from 'node:util';
import { accountId, type Account } from '../../src/accounts/account';
import { BrowserLogins } from '../../src/accounts/browserLogin/browserLogins';
import { Accounts } from '../../src/accounts/accounts';
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

/** A window of VS Code. */
export interface Window {
  readonly name: string;
  /** By the server's clock. */
  readonly openedAt: number;
  readonly accounts: Accounts;
}

export interface WorldOptions {
  /** Users 1 to this one are admins. */
  readonly admins: number;
  /** How far the local clock is ahead of the server's at the start, in ms. */
  readonly skew: number;
  readonly renewal: RenewalMode;
}

/** What may become of a record behind the product's back. */
export const DAMAGES = ['damaged', 'truncated', 'newer'] as const;
export type Damage = (typeof DAMAGES)[number];

/** What somebody wants of a window, until that and the renewal it has started are over. */
interface Wish {
  readonly window: Window;
  readonly accountId: string;
  /** A login, or a renewal by hand: what Looker has refused before is asked for again. */
  readonly isInsistent: boolean;
  isSettled: boolean;
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
  readonly expectations = new Expectations();
  readonly windows: Window[] = [];
  /** What should not have happened. */
  readonly faults: string[] = [];
  focused: Window | undefined;
  /** How far the local clock is ahead of the server's, in ms. */
  private skew: number;

  /** Accounts of logins that were canceled: what has been stored of them is taken back a while later. */
  private readonly canceled = new Set<string>();
  private readonly remembered = new Map<string, unknown>();
  private unsettled = 0;
  private slept = 0;
  /** When the clock of this machine was set, by the server's. */
  private readonly jumpedAt: number[] = [];
  /** When it was set while a window was at work, by the server's. */
  private readonly confusedAt: number[] = [];
  /** Windows that know the server's time. */
  private readonly heard = new Set<string>();
  /** Windows that had nobody logged in, and so no reason to look at the clock, when it was set. */
  private readonly unaware = new Set<string>();
  private opened = 0;
  private readonly wishes = new Set<Wish>();
  /** The token that the window had when it made a request. */
  private readonly askedWith = new WeakMap<LoginRequest, string | undefined>();
  /** Requests that Looker has refused, with the token that the window had when it made them. */
  private readonly refusals = new Map<string, string | undefined>();
  /** Up to which token those of an account have to be dead, since it was logged out. */
  private readonly deadUpTo = new Map<string, number>();
  /** Up to which token nobody can know those of an account, since its record was damaged or forgotten. */
  private readonly unknownUpTo = new Map<string, number>();
  /** Records that are not the product's to touch, as they were left. */
  private readonly damaged = new Map<string, { readonly record: string; readonly how: Damage }>();
  /** Accounts that an extension may have, as VS Code has it: ids by labels. */
  private readonly allowed = new Map<string, string>();
  /** Accounts of which a session in Development Mode was asked for: a window renews two tokens of each. */
  private readonly developing = new Set<string>();
  /** Logins the user has under way: beside them, a window has one more at most, its renewal. */
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
    // A renewal of another window that is just being stored may have pushed a token out since the logout began.
    this.secrets.onForget = (id) => {
      for (const token of this.looker.aliveTokens()) {
        if (token.accountId === id) token.isKnown &&= this.secrets.text.includes(token.value);
      }
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
    const search = () => window.accounts.searchUsers(account, 'Ada');
    return this.watch(this.wish(window, account.id, false, search));
  }

  logout({ name, accounts }: Window, ids: readonly string[]): Promise<unknown> {
    const leaving = accounts
      .all()
      .map(({ account }) => account)
      .filter(({ id, sudo }) => ids.includes(id) || (sudo && ids.includes(sudo.adminAccountId)));
    const leavingIds = [...new Set([...ids, ...leaving.map(({ id }) => id)])];
    // Somebody may just be becoming a sudo account under one of them.
    const mayConcern = (id: string) => leavingIds.some((adminId) => isUnder(adminId, id));
    const operation = this.expectations.begin('logout', leavingIds, mayConcern);
    const tokensSoFar = this.looker.logins;
    for (const token of this.looker.aliveTokens()) {
      token.isKnown = this.secrets.text.includes(token.value);
    }
    for (const id of this.damaged.keys()) {
      if (leavingIds.includes(id) || mayConcern(id)) this.damaged.delete(id);
    }
    // A login that only another window has, since it could not store it, is out of reach.
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

  /** The user lets another extension have the active account. VS Code remembers its label, and nothing else. */
  allow({ accounts }: Window): void {
    const { label, id } = accounts.active?.account ?? {};
    if (label !== undefined && id !== undefined) this.allowed.set(label, id);
  }

  /** That extension asks, and gets the active account's session if it may have that, and no other one. */
  async ask(window: Window, workspace: Workspace): Promise<unknown> {
    const [account] = accountsFor(window.accounts, { workspace });
    const owner = account && this.allowed.get(account.label);
    if (!account || owner === undefined) return undefined;
    const { id } = account;
    if (owner !== id) this.faults.push(`${id} is given away by the consent to ${owner}`);
    if (id !== window.accounts.active?.account.id) this.faults.push(`${id} is not the active one`);
    return this.session(window, id, workspace);
  }

  /** Asks for a session, as other extensions do: the token must be good by the server's clock. */
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
        // Nothing in a window can tell that the clock was set before it was opened, until the server is heard of.
        const isUnheardOf =
          !this.heard.has(window.name) &&
          issued &&
          this.jumpedAt.some((at) => at >= issued.issuedAt && at <= window.openedAt);
        if (!isUnheardOf && !this.unaware.has(window.name))
          this.faults.push(`${id} got a token that is as good as expired`);
      }),
    );
  }

  /** Something happens to what is stored for an account, behind the product's back. */
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

  /** The keyring has forgotten everything. */
  forgetAll(): void {
    for (const id of this.secrets.accountIds) this.unknownUpTo.set(id, this.looker.logins);
    this.damaged.clear();
    this.expectations.doubt(() => true);
    this.secrets.forgetAll();
  }

  /** A login that could not be stored, where the one before is gone: it seems to be another window's logout. */
  mayBeForgotten(id: string): boolean {
    return this.unknownUpTo.has(id) && this.secrets.hasRefused(id);
  }

  /** What was damaged, or is a newer version's, is as it was, unless its user did something about it. */
  checkDamages(): void {
    for (const [id, { record, how }] of this.damaged) {
      // Who cannot read what is there cannot respect it.
      if (this.secrets.hasRefused(id)) continue;
      if (this.secrets.recordOf(id) !== record) this.faults.push(`${id}, ${how}, was overwritten`);
    }
  }

  /**
   * Whether all windows have to agree about an account. Whoever missed that its record was damaged goes on with what
   * it knows: only a record that is gone is caught up on.
   */
  isAgreedOn(id: string): boolean {
    return !this.unknownUpTo.has(id) || !this.secrets.isUnseen(id);
  }

  /**
   * Nothing lives on at Looker of what was logged out, and nothing that is kept was ended by the product.
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
    for (const { account } of window.accounts.all()) {
      for (const workspace of WORKSPACES) {
        const value = window.accounts.peek(account.id, workspace)?.token.value ?? '';
        const kept = this.looker.token(value);
        // A logout that could not be stored ends with its window.
        if (kept?.endedBy === 'product' && !this.secrets.hasRefused(account.id))
          this.faults.push(`${account.id} keeps a revoked token`);
      }
    }
  }

  /**
   * Whether the product could not end a token: nobody ever got it, the request to end it went wrong, what was stored of it
   * was damaged, the keyring failed those who had something to say about it, it seemed to have expired, or another
   * window had stored something in its place and the one that got it was closed.
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
    const clock = new Clock(
      () => this.localTime,
      () => this.uptime,
    );
    const serverClock = serverClocks(clock);
    const window: Window = {
      name,
      openedAt: this.clock.now,
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
        browserLogins: () => Promise.resolve(new BrowserLogins(new MemoryTurns().openWindow())),
        log: { info: hear, warn: hear },
      }),
    };
    window.accounts.onDidChange((change) => {
      this.hear(JSON.stringify(change));
      // As the status bar does.
      window.accounts.all();
      this.dropFulfilled(window);
    });
    this.windows.push(window);
    return window;
  }

  /** Sets the clock of this machine. A window notices within a minute, before anything else happens to it. */
  jump(ms: number): void {
    this.skew += ms;
    this.jumpedAt.push(this.clock.now);
    for (const { name, accounts } of this.windows) {
      if (accounts.all().length === 0) this.unaware.add(name);
    }
    // Until the next answer that may have been a sleep, and tokens seem to have expired.
    if (ms > 0 && (this.unsettled > 0 || this.looker.isAsked)) this.confusedAt.push(this.clock.now);
    this.beat();
  }

  /** Time passes, and no window notices. */
  sleep(ms: number): void {
    this.clock.now += ms;
    this.slept += ms;
  }

  /** All windows look at the clock. */
  beat(): void {
    for (const { accounts } of this.windows) accounts.renewDueAccounts();
  }

  /** Ms that this machine has been awake. */
  get uptime(): number {
    return this.clock.now - this.slept;
  }

  /** What the clock of this machine shows, in epoch ms. */
  get localTime(): number {
    return this.clock.now + this.skew;
  }

  private hear(text: string): void {
    if (text.includes(SECRET_MARK)) this.faults.push(`A secret came out: ${text}`);
  }

  /**
   * What is not secret. All windows see it at once, so that it is known who is remembered; manyWindows.test.ts tries what
   * must not depend on that. Now and then it cannot be stored, which nobody may notice.
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

  /** A renewal may go on when nobody waits for it any more. */
  private dropFulfilled(window: Window): void {
    const over = [...this.wishes].filter((wish) => wish.window === window && wish.isSettled);
    if (over.length === 0) return;
    const all = window.accounts.all();
    for (const wish of over) {
      const concerned = all.filter(({ account }) => isAt(account.id, wish.accountId));
      // The renewal of an account that is logged out meanwhile is not seen, and goes on.
      const isThere = concerned.some(({ account }) => account.id === wish.accountId);
      // Nor is one for Development Mode.
      const isUnseen = !isThere || concerned.some(({ account }) => this.developing.has(account.id));
      const goesOn = isUnseen || concerned.some(({ isRenewing }) => isRenewing);
      if (!goesOn) this.wishes.delete(wish);
    }
  }

  /** Whether a window may ask Looker for a token. */
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
      this.faults.push(`${window} logs in ${accountId} though nobody wants it to`);
    }
    const key = keyOf(request);
    if (isInsisted || this.userLoginsOf(request) > 0 || !this.refusals.has(key)) return;
    // What is refused for one workspace is asked for once more for the other.
    if ([...this.developing].some((id) => isAt(accountId, id))) return;
    if (this.refusals.get(key) === this.tokenOf(request)) {
      this.faults.push(`${window} asks again for ${accountId}, which Looker has refused`);
    }
  }

  private userLoginsOf({ window, accountId }: LoginRequest): number {
    return this.userLogins.get(`${window} ${accountId}`) ?? 0;
  }

  /** The token that a window has when it asks for another. */
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

  /** Whether it acts under an admin whom the keyring may have forgotten: nobody can act without them any more. */
  private mayLackAdmin({ ids }: Operation): boolean {
    return ids.some((id) => [...this.unknownUpTo.keys()].some((admin) => isUnder(admin, id)));
  }

  /** What a closed window could not store may have gone with it. */
  private doubtRefused(window: string): void {
    this.expectations.doubt((id) => this.secrets.hasRefused(id, window));
  }
}

/** Whether a login that failed so has stored nothing. What else is thrown comes from the keyring. */
function changesNothing(error: unknown): boolean {
  return (
    error instanceof LookerError ||
    error instanceof CanceledError ||
    error instanceof LoggedOutError ||
    error instanceof LoginNeededError
  );
}

/** Whether an account acts under an admin's. */
function isUnder(adminId: string, id: string): boolean {
  return id.startsWith(`${adminId}>`);
}

/** Whether a login of the one account may be for the sake of the other. */
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
