import { setImmediate as later } from 'node:timers/promises';
import * as fc from 'fast-check';
import { LookerError } from '../../src/looker/errors/lookerError';
import { needsLogin, NewerAccountError } from '../../src/accounts/errors';
import { ADMINS, anyRun, type Action, type Run, type Step } from './actions';
import type { EventFault, KeyringFault } from './hostileSecrets';
import type { LookerFault } from './memoryLooker';
import { seededRandom } from './random';
import { RandomWaits } from './waits';
import { World, type Window } from './world';

const MINUTE_MS = 60_000;

/** Number of windows at the start of a run. */
const WINDOWS = 2;

/** An admin is logged in first: with an empty keyring, most actions would do nothing. */
const START: Step = { action: { do: 'login', window: 0, user: 1 }, waits: 100 };

/** Runs the model against the product. Fails with the run that found a problem, its seed and its path. */
export async function checkModel(parameters: fc.Parameters<[Run]>): Promise<void> {
  await fc.assert(
    fc.asyncProperty(anyRun, async (run) => {
      const faults = await new Model(run).check();
      if (faults.length > 0) throw new Error(faults.join('\n'));
    }),
    { includeErrorInReport: true, ...parameters },
  );
}

/** One run: it performs the steps, lets everything finish, and checks the result. */
class Model {
  private readonly waits: RandomWaits;
  private readonly world: World;
  private cancel = new AbortController();
  private readonly lookerFaults: LookerFault[] = [];
  private readonly keyringFaults: KeyringFault[] = [];
  private readonly eventFaults: EventFault[] = [];

  constructor(private readonly run: Run) {
    const random = seededRandom(run.seed);
    this.waits = new RandomWaits(random);
    this.world = new World({ now: Date.UTC(2030, 0) }, this.waits, random, {
      admins: ADMINS,
      skew: run.skewMinutes * MINUTE_MS,
      renewal: run.renewal,
    });
    this.world.looker.nextFault = () => this.lookerFaults.shift();
    this.world.secrets.nextFault = () => this.keyringFaults.shift();
    this.world.secrets.nextEventFault = () => this.eventFaults.shift();
  }

  /** @returns the problems found */
  async check(): Promise<readonly string[]> {
    const { world } = this;
    for (let count = 0; count < WINDOWS; count++) this.start(world.openWindow());
    await this.waits.rest();
    for (const { action, waits } of [START, ...this.run.steps]) {
      this.do(action);
      await later();
      for (let step = 0; step < waits && (await this.waits.step()); step++);
    }
    await this.waits.rest();
    await this.checkAccounts();
    await this.checkListeners();
    return world.faults;
  }

  private do(action: Action): void {
    const { world } = this;
    const { looker } = world;
    const window = 'window' in action ? nth(world.windows, action.window) : undefined;
    const account =
      window && 'account' in action
        ? nth(window.accounts.statuses(), action.account)?.account
        : undefined;
    switch (action.do) {
      case 'login':
        if (window) this.start(world.login(window, String(action.user), this.cancel.signal));
        return;
      case 'loginAs':
        if (!window || !account || account.sudo) return;
        this.start(world.loginAs(window, account, String(action.user), this.cancel.signal));
        return;
      case 'cancelLogins':
        this.cancel.abort();
        this.cancel = new AbortController();
        return;
      case 'logout':
        if (window && account) this.start(world.logout(window, [account.id]));
        return;
      case 'logoutAll':
        if (!window) return;
        this.start(world.logout(window, window.accounts.ids));
        return;
      case 'session':
        if (window && account) this.start(world.session(window, account.id));
        return;
      case 'devSession':
        if (window && account) this.start(world.session(window, account.id, 'dev'));
        return;
      case 'allow':
        if (window) world.allow(window);
        return;
      case 'ask':
        if (window) this.start(world.ask(window, action.isDev ? 'dev' : 'production'));
        return;
      case 'stopActing': {
        const active = window?.accounts.active?.account;
        if (window && active?.sudo) this.start(world.logout(window, [active.id]));
        return;
      }
      case 'renew':
        if (window && account) this.start(world.renew(window, account.id, this.cancel.signal));
        return;
      case 'search':
        if (window && account) this.start(world.search(window, account));
        return;
      case 'activate':
        if (window && account) this.start(world.watch(window.accounts.activate(account.id)));
        return;
      case 'beat':
        window?.accounts.renewDueAccounts();
        return;
      case 'focus':
        world.focused = window;
        return;
      case 'openWindow':
        if (world.windows.length < 4) this.start(world.openWindow());
        return;
      case 'closeWindow':
        if (window && world.windows.length > 1) world.closeWindow(window);
        return;
      case 'passTime':
        world.clock.now += action.minutes * MINUTE_MS;
        return;
      case 'sleep':
        world.sleep(action.minutes * MINUTE_MS);
        world.beat();
        return;
      case 'jumpClock':
        world.jump(action.minutes * MINUTE_MS);
        return;
      case 'setLife':
        looker.tokenLife = action.seconds;
        return;
      case 'revokeTokens':
        looker.revokeTokens();
        return;
      case 'disable':
        looker.setDisabled(String(action.user), action.isDisabled);
        return;
      case 'changeKey':
        looker.changeKey(String(action.user));
        return;
      case 'damage': {
        const id = nth(world.secrets.accountIds, action.record);
        if (id !== undefined) world.damage(id, action.how);
        return;
      }
      case 'forgetAll':
        world.forgetAll();
        return;
      case 'lookerFault':
        this.lookerFaults.push(action.fault);
        return;
      case 'keyringFault':
        this.keyringFaults.push(action.fault);
        return;
      case 'eventFault':
        this.eventFaults.push(action.fault);
        return;
    }
  }

