import assert from 'node:assert/strict';
import { setImmediate as later } from 'node:timers/promises';
import { needsLogin } from '../../src/accounts/errors';
import { RenewalTimer } from '../../src/accounts/renewal/renewalTimer';
import { SimulatedTimers } from '../support/simulatedTimers';
import { LOOKER_FAULTS } from './memoryLooker';
import { pick, seededRandom } from './random';
import { TimedWaits } from './waits';
import { World, type Window } from './world';

const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
export const HOURS = 24;
const DAY_MS = HOURS * HOUR_MS;
export const WINDOWS = 20;
/** Users of Looker who log in; the first one then acts as some of the others. */
const USERS = 40;
const SUDO = 10;
export const ACCOUNTS = USERS + SUDO;

/** How often the user turns to another window, or away from all of them. */
const FOCUS_MS = 5 * MINUTE_MS;

/** When the laptop sleeps, and for how long: no timer runs and nothing is renewed then. */
const NAPS = [
  { at: 5 * HOUR_MS, ms: 20 * MINUTE_MS },
  { at: 9 * HOUR_MS, ms: 3 * HOUR_MS },
  { at: 18 * HOUR_MS, ms: 2 * MINUTE_MS },
];

/** How often the user looks at the accounts, and renews by hand if Looker has refused. */
const USER_LOOKS = 0.02;

export interface Day {
  readonly windows: number;
  readonly seed: number;
  /** Whether things go wrong, and whether the user turns to other windows. */
  readonly isRough: boolean;
}

export interface Evening {
  readonly logins: number;
  /** Number of accounts that a window opened in the evening finds. */
  readonly kept: number;
  /** Number of renewals by hand after a refusal by Looker. */
  readonly renewedByHand: number;
  readonly world: World;
}

/** Runs a day: a user logs in to all accounts, and works. */
export async function live({ windows, seed, isRough }: Day): Promise<Evening> {
  const random = seededRandom(seed);
  const chance = (probability: number) => random() < probability;
  const start = Date.UTC(2030, 0);
  const clock = { now: start };
  const waits = new TimedWaits(
    () => clock.now,
    () => 5 + random() * 200,
  );
  const world = new World(clock, waits, random, {
    admins: 1,
    skew: 7 * MINUTE_MS,
    renewal: 'background',
  });
  /** Timers stand still while the laptop sleeps. */
  const timers = new SimulatedTimers(() => world.uptime);
  const untilNextTimer = () => Math.max(0, timers.nextAt - world.uptime);
  /** Lets all pending work finish. */
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

  const timersOf = new Map<Window, RenewalTimer>();
  for (let count = 0; count < windows; count++) {
    await finish(world.openWindow());
    const window = world.windows.at(-1);
    if (window) timersOf.set(window, new RenewalTimer(window.accounts, timers.set));
  }
  const [window] = world.windows;
  assert.ok(window);
  world.focused = window;
  for (let user = 1; user <= USERS; user++) await finish(world.login(window, String(user)));
  const admin = window.accounts.peek(world.idOf('1'))?.account;
  assert.ok(admin);
  for (let user = 2; user < 2 + SUDO; user++) {
    await finish(world.loginAs(window, admin, String(user)));
  }
  assert.equal(world.looker.logins, ACCOUNTS);

  if (isRough) {
    world.looker.nextFault = () => (chance(0.02) ? pick(LOOKER_FAULTS, random) : undefined);
    world.secrets.nextFault = () =>
      chance(0.002) ? pick(['fails', 'failsAfterwards'], random) : undefined;
    world.secrets.nextEventFault = () =>
      chance(0.01) ? pick(['doubled', 'spurious', 'missing'], random) : undefined;
  }

  /** The user focuses a window. */
  const turnTo = (window: Window | undefined) => {
    world.focused = window;
    if (!window) return;
    timersOf.get(window)?.tick();
    void window.accounts.catchUp();
  };
  let focusMovesAt = start;
  let renewedByHand = 0;
  const naps = [...NAPS];
  while (clock.now < start + DAY_MS) {
    const [nap] = naps;
    if (nap && clock.now >= start + nap.at) {
      naps.shift();
      world.sleep(nap.ms);
      // The user returns to the same window, and turns to others later.
      focusMovesAt += nap.ms;
      turnTo(world.focused);
    }
    if (waits.nextAt <= clock.now + untilNextTimer()) {
      clock.now = Math.max(clock.now, waits.nextAt);
      await waits.step();
      continue;
    }
    clock.now += untilNextTimer();
    if (isRough && clock.now > focusMovesAt) {
      focusMovesAt = clock.now + 2 * FOCUS_MS * random();
      turnTo(chance(0.3) ? undefined : pick(world.windows, random));
    }
    const used = isRough && chance(0.05) ? pick(world.windows, random) : undefined;
    const status = pick(used?.accounts.statuses() ?? [], random);
    if (used && status) world.session(used, status.account.id).catch(() => undefined);
    const seen = isRough && chance(USER_LOOKS) ? world.focused : undefined;
    for (const { account, failure } of seen?.accounts.statuses() ?? []) {
      if (!seen || !needsLogin(failure)) continue;
      renewedByHand++;
      world.renew(seen, account.id).catch(() => undefined);
    }
    timers.wakeNext();
    await later();
  }

  world.looker.nextFault = world.secrets.nextFault = world.secrets.nextEventFault = () => undefined;
  await rest();
  const { logins } = world.looker;
  await finish(world.openWindow());
  const kept = world.windows.at(-1)?.accounts.statuses().length ?? 0;
  for (const renewalTimer of timersOf.values()) renewalTimer.dispose();
  for (const open of [...world.windows]) world.closeWindow(open);
  assert.equal(timers.count, 0);
  return { logins, kept, renewedByHand, world };
}
