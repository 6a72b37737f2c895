import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import fetch from 'node-fetch';
import { Accounts } from '../../src/accounts/accounts';
import { serverClocks } from '../../src/looker/clock';
import { AccountStore, type AccountRecord } from '../../src/accounts/accountStore';
import { hostOf, LookerError } from '../../src/looker/errors';
import type { Fetch } from '../../src/looker/http';
import { StandInLooker, type RecordedRequest } from '../standIn/standInLooker';
import { lookerApi, machineClock } from '../support/lookerApi';
import { MemoryMemento } from '../support/memoryMemento';
import { MemorySecrets } from '../support/memorySecrets';
import { assertKept } from './kept';
import { LOGGED_IN, PLAY, type Moment } from './moments';
import type { Row, Sees } from './table';

/** Time-out of each request: short where it is what ends the fault, else out of the way. */
const SILENT_TIMEOUT_MS = 200;
const TIMEOUT_MS = 2000;
/** How long after the time-out the user is told at the latest. */
const GRACE_MS = 1000;

/**
 * Has one fault strike at one moment, over real sockets.
 * @throws AssertionError where the user sees, or we keep, something else than the table says
 */
export async function runCell(row: Row, moment: Moment): Promise<void> {
  const looker = await StandInLooker.start();
  try {
    await runAt(looker, row, moment);
  } finally {
    await looker.stop();
  }
}

async function runAt(looker: StandInLooker, row: Row, moment: Moment): Promise<void> {
  const [sees, kept] = row.cells[moment] ?? assert.fail('the table has no such cell');
  const apiKey = looker.apiKeyOf('Ada');
  const secrets = new MemorySecrets();
  await logIn(looker, secrets, moment);
  const issued = valuesOf(looker);
  const asked = looker.requests.length;

  const { baseUrl = looker.baseUrl, stranger, ...struck } = await row.strike(looker);
  move(secrets, looker.baseUrl, baseUrl);
  const before = await readAll(secrets);
  const log: string[] = [];
  const timeoutMs = row.isSilent ? SILENT_TIMEOUT_MS : TIMEOUT_MS;
  const startedAt = performance.now();
  const memento = new MemoryMemento();
  const accounts = await openAccounts(secrets, { memento, log, timeoutMs, fetch, ...struck });
  try {
    const errors = await PLAY[moment]({ accounts, baseUrl, apiKey }).catch(
      (error: unknown): readonly unknown[] => [error],
    );
    const took = performance.now() - startedAt;
    assertSeen(sees, errors, baseUrl);

    const after = await readAll(secrets);
    await assertKept(kept, {
      before,
      after,
      isAlive: (token) => valuesOf(looker).includes(token),
      strays: () => valuesOf(looker).filter((token) => !issued.includes(token)).length,
    });
    if (kept === 'gone, alive there') assert.equal(errors.length, before.size, 'some go unsaid');
    if (after.size === 0) assert.equal(secrets.stored.size, 0, 'something is half-stored');

    const requests = looker.requests.slice(asked);
    if (moment === 'start') assert.equal(requests.length, 0, 'the start asked Looker');
    if (row.waitsMs === undefined) assertAskedOnce(requests);
    assert.equal(stranger?.requests() ?? 0, 0, 'a stranger was handed a request');
    assertTime(took, moment === 'start' ? 0 : (row.waitsMs ?? 0), timeoutMs);

    const tokens = [...before.values(), ...after.values()].map(({ token }) => token.value);
    const sent = looker.requests.flatMap(({ token }) => token ?? []);
    assertDiscreet(
      [memento.text(), ...log, ...errors.map(everythingIn)],
      [apiKey.clientId, apiKey.clientSecret, ...tokens, ...sent, ...valuesOf(looker)],
    );
  } finally {
    accounts.dispose();
    await stranger?.stop();
  }
}

