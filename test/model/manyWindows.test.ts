import assert from 'node:assert/strict';
import { setImmediate as later } from 'node:timers/promises';
import * as fc from 'fast-check';
import { BrowserLogins } from '../../src/accounts/browserLogin/browserLogins';
import type { Accounts } from '../../src/accounts/accounts';
import { AccountStore } from '../../src/accounts/store/accountStore';
import { TrustedCertificates } from '../../src/accounts/trust/trustedCertificates';
import { certificateOf, type Certificate } from '../../src/looker/tls/certificate';
import { Clock, serverClocks } from '../../src/looker/clock';
import type { Fetch } from '../../src/looker/network/http';
import { serverCertificate } from '../support/certificates';
import { openWith } from '../support/openAccounts';
import { lookerApi } from '../support/lookerApi';
import { MemoryMemento } from '../support/memoryMemento';
import { HostileSecrets } from './hostileSecrets';
import { seededRandom } from './random';
import { RandomWaits } from './waits';
import { MemoryTurns } from '../support/memoryTurns';

const WINDOWS = 3;
const INSTANCES = ['https://one.example', 'https://two.example'] as const;
const RUNS = 300;
const HOUR_MS = 60 * 60_000;

/** A fixed seed repeats the same runs, so that only a change of the code makes them fail. */
const SEED = 20_301;

interface Step {
  readonly what: 'trust' | 'forgetCertificate' | 'use' | 'login' | 'forgetInstance';
  readonly window: number;
  readonly instance: number;
  readonly user: number;
  /** How far pending work gets before the next step. */
  readonly waits: number;
}

interface Window {
  readonly accounts: Accounts;
  readonly certificates: TrustedCertificates;
}

const anyStep: fc.Arbitrary<Step> = fc.record({
  what: fc.constantFrom('trust', 'forgetCertificate', 'use', 'login', 'forgetInstance'),
  window: fc.nat({ max: WINDOWS - 1 }),
  instance: fc.nat({ max: INSTANCES.length - 1 }),
  user: fc.integer({ min: 1, max: 3 }),
  waits: fc.oneof(fc.nat({ max: 8 }), fc.constant(100)),
});

/** A Looker where all users have the same name. */
function namesakes(wait: () => Promise<void>): Fetch {
  return async (_url, { method, headers, body }) => {
    await wait();
    const user = new URLSearchParams(body).get('client_id');
    const token = headers['Authorization']?.slice('token '.length);
    const reply =
      method === 'POST'
        ? { access_token: user, token_type: 'Bearer', expires_in: 1_000_000 }
        : { id: token, display_name: 'Ada Lovelace', is_disabled: false };
    return {
      status: method === 'DELETE' ? 204 : 200,
      headers: { get: () => null },
      text: () => Promise.resolve(method === 'DELETE' ? '' : JSON.stringify(reply)),
    };
  };
}

/** Several windows of one VS Code, which stores its global state late and as a whole. */
class Desk {
  private readonly waits: RandomWaits;
  private readonly secrets: HostileSecrets;
  private readonly memento = new MemoryMemento();
  private readonly windows: Window[] = [];
  private now = Date.UTC(2030, 0);
  /** Instances with a certificate that was trusted after it was last forgotten. */
  private readonly pinned = new Set<string>();
  private readonly forgetting = new Map<string, number>();
  /** The accounts that have ever had a label. */
  private readonly owners = new Map<string, Set<string>>();

  constructor(
    seed: number,
    private readonly certificates: readonly Certificate[],
  ) {
    const random = seededRandom(seed);
    this.waits = new RandomWaits(random);
    this.secrets = new HostileSecrets(this.waits, random);
  }

  /** @returns the problems found */
  async run(steps: readonly Step[]): Promise<readonly string[]> {
    for (let count = 0; count < WINDOWS; count++) await this.open();
    for (const step of steps) {
      this.now += HOUR_MS;
      const window = this.windows[step.window];
      if (window) this.do(step, window);
      await later();
      for (let count = 0; count < step.waits && (await this.waits.step()); count++);
    }
    await this.waits.rest();
    await this.open();
    const faults = INSTANCES.flatMap((baseUrl) => this.check(baseUrl));
    for (const [label, owners] of this.owners) {
      if (owners.size > 1) faults.push(`${label} was given to ${[...owners].join(' and ')}`);
    }
    for (const { accounts, certificates } of this.windows) {
      accounts.dispose();
      certificates.dispose();
    }
    return faults;
  }

