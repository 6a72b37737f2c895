import assert from 'node:assert/strict';
import { setImmediate as later } from 'node:timers/promises';
import fc from 'fast-check';
import { RenewalTurns, type Due } from '../../src/accounts/browserLogin/renewalTurns';
import type { Turn, TurnLog } from '../../src/accounts/browserLogin/turn';
import { UnreachableError } from '../../src/looker/errors/network';
import { BrowserLoginEndedError } from '../../src/looker/oauth/errors';
import { seededRandom } from './random';

/** What Looker may do with a used refresh token; it isn't documented which. */
const ROTATIONS = ['none', 'new', 'newAndReuseKills'] as const;
type Rotation = (typeof ROTATIONS)[number];

const LOGIN = 'the login';
const BASE_URL = 'https://acme.example';
const RUNS = 400;
const SEED = 20_302;
const LIFE_MS = 3_600_000;
const DUE_MS = 300_000;
/** Longest time for a request in one direction, and for an event from another window. */
const LATENCY_MS = 5000;
const LONGEST_LAG_MS = 5000;
/** Longest time for an access to a slow disk. */
const DISK_MS = 300;
/** Every renewal must end within this time, even if windows disappear: each can block a turn once. */
const PATIENCE_MS = 900_000;

interface Stored extends Due {
  readonly token: string;
  readonly expiresAt: number;
}

interface Plan {
  readonly seed: number;
  readonly rotation: Rotation;
  readonly windows: number;
  readonly rounds: number;
  /** Probability that a window ends at each of its steps, in thousandths. */
  readonly danger: number;
  /** Whether windows can see which others are gone. */
  readonly seesProcesses: boolean;
  /** Probability that a request doesn't reach Looker, in thousandths. */
  readonly failing: number;
}

const anyPlan: fc.Arbitrary<Plan> = fc.record({
  seed: fc.noShrink(fc.integer()),
  rotation: fc.constantFrom(...ROTATIONS),
  windows: fc.integer({ min: 1, max: 6 }),
  rounds: fc.integer({ min: 1, max: 4 }),
  danger: fc.constantFrom(0, 0, 10, 40, 120),
  seesProcesses: fc.boolean(),
  failing: fc.constantFrom(0, 0, 300),
});

/** Time that passes as soon as nothing else can happen. */
class Time {
  now = 0;
  private readonly waiting: { readonly at: number; readonly goOn: () => void }[] = [];

  constructor(private readonly random: () => number) {}

  wait(ms: number): Promise<void> {
    return new Promise((goOn) => this.waiting.push({ at: this.now + ms, goOn }));
  }

  upTo(ms: number): Promise<void> {
    return this.wait(this.random() * ms);
  }

  async run(until: () => boolean, limit: number): Promise<void> {
    const end = this.now + limit;
    for (;;) {
      await later();
      if (until()) return;
      this.waiting.sort((a, b) => b.at - a.at);
      const next = this.waiting.at(-1);
      if (!next || next.at > end) return;
      this.waiting.pop();
      this.now = next.at;
      next.goOn();
    }
  }
}

/** Looker, as far as one login is concerned. */
class Server {
  refreshToken = 'R0';
  isKilled = false;
  /** Number of requests it has issued a token for. */
  granted = 0;
  reuses = 0;
  private readonly used = new Set<string>();

  constructor(private readonly rotation: Rotation) {}

  refresh(given: string): { readonly token: string; readonly refreshToken: string | undefined } {
    if (this.used.has(given)) {
      this.reuses++;
      if (this.rotation === 'newAndReuseKills') this.isKilled = true;
    }
    const isKnown =
      given === this.refreshToken || (this.rotation === 'new' && this.used.has(given));
    if (this.isKilled || !isKnown) throw new BrowserLoginEndedError(BASE_URL, 400);
    this.granted++;
    const token = `T${this.granted}`;
    if (this.rotation === 'none') return { token, refreshToken: undefined };
    this.used.add(given).add(this.refreshToken);
    this.refreshToken = `R${this.granted}`;
    return { token, refreshToken: this.refreshToken };
  }
}

/** A disk that runs one operation after the other. */
class Disk {
  readonly turns: Turn[] = [];
}

class Window implements TurnLog {
  isAlive = true;
  /** This window's view of the secret storage. */
  seen: Stored;
  readonly turns: RenewalTurns;
  /** Whether Looker has sent it a token that no other window can know yet. */
  holdsSecret = false;

  constructor(
    readonly run: string,
    private readonly world: World,
  ) {
    this.seen = world.stored;
    this.turns = new RenewalTurns({
      turns: this,
      owner: { host: 'here', pid: 1, run },
      isAlive: (owner) =>
        world.plan.seesProcesses
          ? world.windows.some((each) => each.run === owner.run && each.isAlive)
          : undefined,
      uptime: () => world.time.now,
      pause: (ms) => this.step(() => undefined, ms),
      timeoutMs: () => 2 * LATENCY_MS,
      log: { info: () => undefined, warn: () => undefined },
    });
  }

  last(): Promise<Turn | undefined> {
    return this.step(() => this.world.disk.turns.at(-1), DISK_MS);
  }

  begin(_login: string, turn: Turn): Promise<boolean> {
    return this.step(() => {
      const { turns } = this.world.disk;
      if (turn.number <= turns.length) return false;
      turns[turn.number - 1] = turn;
      return true;
    }, DISK_MS);
  }

  end(_login: string, turn: Turn): Promise<void> {
    return this.step(() => {
      this.world.disk.turns[turn.number - 1] = turn;
    }, DISK_MS);
  }

