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
const SLOW_MS = 90_000;
const LONGEST_LAG_MS = 5000;
/** Longest time for an access to a slow disk. */
const DISK_MS = 300;
/** Every renewal must end within this time, even if windows disappear: each can block a turn once. */
const PATIENCE_MS = 900_000;

/** One for Development Mode is entered with two requests more, once Looker has given it. */
const WORKSPACES = ['production', 'dev'] as const;
type Workspace = (typeof WORKSPACES)[number];

interface Token {
  readonly value: string;
  readonly expiresAt: number;
}

interface Stored extends Due {
  /** How often the refresh token, or what goes with it, has been stored. */
  readonly changes: number;
  readonly tokens: Readonly<Record<Workspace, Token>>;
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
  /** For which workspaces each window wants a token, at the same time. */
  readonly workspaces: readonly Workspace[];
  /** Whether Development Mode may take longer than other windows wait for. */
  readonly isSlow: boolean;
}

const anyPlan: fc.Arbitrary<Plan> = fc.record({
  seed: fc.noShrink(fc.integer()),
  rotation: fc.constantFrom(...ROTATIONS),
  windows: fc.integer({ min: 1, max: 6 }),
  rounds: fc.integer({ min: 1, max: 4 }),
  danger: fc.constantFrom(0, 0, 10, 40, 120),
  seesProcesses: fc.boolean(),
  failing: fc.constantFrom(0, 0, 300),
  workspaces: fc.constantFrom<(readonly Workspace[])[]>(['production'], ['dev'], WORKSPACES),
  isSlow: fc.constantFrom(false, false, true),
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

  note(_login: string, turn: Turn): Promise<void> {
    return this.step(() => {
      this.world.disk.turns[turn.number - 1] = turn;
    }, DISK_MS);
  }

  forget(): Promise<void> {
    return Promise.resolve();
  }

  /** Renews if that is due, and retries until it reaches Looker. @returns the token that the window then has */
  async renew(workspace: Workspace): Promise<string> {
    for (;;) {
      try {
        return await this.tryToRenew(workspace);
      } catch (error) {
        if (!(error instanceof UnreachableError)) throw error;
        await this.step(() => undefined, 2 * LATENCY_MS);
      }
    }
  }

  private tryToRenew(workspace: Workspace): Promise<string> {
    const { time, server } = this.world;
    return this.turns.renewInTurn<string>(LOGIN, {
      read: () =>
        this.step(() =>
          this.seen.tokens[workspace].expiresAt - time.now > DUE_MS
            ? { result: this.seen.tokens[workspace].value }
            : { due: this.seen },
        ),
      refresh: async (given) => {
        await this.step(() => undefined, LATENCY_MS);
        if (this.world.isUnreachable()) throw new UnreachableError(BASE_URL, 'ECONNRESET');
        const { token, refreshToken = given } = server.refresh(given);
        this.holdsSecret = true;
        await this.step(() => undefined, LATENCY_MS);
        const expiresAt = time.now + LIFE_MS;
        const keep = (turn: number, tokens: Partial<Stored['tokens']>) => {
          const { tokens: before, changes } = this.seen;
          const stored = { refreshToken, turn, changes: changes + 1 };
          this.world.store(this, { ...stored, tokens: { ...before, ...tokens } });
        };
        return {
          refreshToken,
          ...(workspace === 'dev' && {
            preparation: {
              save: (turn: number) =>
                this.step(() => {
                  keep(turn, {});
                }),
              finish: async () => {
                await this.step(() => undefined, this.world.plan.isSlow ? SLOW_MS : 2 * LATENCY_MS);
                if (!this.world.isUnreachable()) return;
                this.world.wasted++;
                throw new UnreachableError(BASE_URL, 'ECONNRESET');
              },
            },
          }),
          store: (turn) =>
            this.step(() => {
              keep(turn, { [workspace]: { value: token, expiresAt } });
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

/** The outcome of a window's request. */
interface Result {
  readonly window: Window;
  readonly workspace: Workspace;
  /** The token, or why there is none; undefined until then. */
  token: unknown;
}

class World {
  readonly time: Time;
  readonly server: Server;
  readonly disk = new Disk();
  readonly windows: Window[] = [];
  /** The state on disk, which every new window sees. */
  stored: Stored = {
    refreshToken: 'R0',
    turn: 0,
    changes: 0,
    tokens: {
      production: { value: 'T0', expiresAt: LIFE_MS },
      dev: { value: 'D0', expiresAt: LIFE_MS },
    },
  };
  /** Tokens that Looker has given, and that could not be used for Development Mode. */
  wasted = 0;
  /** Whether a window took what only it knew of into the grave. */
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
          // News come in their order: none is of what this window has written over.
          if (other.seen.changes < this.stored.changes) other.seen = this.stored;
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
      const { production, dev } = this.stored.tokens;
      time.now = Math.max(time.now, production.expiresAt - DUE_MS, dev.expiresAt - DUE_MS);
      const before = server.granted - this.killed - this.wasted;
      const results: Result[] = [];
      for (const window of this.windows.filter(({ isAlive }) => isAlive)) {
        for (const workspace of plan.workspaces) {
          const result: Result = { window, workspace, token: undefined };
          results.push(result);
          void time
            .upTo(3000)
            .then(() => window.renew(workspace))
            .then(
              (token) => (result.token = token),
              (error: unknown) => (result.token = error),
            );
        }
      }
      await time.run(
        () => results.every(({ window, token }) => !window.isAlive || token !== undefined),
        PATIENCE_MS,
      );
      await time.run(() => false, LONGEST_LAG_MS + 1000);
      this.check(results, server.granted - this.killed - this.wasted - before);
      if (server.isKilled) return;
    }
  }

  /** @param granted tokens for which neither a window that has gone nor the network is to blame */
  private check(results: readonly Result[], granted: number): void {
    const { plan, server } = this;
    const isExcused = this.isLost && plan.rotation === 'newAndReuseKills';
    const { length } = plan.workspaces;
    // No window waits forever, and one that stops waiting may send one more request.
    if (!plan.isSlow) assert.ok(granted <= length, `${granted} tokens for the expiry of ${length}`);
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
    for (const { window, workspace, token } of results) {
      if (!window.isAlive) continue;
      if (plan.isSlow) {
        assert.equal(typeof token, 'string', `${window.run} has a token for ${workspace}`);
        continue;
      }
      const { value } = this.stored.tokens[workspace];
      assert.equal(token, value, `${window.run} has the latest token for ${workspace}`);
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