/** Ada, and Alan as whom she acts, in a window that is closed again before anything goes wrong. */
async function logIn(looker: StandInLooker, secrets: MemorySecrets, moment: Moment): Promise<void> {
  const accounts = await openAccounts(secrets, {
    memento: new MemoryMemento(),
    log: [],
    timeoutMs: TIMEOUT_MS,
    fetch,
  });
  const { baseUrl } = looker;
  if (LOGGED_IN[moment] !== 'nobody') {
    const admin = await accounts.login({ baseUrl, apiVersion: '4.0' }, looker.apiKeyOf('Ada'));
    if (LOGGED_IN[moment] === 'Ada and Alan') await accounts.loginAs(admin, '3');
  }
  accounts.dispose();
}

function openAccounts(
  secrets: MemorySecrets,
  {
    memento,
    log,
    timeoutMs,
    fetch,
  }: { memento: MemoryMemento; log: string[]; timeoutMs: number; fetch: Fetch },
): Promise<Accounts> {
  const serverClock = serverClocks(machineClock);
  return Accounts.open({
    store: new AccountStore(secrets),
    memento,
    connect: (baseUrl, apiVersion) =>
      lookerApi(baseUrl, {
        apiVersion,
        timeoutMs,
        fetch,
        serverClock: serverClock(baseUrl),
      }),
    renewal: () => 'background',
    isFocused: () => true,
    clock: machineClock,
    serverClock,
    random: () => 0.5,
    pause: () => Promise.resolve(),
    log: { info: (line) => log.push(line), warn: (line) => log.push(line) },
  });
}

/** Has the accounts stored belong to an instance elsewhere, where the fault waits for them. */
function move(secrets: MemorySecrets, from: string, to: string): void {
  const stored = [...secrets.stored];
  secrets.stored.clear();
  for (const [key, value] of stored) {
    secrets.stored.set(key.replaceAll(from, to), value.replaceAll(from, to));
  }
}

async function readAll(secrets: MemorySecrets): Promise<ReadonlyMap<string, AccountRecord>> {
  const store = new AccountStore(secrets);
  const records = new Map<string, AccountRecord>();
  for (const id of await store.ids()) {
    const record = await store.read(id);
    if (record) records.set(id, record);
  }
  return records;
}

function valuesOf(looker: StandInLooker): readonly string[] {
  return looker.liveTokens().map(({ value }) => value);
}

/** Every failure is one of ours, and says on which instance it happened. */
function assertSeen(sees: Sees, errors: readonly unknown[], baseUrl: string): void {
  if (sees === 'no error') {
    assert.deepEqual(errors, []);
    return;
  }
  assert.ok(errors.length > 0, 'the user is told nothing');
  const [wanted, sentence] = typeof sees === 'function' ? [sees, /./] : sees;
  for (const error of errors) {
    assert.ok(error instanceof LookerError, everythingIn(error));
    assert.ok(error.message.includes(hostOf(baseUrl)), error.message);
    assert.ok(error instanceof wanted, `${error.constructor.name}: ${error.message}`);
    assert.match(error.message, sentence);
  }
}

/** Nothing is tried again by itself, and least of all what was refused. */
function assertAskedOnce(requests: readonly RecordedRequest[]): void {
  const seen = requests.map(({ method, path, token = '' }) => `${method} ${path} ${token}`);
  assert.equal(new Set(seen).size, seen.length, 'a request was made twice');
}

function assertTime(took: number, waitsMs: number, timeoutMs: number): void {
  // Timers may come a little early by this clock.
  assert.ok(took >= waitsMs - 20, `it did not wait: ${took} ms`);
  assert.ok(took < waitsMs + timeoutMs + GRACE_MS, `it took ${took} ms`);
}

function assertDiscreet(texts: readonly string[], secrets: readonly string[]): void {
  for (const text of texts) {
    assert.ok(!secrets.some((secret) => text.includes(secret)), 'a secret is told');
  }
}

/** All that whoever logs or inspects an error may get to see. */
function everythingIn(error: unknown): string {
  return inspect(error, { depth: 10, showHidden: true });
}