  forget(): Promise<void> {
    return Promise.resolve();
  }

  /** Renews if it is due, until Looker is reached. @returns its token afterwards */
  async renew(): Promise<string> {
    for (;;) {
      try {
        return await this.tryToRenew();
      } catch (error) {
        if (!(error instanceof UnreachableError)) throw error;
        await this.step(() => undefined, 2 * LATENCY_MS);
      }
    }
  }

  private tryToRenew(): Promise<string> {
    const { time, server } = this.world;
    return this.turns.renew<string>(LOGIN, {
      read: () =>
        this.step(() =>
          this.seen.expiresAt - time.now > DUE_MS
            ? { result: this.seen.token }
            : { due: this.seen },
        ),
      refresh: async (given) => {
        await this.step(() => undefined, LATENCY_MS);
        if (this.world.isUnreachable()) throw new UnreachableError(BASE_URL, 'ECONNRESET');
        const { token, refreshToken = given } = server.refresh(given);
        this.holdsSecret = true;
        await this.step(() => undefined, LATENCY_MS);
        return {
          refreshToken,
          store: (turn) =>
            this.step(() => {
              const expiresAt = time.now + LIFE_MS;
              this.world.store(this, { token, refreshToken, turn, expiresAt });
              return token;
            }),
        };
      },
    });
  }

  /** Runs work a little later, unless the window ends before or after it. */
  private async step<T>(work: () => T, ms = 50): Promise<T> {
    await this.world.time.upTo(ms);
    await this.mayEnd();
    const result = work();
    await this.world.time.upTo(5);
    await this.mayEnd();
    return result;
  }

  private async mayEnd(): Promise<void> {
    if (this.isAlive && this.world.isDeadly()) this.world.kill(this);
    if (!this.isAlive) await new Promise(() => undefined);
  }
}

class World {
  readonly time: Time;
  readonly server: Server;
  readonly disk = new Disk();
  readonly windows: Window[] = [];
  /** The value on disk, which every new window sees. */
  stored: Stored = { refreshToken: 'R0', turn: 0, token: 'T0', expiresAt: LIFE_MS };
  /** Whether a window ended with a token that only it knew. */
  isLost = false;
  killed = 0;
  private opened = 0;
  private readonly random: () => number;

  constructor(readonly plan: Plan) {
    this.random = seededRandom(plan.seed);
    this.time = new Time(this.random);
    this.server = new Server(plan.rotation);
  }

  isDeadly(): boolean {
    // At least one window must be left to check.
    return (
      this.windows.filter(({ isAlive }) => isAlive).length > 1 &&
      this.random() * 1000 < this.plan.danger
    );
  }

  isUnreachable(): boolean {
    return this.random() * 1000 < this.plan.failing;
  }

  kill(window: Window): void {
    window.isAlive = false;
    this.killed++;
    this.isLost ||= window.holdsSecret;
  }

  /**
   * Behaves like VS Code: the window itself sees the value at once, it is written after 100 ms, and the others see it
   * later.
   */
  store(window: Window, stored: Stored): void {
    window.seen = stored;
    void this.time.wait(100).then(() => {
      if (!window.isAlive) return;
      window.holdsSecret = false;
      this.stored = stored;
      for (const other of this.windows) {
        if (other === window) continue;
        void this.time.upTo(LONGEST_LAG_MS).then(() => {
          other.seen = this.stored;
        });
      }
    });
  }

  async play(): Promise<void> {
    const { plan, time, server } = this;
    for (let round = 1; round <= plan.rounds; round++) {
      while (this.windows.filter(({ isAlive }) => isAlive).length < plan.windows) {
        this.windows.push(new Window(`run ${this.opened++}`, this));
      }
      time.now = Math.max(time.now, this.stored.expiresAt - DUE_MS);
      const before = { granted: server.granted, killed: this.killed };
      const results = new Map<Window, unknown>();
      for (const window of this.windows.filter(({ isAlive }) => isAlive)) {
        void time
          .upTo(3000)
          .then(() => window.renew())
          .then(
            (token) => results.set(window, token),
            (error: unknown) => results.set(window, error),
          );
      }
      await time.run(
        () => this.windows.every((window) => !window.isAlive || results.has(window)),
        PATIENCE_MS,
      );
      await time.run(() => false, LONGEST_LAG_MS + 1000);
      this.check(results, server.granted - before.granted, this.killed - before.killed);
      if (server.isKilled) return;
    }
  }

  private check(results: ReadonlyMap<Window, unknown>, granted: number, killed: number): void {
    const { plan, server } = this;
    const isExcused = this.isLost && plan.rotation === 'newAndReuseKills';
    assert.ok(granted <= 1 + killed, `${granted} tokens for one expiry, ${killed} windows gone`);
    if (!this.isLost) {
      assert.equal(server.reuses, 0, 'a refresh token was used twice');
    }
    if (isExcused) return;
    assert.equal(server.isKilled, false);
    if (plan.rotation !== 'new' || !this.isLost) {
      assert.equal(
        this.stored.refreshToken,
        server.refreshToken,
        'the last refresh token is stored',
      );
    }
    for (const window of this.windows.filter(({ isAlive }) => isAlive)) {
      assert.equal(results.get(window), this.stored.token, `${window.run} has the latest token`);
    }
  }
}

describe('windows that renew one browser login', () => {
  it(`lose no refresh token, use none twice, and send one request per expiry (${RUNS} random runs)`, async function () {
    this.timeout(240_000);
    await fc.assert(
      fc.asyncProperty(anyPlan, (plan) => new World(plan).play()),
      { numRuns: RUNS, seed: SEED },
    );
  });
});
