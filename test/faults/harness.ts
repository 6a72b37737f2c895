import { BrowserLogins } from '../../src/accounts/browserLogin/browserLogins';
import type { Accounts } from '../../src/accounts/accounts';
import { AccountStore } from '../../src/accounts/store/accountStore';
import type { ApiVersion } from '../../src/looker/api/apiVersion';
import { Clock, serverClocks } from '../../src/looker/clock';
import type { Fetch } from '../../src/looker/network/http';
import type { LookerApi } from '../../src/looker/api/lookerApi';
import { StandInLooker } from '../standIn/standInLooker';
import { lookerApi } from '../support/lookerApi';
import { openWith } from '../support/openAccounts';
import { MemoryMemento } from '../support/memoryMemento';
import { MemorySecrets } from '../support/memorySecrets';
import { until } from '../support/until';
import { MemoryTurns } from '../support/memoryTurns';

/** The situation before the fault. */
export interface Given {
  /** The API version that the accounts log in with and the instance serves. */
  readonly apiVersion: ApiVersion;
  readonly serves: readonly ApiVersion[];
  /** Seconds. */
  readonly tokenLife: number;
  /** Whether Ada's API key is saved, or only her token. */
  readonly keepsKey: boolean;
  /** How far the clock of this machine is ahead of Looker's. */
  readonly clockAheadMs: number;
}

const USUAL: Given = {
  apiVersion: '4.0',
  serves: ['3.0', '3.1', '4.0'],
  tokenLife: 3600,
  keepsKey: true,
  clockAheadMs: 0,
};

/** Longest time one request may take, unless a fault says otherwise. */
export const TIMEOUT_MS = 10_000;

/** How a window reaches the faulty instance; it reaches all others as usual. */
export interface Way {
  readonly baseUrl: string;
  readonly fetch: Fetch;
  readonly timeoutMs: number;
}

/**
 * Two instances and one VS Code. Time only advances with `pass`, on all clocks alike, so that nothing depends on how
 * fast the tests run.
 */
export class Harness {
  readonly secrets = new MemorySecrets();
  /** The global state of the window with the fault. */
  readonly memento = new MemoryMemento();
  readonly log: string[] = [];
  private time = Date.now();
  private readonly requests: Request[] = [];
  private underWay = 0;

  private constructor(
    readonly given: Given,
    readonly looker: StandInLooker,
    readonly elsewhere: StandInLooker,
  ) {}

  static async create(special: Partial<Given> = {}): Promise<Harness> {
    const given = { ...USUAL, ...special };
    const options = {
      tokenLife: given.tokenLife,
      apiVersions: given.serves,
      now: () => world.now,
    };
    const world: Harness = new Harness(
      given,
      await StandInLooker.start(options),
      await StandInLooker.start(options),
    );
    return world;
  }

  async end(): Promise<void> {
    await Promise.all([this.looker.stop(), this.elsewhere.stop()]);
  }

  /** Looker's time, in epoch ms. */
  get now(): number {
    return this.time;
  }

  pass(ms: number): void {
    this.time += ms;
  }

  /** Opens a window, where time doesn't advance on its own either. */
  async openWindow(way?: Way): Promise<{ accounts: Accounts; connect: Connect }> {
    const clock = new Clock(
      () => this.time + this.given.clockAheadMs,
      () => this.time,
    );
    const serverClock = serverClocks(clock);
    const connect: Connect = (baseUrl, apiVersion) =>
      lookerApi(baseUrl, {
        apiVersion,
        // The same host is also tried with HTTPS.
        timeoutMs:
          way && new URL(baseUrl).host === new URL(way.baseUrl).host ? way.timeoutMs : TIMEOUT_MS,
        ...(baseUrl === way?.baseUrl && { fetch: this.recording(way) }),
        clock,
        serverClock: serverClock(baseUrl),
      });
    const accounts = await openWith({
      store: new AccountStore(this.secrets),
      memento: (way ? this.memento : new MemoryMemento()).openWindow(),
      connect,
      renewal: () => 'background',
      isFocused: () => true,
      clock,
      serverClock,
      random: () => 0.5,
      pause: () => Promise.resolve(),
      browserLogins: () => Promise.resolve(new BrowserLogins(new MemoryTurns().openWindow())),
      log: { info: (line) => this.log.push(line), warn: (line) => this.log.push(line) },
    });
    return { accounts, connect };
  }

  /** The requests to the faulty instance since the last call. */
  takeRequests(): readonly Request[] {
    return this.requests.splice(0);
  }

  /** Resolves once no request to that instance is pending and no account is being renewed. */
  async settled(accounts: Accounts): Promise<void> {
    await until(
      () => this.underWay === 0 && !accounts.statuses().some(({ isRenewing }) => isRenewing),
    );
  }

  private recording(way: Way): Fetch {
    return async (url, init) => {
      const { pathname } = new URL(url);
      this.requests.push({
        what: `${init.method} ${pathname} ${init.headers['Authorization'] ?? ''}`,
        body: init.body ?? '',
      });
      this.underWay++;
      try {
        return await way.fetch(url, init);
      } finally {
        this.underWay--;
      }
    };
  }
}

export type Connect = (baseUrl: string, apiVersion: ApiVersion) => LookerApi;

/** One request as it was sent, whether it arrived or not. */
export interface Request {
  /** Method, path and token. */
  readonly what: string;
  readonly body: string;
}
