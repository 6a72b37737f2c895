// Whether memory is freed for renewed tokens and logged-out accounts.
import { setImmediate as later } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { RenewalTimer } from '../src/accounts/renewal/renewalTimer';
import { Clock, serverClocks } from '../src/looker/clock';
import type { Fetch } from '../src/looker/network/http';
import { lookerApi } from '../test/support/lookerApi';
import { MemoryMemento } from '../test/support/memoryMemento';
import { MemorySecrets } from '../test/support/memorySecrets';
import { openAccounts } from '../test/support/openAccounts';
import { SimulatedTimers } from '../test/support/simulatedTimers';
import type { Bench } from './row';
import { median, rounded, summary } from './statistics';
import { NOWHERE } from './storedAccounts';

const RENEWALS = 100_000;
const ROUNDS = 10_000;
/** Number of accounts that are renewed, and that log in and out. */
const PEOPLE = 10;
/** Number of heap measurements. */
const SAMPLES = 20;
/** The share of them, from the first on, that only warms up the heap. */
const WARM = 0.2;
const HOUR_MS = 60 * 60_000;

/** In bytes. A leak in each renewal or login would take more: a token alone has 40 characters. */
const FLAT = 64;

export const memory: Bench = async () => {
  const renewals = await weigh(RENEWALS, renewing);
  const rounds = await weigh(ROUNDS, logInAndOut);
  return [
    row(`Heap over ${RENEWALS.toLocaleString('en')} renewals`, renewals, RENEWALS),
    row(`Heap over ${ROUNDS.toLocaleString('en')} rounds of login and logout`, rounds, ROUNDS),
  ];
};

function row(what: string, heap: readonly number[], count: number) {
  const warm = heap.slice(Math.floor(SAMPLES * WARM));
  const third = Math.floor(warm.length / 3);
  const [start, end] = [median(warm.slice(0, third)), median(warm.slice(-third))];
  const bytesEach = (end - start) / (count * (1 - WARM) * (2 / 3));
  return {
    what,
    ours: `${summary(warm.map(inMb), 'MB')}, ${rounded(bytesEach)} bytes more with each`,
    against: `the start, after warm-up: ${rounded(inMb(start))} MB`,
    goal: `flat: < ${FLAT} bytes each`,
    met: bytesEach < FLAT,
  };
}

/** @returns bytes in use after each part of the work */
async function weigh(count: number, prepare: () => Promise<Work>): Promise<readonly number[]> {
  const { once, logins, end } = await prepare();
  const heap: number[] = [];
  for (let sample = 0; sample < SAMPLES; sample++) {
    for (let i = 0; i < count / SAMPLES; i++) await once();
    heap.push(await bytesInUse());
  }
  end();
  if (logins() < count) throw new Error(`Looker has seen ${logins()} logins, and not ${count}.`);
  return heap;
}

interface Work {
  readonly once: () => Promise<unknown>;
  /** Logins that Looker has got so far. */
  readonly logins: () => number;
  readonly end: () => void;
}

/** Advances the time, wakes up the renewal timer, and uses each token again once it has expired. */
async function renewing(): Promise<Work> {
  const window = await openWindow();
  for (let user = 1; user <= PEOPLE; user++) await window.login(user);
  const ids = window.accounts.statuses().map(({ account }) => account.id);
  let next = 0;
  return {
    once: async () => {
      if (next % PEOPLE === 0) window.pass(2 * HOUR_MS);
      await window.accounts.session(ids[next++ % PEOPLE] ?? '');
    },
    logins: window.logins,
    end: window.close,
  };
}

async function logInAndOut(): Promise<Work> {
  const window = await openWindow();
  let next = 0;
  return {
    once: async () => {
      window.pass(1000);
      const { id } = await window.login(1 + (next++ % PEOPLE));
      await window.accounts.logout([id]);
    },
    logins: window.logins,
    end: window.close,
  };
}

/** Opens a window with a renewal timer and a simulated clock. */
async function openWindow() {
  let now = Date.now();
  let uptime = 0;
  const clock = new Clock(
    () => now,
    () => uptime,
  );
  const timers = new SimulatedTimers(() => uptime);
  const serverClock = serverClocks(clock);
  const secrets = new MemorySecrets();
  const memento = new MemoryMemento();
  const looker = willing(clock);
  const accounts = await openAccounts(secrets, memento, {
    clock,
    serverClock,
    renewal: () => 'onUse',
    connect: (baseUrl) =>
      lookerApi(baseUrl, { fetch: looker.fetch, clock, serverClock: serverClock(baseUrl) }),
  });
  const renewalTimer = new RenewalTimer(accounts, timers.set);
  return {
    accounts,
    logins: looker.logins,
    login: (user: number) => {
      const key = { clientId: String(user), clientSecret: 'secret' };
      return accounts.login({ baseUrl: NOWHERE, apiVersion: '4.0' }, key);
    },
    pass: (ms: number) => {
      now += ms;
      uptime += ms;
      timers.wakeNext();
      memento.updates.splice(0); // the fake's own memory
    },
    close: () => {
      renewalTimer.dispose();
      accounts.dispose();
    },
  };
}

/** A Looker that accepts every login and stores nothing: a token is the user's ID and a number. */
function willing({ now }: Clock): { readonly fetch: Fetch; readonly logins: () => number } {
  let issued = 0;
  const answer = (method: string, path: string, form: URLSearchParams, token: string) => {
    if (method === 'DELETE') return '';
    if (path.endsWith('/login')) {
      const access_token = `${form.get('client_id')}-${++issued}`.padEnd(40, '0');
      return JSON.stringify({ access_token, expires_in: 3600 });
    }
    const id = token.slice('token '.length, token.indexOf('-'));
    return JSON.stringify({ id, display_name: `Person ${id}`, email: `${id}@acme.test` });
  };
  const fetch: Fetch = async (url, { method, headers, body }) => {
    await later();
    const { pathname } = new URL(url);
    const text = answer(
      method,
      pathname,
      new URLSearchParams(body),
      headers['Authorization'] ?? '',
    );
    const date = new Date(now()).toUTCString();
    return {
      status: text ? 200 : 204,
      headers: { get: (name) => (name === 'date' ? date : null) },
      text: () => Promise.resolve(text),
    };
  };
  return { fetch, logins: () => issued };
}

/** Bytes of heap in use after garbage collection. */
async function bytesInUse(): Promise<number> {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  for (let turn = 0; turn < 3; turn++) {
    await later();
    collect();
  }
  return process.memoryUsage().heapUsed;
}

function inMb(bytes: number): number {
  return bytes / 1e6;
}
