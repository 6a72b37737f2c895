import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Account } from '../../../src/accounts/account';
import type { Accounts } from '../../../src/accounts/accounts';
import { BrowserLogins } from '../../../src/accounts/browserLogin/browserLogins';
import type { RenewalTurnsOptions } from '../../../src/accounts/browserLogin/renewalTurns';
import type { RenewalMode } from '../../../src/accounts/renewal/renewalPlan';
import type { Memento } from '../../../src/accounts/knownAccounts';
import { Clock, serverClocks } from '../../../src/looker/clock';
import { type RecordedRequest, StandInLooker } from '../../standIn/standInLooker';
import { lookerApi } from '../../support/lookerApi';
import { MemoryMemento } from '../../support/memoryMemento';
import { MemorySecrets } from '../../support/memorySecrets';
import { MemoryTurns } from '../../support/memoryTurns';
import { openAccounts } from '../../support/openAccounts';
import { until } from '../../support/until';

export const MINUTE = 60_000;

/** Resets the harness before each test of the suite. */
export function setUp(): Harness {
  const harness = new Harness();
  beforeEach(() => harness.set());
  afterEach(() => harness.strike());
  return harness;
}

interface WindowOptions {
  readonly isFocused?: boolean;
  readonly random?: number;
  /** Its global state, if that isn't stored immediately. */
  readonly memento?: Memento;
  /** How it takes turns, where that is not as all do. */
  readonly taking?: Partial<RenewalTurnsOptions>;
}

/** A Looker server, and a VS Code whose windows share their storage. */
export class Harness {
  looker!: StandInLooker;
  secrets!: MemorySecrets;
  memento!: MemoryMemento;
  turns!: MemoryTurns;
  /** The server's time. */
  now!: number;
  /** How far this machine's clock is ahead of the server's. */
  wrongBy!: number;
  /** How long this machine has slept. */
  asleep!: number;
  log!: string[];
  renewal!: RenewalMode;
  readonly #windows: Accounts[] = [];

  async set(): Promise<void> {
    this.now = Date.now();
    this.wrongBy = this.asleep = 0;
    this.log = [];
    this.renewal = 'onUse';
    this.secrets = new MemorySecrets();
    this.memento = new MemoryMemento();
    this.turns = new MemoryTurns();
    this.looker = await StandInLooker.start({ now: () => this.now });
  }

  async strike(): Promise<void> {
    for (const window of this.#windows.splice(0)) window.dispose();
    await this.looker.stop();
  }

  /** Another window of the same VS Code. */
  readonly openWindow = async ({
    isFocused = true,
    random = 0.5,
    memento,
    taking,
  }: WindowOptions = {}): Promise<Accounts> => {
    const clock = new Clock(
      () => this.now + this.wrongBy,
      () => this.now - this.asleep,
    );
    const serverClock = serverClocks(clock);
    const log = (line: string) => this.log.push(line);
    const turns = this.turns.openWindow({ log: { info: log, warn: log }, ...taking });
    await until(() => this.memento.isSettled);
    const accounts = await openAccounts(this.secrets, this.memento, {
      connect: (baseUrl, apiVersion) =>
        lookerApi(baseUrl, {
          apiVersion,
          timeoutMs: 1000,
          clock,
          serverClock: serverClock(baseUrl),
        }),
      renewal: () => this.renewal,
      isFocused: () => isFocused,
      clock,
      serverClock,
      random: () => random,
      browserLogins: () => Promise.resolve(new BrowserLogins(turns)),
      log: { info: log, warn: log },
      ...(memento && { memento }),
    });
    this.#windows.push(accounts);
    return accounts;
  };

  /** Keys of all secrets except the labels, which stay claimed forever. */
  keysStored(): string[] {
    const keys = [...this.secrets.stored.keys()];
    return keys.filter((key) => !key.startsWith('lookerAuth.label:'));
  }

  /** The instance to log in to. */
  readonly target = () => ({ baseUrl: this.looker.baseUrl, apiVersion: '4.0' as const });

  readonly host = (): string => new URL(this.looker.baseUrl).host;

  readonly login = (accounts: Accounts, name: string): Promise<Account> =>
    accounts.login(this.target(), this.looker.apiKeyOf(name));

  /** Another window, with one user logged in. */
  readonly openWindowOf = async (name: string) => {
    const accounts = await this.openWindow();
    const account = await this.login(accounts, name);
    return { accounts, account, id: account.id };
  };

  readonly giveNewKey = (): void => {
    this.looker.removePerson('Ada');
    const ada = { id: 1, firstName: 'Ada', lastName: 'Lovelace', roles: ['admin'] as const };
    this.looker.addPerson({ ...ada, apiKey: true });
  };

  /** The requests whose path ends with this. */
  readonly asked = (path: string): RecordedRequest[] =>
    this.looker.requests.filter((request) => request.path.endsWith(path));
}

export function labels(accounts: Accounts): string[] {
  return accounts.statuses().map(({ account }) => account.label);
}

/** Lets the event loop turn until the secret storage has responded and all changes are announced. */
export async function turns(count = 10): Promise<void> {
  for (let turn = 0; turn < count; turn++) await nextTurn();
}

/** Resolves once no account is being renewed and no announcement starts another renewal. */
export async function atRest(accounts: Accounts): Promise<void> {
  const isAtRest = () => accounts.statuses().every(({ isRenewing }) => !isRenewing);
  do {
    await until(isAtRest);
    await turns();
  } while (!isAtRest());
}

/** What a window announces from now on, such as `added Ada Lovelace`. */
export function announced(accounts: Accounts): string[] {
  const lines: string[] = [];
  accounts.onDidChange((change) => {
    for (const kind of ['added', 'removed', 'renewed', 'renewedForDev'] as const) {
      for (const { user } of change[kind]) lines.push(`${kind} ${user.name}`);
    }
  });
  return lines;
}
