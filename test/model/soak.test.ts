import assert from 'node:assert/strict';
import { setImmediate as later } from 'node:timers/promises';
import { LOOKER_FAULTS } from './memoryLooker';
import { pick, seededRandom } from './random';
import { TimedWaits } from './waits';
import { World, type Window } from './world';

const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;
const HOURS = 24;
const WINDOWS = 20;
/** Users of Looker who log in; the first of them then acts as some of the others. */
const USERS = 40;
const SUDO = 10;
const ACCOUNTS = USERS + SUDO;

/** The user turns to another window this often, or away from all of them. */
const FOCUS_MS = 5 * MINUTE_MS;

/** A token of an hour is renewed after 55 minutes by a window that has the focus, so this often at least. */
const LEAST_LOGINS = ACCOUNTS * (1 + Math.floor((HOURS * 60) / 55));
/** Two windows may start within the second that a renewal takes, and a reply may be lost. */
const MOST_LOGINS = LEAST_LOGINS * 1.15;

/** What does not pass by itself is no fault at random: a key that is refused is not tried again. */
const PASSING_FAULTS = LOOKER_FAULTS.filter((fault) => fault !== 'refused');

/** The product's heartbeat, in simulated time: see src/accounts/heartbeat.ts. */
class SimulatedHeartbeat {
  nextAt = 0;

  constructor(
    readonly window: Window,
    private readonly world: World,
  ) {
    window.accounts.onDidChange(() => {
      this.schedule();
    });
  }

  beat(): void {
    this.window.accounts.announceTime();
  }

  private schedule(): void {
    const pause = Math.min(MINUTE_MS, this.window.accounts.renewDue() ?? Infinity);
    this.nextAt = this.world.clock.now + Math.max(pause, SECOND_MS);
  }
}

/** What keeps the process going, without what the test runner itself reads and writes. */
function handlesInUse(): readonly string[] {
  const isRunners = (kind: string) => /^(Pipe|TTY|FS|Write|Shutdown)/.test(kind);
  return process.getActiveResourcesInfo().filter((kind) => !isRunners(kind));
}

describe('a day of work', () => {
  const title = `${HOURS} hours, ${WINDOWS} windows, ${ACCOUNTS} accounts and faults at random`;
  it(`${title}: no account lost, and hardly a log-in too many`, async function () {
    this.timeout(90_000);
    await later();
    const handles = handlesInUse();
    const seed = Date.now() % 2 ** 31;
    const random = seededRandom(seed);
    const chance = (probability: number) => random() < probability;

    const clock = { now: Date.UTC(2030, 0) };
    const end = clock.now + HOURS * 60 * MINUTE_MS;
    const waits = new TimedWaits(
      () => clock.now,
      () => 5 + random() * 200,
    );
    const world = new World(clock, waits, random, {
      admins: 1,
      skew: 7 * MINUTE_MS,
      renewal: 'background',
    });
    /** Lets everything that is under way come to rest. */
    const rest = async () => {
      await later();
      while (Number.isFinite(waits.nextAt)) {
        clock.now = Math.max(clock.now, waits.nextAt);
        await waits.step();
      }
    };
    const finish = async (work: Promise<unknown>) => {
      await rest();
      await work;
    };

    const heartbeats: SimulatedHeartbeat[] = [];
    for (let count = 0; count < WINDOWS; count++) {
      await finish(world.openWindow());
      const window = world.windows.at(-1);
      if (window) heartbeats.push(new SimulatedHeartbeat(window, world));
    }
    const [window] = world.windows;
    assert.ok(window);
    for (let user = 1; user <= USERS; user++) await finish(world.login(window, String(user)));
    const admin = window.accounts.peek(world.idOf('1'))?.account;
    assert.ok(admin);
    for (let user = 2; user < 2 + SUDO; user++) {
      await finish(world.loginAs(window, admin, String(user)));
    }
    assert.equal(world.looker.logins, ACCOUNTS);

    world.looker.nextFault = () => (chance(0.02) ? pick(PASSING_FAULTS, random) : undefined);
    world.secrets.nextFault = () =>
      chance(0.002) ? pick(['fails', 'failsAfterwards'], random) : undefined;
    world.secrets.nextEventFault = () =>
      chance(0.01) ? pick(['doubled', 'spurious', 'missing'], random) : undefined;

    let focusMovesAt = 0;
    while (clock.now < end) {
      const next = heartbeats.reduce((a, b) => (b.nextAt < a.nextAt ? b : a));
      if (waits.nextAt <= next.nextAt) {
        clock.now = Math.max(clock.now, waits.nextAt);
        await waits.step();
        continue;
      }
      clock.now = Math.max(clock.now, next.nextAt);
      if (clock.now > focusMovesAt) {
        focusMovesAt = clock.now + 2 * FOCUS_MS * random();
        const focused = chance(0.3) ? undefined : pick(heartbeats, random);
        world.focused = focused?.window;
        focused?.beat();
      }
      if (chance(0.05)) {
        const { account } = pick(next.window.accounts.all(), random) ?? {};
        if (account) world.session(next.window, account.id).catch(() => undefined);
      }
      next.beat();
      await later();
    }

    world.looker.nextFault =
      world.secrets.nextFault =
      world.secrets.nextEventFault =
        () => undefined;
    await rest();
    const { logins } = world.looker;
    await finish(world.openWindow());
    const kept = world.windows.at(-1)?.accounts.all().length;
    for (const open of [...world.windows]) world.closeWindow(open);

    const handlesLeft = handlesInUse();
    console.log(
      `      seed ${seed}: ${logins} log-ins made, ${LEAST_LOGINS} the least possible; ` +
        `${ACCOUNTS - (kept ?? 0)} accounts lost`,
    );
    assert.deepEqual(world.faults, []);
    assert.equal(kept, ACCOUNTS);
    assert.equal(world.promises, 0);
    assert.ok(logins <= MOST_LOGINS, `${logins} log-ins`);
    assert.equal(world.secrets.listeners, 0);
    assert.deepEqual(handlesLeft, handles);
  });
});