  /** Failures are expected in a run; whether they are allowed is checked elsewhere. */
  private start(work: Promise<unknown>): void {
    work.catch(() => undefined);
  }

  /** Checks what a new window finds, with a working keyring and Looker. */
  private async checkAccounts(): Promise<void> {
    const { world } = this;
    const { faults, expectations, looker } = world;
    for (const list of [this.lookerFaults, this.keyringFaults, this.eventFaults]) list.length = 0;
    for (const { accounts } of world.windows) this.start(accounts.catchUp());
    await this.waits.rest();
    this.start(world.openWindow());
    await this.waits.rest();
    const window = world.windows.at(-1);
    if (!window) return;
    const ids = idsIn(window);
    world.checkTokens(window);
    world.checkDamages();
    for (const id of expectations.loggedIn) {
      if (!ids.includes(id) && !world.mayBeForgotten(id)) faults.push(`${id} is lost`);
    }
    for (const id of expectations.loggedOut) if (ids.includes(id)) faults.push(`${id} came back`);
    const lost = window.accounts.lost.map(({ id }) => id);
    for (const id of expectations.loggedOut) if (lost.includes(id)) faults.push(`${id} is missed`);
    const agreed = (some: readonly string[]) =>
      some
        .filter((id) => world.isAgreedOn(id))
        .sort()
        .join();
    for (const other of world.windows) {
      const found = agreed(idsIn(other));
      if (found !== agreed(ids)) faults.push(`${other.name} shows ${found}`);
    }
    const activeIn = ({ accounts }: Window) => accounts.active?.account.id;
    for (const other of world.windows) {
      if (idsIn(other).join() !== ids.join()) continue;
      if (activeIn(other) !== activeIn(window)) {
        faults.push(
          `${other.name} has ${String(activeIn(other))} active, not ${String(activeIn(window))}`,
        );
      }
    }
    looker.tokenLife = 3600;
    for (const id of expectations.loggedIn) {
      world.session(window, id).catch((error: unknown) => {
        const isSaid =
          error instanceof LookerError || error instanceof NewerAccountError || needsLogin(error);
        if (!isSaid) faults.push(`${id} has no session: ${String(error)}`);
      });
      await this.waits.rest();
    }
    if (world.promises > 0) faults.push(`${world.promises} promises never settled`);
  }

  private async checkListeners(): Promise<void> {
    for (const window of [...this.world.windows]) this.world.closeWindow(window);
    await this.waits.rest();
    const { listeners } = this.world.secrets;
    if (listeners > 0) this.world.faults.push(`${listeners} listeners are left`);
  }
}

/** One of the choices for any number; undefined if there are none. */
function nth<T>(choices: readonly T[], number: number): T | undefined {
  return choices[number % choices.length];
}

function idsIn({ accounts }: Window): string[] {
  return accounts.statuses().map(({ account }) => account.id);
}