  private check(baseUrl: string): readonly string[] {
    const pins = this.windows.map(({ certificates }) => certificates.get(baseUrl)?.certificate);
    const found = new Set(pins.map((pin) => pin?.fingerprint));
    return [
      ...(found.size > 1 ? [`The windows do not agree on the certificate of ${baseUrl}`] : []),
      ...(this.pinned.has(baseUrl) && found.has(undefined) ? [`${baseUrl} lost its pin`] : []),
    ];
  }

  private do({ what, instance, user }: Step, { accounts, certificates }: Window): void {
    const baseUrl = INSTANCES[instance] ?? '';
    const account = accounts.list.find((one) => one.baseUrl === baseUrl);
    switch (what) {
      case 'trust':
        certificates.trust(baseUrl, this.certificates[user % 2] ?? assert.fail());
        if (!this.forgetting.get(baseUrl)) this.pinned.add(baseUrl);
        return;
      case 'forgetCertificate':
        this.pinned.delete(baseUrl);
        this.count(baseUrl, 1);
        void certificates.forget(baseUrl).finally(() => {
          this.count(baseUrl, -1);
        });
        return;
      case 'use':
        if (account) void accounts.activate(account.id);
        return;
      case 'login': {
        const key = { clientId: String(user), clientSecret: 'secret' };
        accounts.login({ baseUrl, apiVersion: '4.0' }, key).catch(() => undefined);
        return;
      }
      case 'forgetInstance': {
        const leaving = accounts.list.filter((one) => one.baseUrl === baseUrl);
        void accounts.logout(leaving.map(({ id }) => id)).then(() => {
          accounts.forgetInstance(baseUrl);
        });
        return;
      }
    }
  }

  private count(baseUrl: string, by: number): void {
    this.forgetting.set(baseUrl, (this.forgetting.get(baseUrl) ?? 0) + by);
  }

  private async open(): Promise<void> {
    const name = `window ${this.windows.length}`;
    const wait = () => this.waits.wait(name);
    const secrets = this.secrets.of(name);
    const log = { info: () => undefined, warn: () => undefined };
    const clock = new Clock(
      () => this.now,
      () => this.now,
    );
    const serverClock = serverClocks(clock);
    const fetch = namesakes(wait);
    const certificates = new TrustedCertificates({ secrets, clock, log });
    const opening = openWith({
      store: new AccountStore(secrets),
      memento: this.memento.openWindow(wait),
      connect: (baseUrl) => lookerApi(baseUrl, { fetch, clock, serverClock: serverClock(baseUrl) }),
      renewal: () => 'off',
      isFocused: () => true,
      clock,
      serverClock,
      random: () => 0.5,
      pause: wait,
      browserLogins: () => Promise.resolve(new BrowserLogins(new MemoryTurns().openWindow())),
      log,
    });
    await this.waits.rest();
    const accounts = await opening;
    accounts.onDidChange(() => {
      for (const { id, label } of accounts.list) {
        this.owners.set(label, (this.owners.get(label) ?? new Set()).add(id));
      }
    });
    this.windows.push({ accounts, certificates });
  }
}

describe('several windows that write at the same time', () => {
  it(`lose no pin, and give no label to a second account (${RUNS} random runs)`, async function () {
    this.timeout(240_000);
    const served = await Promise.all([serverCertificate(), serverCertificate()]);
    const certificates = served.map(({ cert }) => certificateOf(cert));
    await fc.assert(
      fc.asyncProperty(
        fc.noShrink(fc.integer()),
        fc.array(anyStep, { maxLength: 25, size: 'max' }),
        async (seed, steps) => {
          assert.deepEqual(await new Desk(seed, certificates).run(steps), []);
        },
      ),
      { numRuns: RUNS, seed: SEED },
    );
  });
});
