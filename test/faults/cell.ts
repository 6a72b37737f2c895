import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import type { AccountRecord } from '../../src/accounts/store/accountRecord';
import { AccountStore } from '../../src/accounts/store/accountStore';
import { CanceledError } from '../../src/looker/errors/expectedError';
import { hostOf } from '../../src/looker/instance/host';
import type { StandInLooker } from '../standIn/standInLooker';
import type { MemorySecrets } from '../support/memorySecrets';
import { fetchFor } from '../support/nodeFetch';
import { stopwatch } from '../support/stopwatch';
import { assertKept } from './kept';
import {
  closedFor,
  LOGGED_IN,
  SCENARIOS,
  statusOf,
  subjectOf,
  untilDue,
  type Moment,
  type Scenario,
} from './moments';
import type { Sees } from './outcomes';
import type { Row } from './table';
import { TIMEOUT_MS, Harness, type Request } from './harness';

/** Timeout of each request if the timeout is what ends the fault. */
const SILENT_TIMEOUT_MS = 200;
/** Longest time between the timeout and the message to the user. */
const GRACE_MS = 1000;

/** Grace's user ID. She has nothing to do with the fault, and must not be affected. */
const GRACE = '2';

/**
 * Causes one fault at one moment, over real sockets.
 * @throws AssertionError if what the user sees or what is stored differs from the table
 */
export async function runCell(row: Row, moment: Moment): Promise<void> {
  const world = await Harness.create(row.given);
  try {
    await runIn(world, row, moment);
  } finally {
    await world.end();
  }
}

async function runIn(world: Harness, row: Row, moment: Moment): Promise<void> {
  const [sees, kept, asks, renewal] = row.cells[moment] ?? assert.fail('there is no such cell');
  const { looker, secrets, given } = world;
  const apiKey = looker.apiKeyOf('Ada');
  const graces = row.isPersonal ? looker : world.elsewhere;
  await logIn(world, moment, graces);
  const issued = valuesOf(looker);
  world.pass(closedFor(moment, given.tokenLife * 1000));

  const struck = await row.injectFault(looker);
  const { baseUrl = looker.baseUrl, fetch = fetchFor(baseUrl), stranger, signal } = struck;
  move(secrets, looker.baseUrl, baseUrl);
  const before = await readAll(secrets);
  const timeoutMs = row.isSilent ? SILENT_TIMEOUT_MS : TIMEOUT_MS;
  const { accounts, connect } = await world.openWindow({ baseUrl, fetch, timeoutMs });
  const steps: (readonly Request[])[] = [];
  const harness: Scenario = {
    accounts,
    connect,
    baseUrl,
    apiVersion: given.apiVersion,
    apiKey,
    grace: `${graces.baseUrl}#${GRACE}`,
    signal,
    mend: () => {
      looker.clearFaults();
    },
    pass: (ms) => {
      world.pass(ms);
    },
    untilDue: untilDue(given.tokenLife * 1000),
    step: async () => {
      await world.settled(accounts);
      steps.push(world.takeRequests());
    },
  };
  const startedAt = performance.now();
  const spent = stopwatch();
  try {
    const errors = await SCENARIOS[moment](harness).catch((error: unknown): readonly unknown[] => {
      if (error instanceof assert.AssertionError) throw error;
      return [error];
    });
    const [took, ownTime] = [performance.now() - startedAt, spent()];
    assertSeen(sees, errors, baseUrl);

    const after = await readAll(secrets);
    await assertKept(kept, {
      before,
      after,
      isAlive: (token) => valuesOf(looker).includes(token),
      worksIn: (value) => looker.liveTokens().find((token) => token.value === value)?.workspace,
      hasExpired: ({ expiresAt }) => expiresAt <= world.now,
      strays: () => valuesOf(looker).filter((token) => !issued.includes(token)).length,
    });
    if (kept === 'gone, alive there') assert.equal(errors.length, before.size, 'some go unsaid');
    // Labels stay claimed forever.
    const stored = [...secrets.stored.keys()].filter((key) => !key.startsWith('lookerAuth.label:'));
    if (after.size === 0) assert.deepEqual(stored, [], 'something is half-stored');

    const { clientId: gracesId } = graces.apiKeyOf('Grace');
    const asked = steps.map((step) => step.filter(({ body }) => !body.includes(gracesId)));
    if (asks)
      assert.deepEqual(
        asked.map(({ length }) => length),
        asks,
        'requests of each step',
      );
    if (row.waitsMs === undefined) [...asked, world.takeRequests()].forEach(assertAskedOnce);
    if (renewal) {
      const { renewsItself } = statusOf(accounts, subjectOf(moment, baseUrl));
      assert.equal(renewsItself, renewal === 'goes on', 'whether it renews itself');
    }
    assert.equal(stranger?.requests() ?? 0, 0, 'a stranger was handed a request');
    const waitsMs = moment === 'start' ? 0 : (row.waitsMs ?? 0);
    // Timers may fire slightly early by this clock.
    assert.ok(took >= waitsMs - 20, `it did not wait: ${took} ms`);
    const longestMs = waitsMs + timeoutMs * (1 + asked.length) + GRACE_MS;
    assert.ok(Math.min(took, ownTime) < longestMs, `it took ${took} ms`);

    const tokens = [...before.values(), ...after.values()].map(
      ({ tokens }) => tokens.production.token.value,
    );
    const sent = looker.requests.flatMap(({ token }) => token ?? []);
    assertDiscreet(
      [world.memento.text(), ...world.log, ...errors.map(everythingIn)],
      [apiKey.clientId, apiKey.clientSecret, ...tokens, ...sent, ...valuesOf(looker)],
    );
  } finally {
    accounts.dispose();
    await stranger?.stop();
  }
}

/** Logs in all users, in a window that is closed before the fault. */
async function logIn(world: Harness, moment: Moment, graces: StandInLooker): Promise<void> {
  const { looker, given } = world;
  const { apiVersion, keepsKey } = given;
  const { accounts } = await world.openWindow();
  const people = LOGGED_IN[moment];
  const target = { baseUrl: looker.baseUrl, apiVersion };
  if (people.includes('Ada')) {
    const ada = await accounts.login(target, looker.apiKeyOf('Ada'), undefined, { keepsKey });
    if (people.includes('Alan')) await accounts.loginAs(ada, '3');
    if (moment === 'development renewal') await accounts.session(ada.id, undefined, 'dev');
  }
  if (people.includes('Grace')) {
    await accounts.login({ ...target, baseUrl: graces.baseUrl }, graces.apiKeyOf('Grace'));
  }
  accounts.dispose();
}

/** Moves the stored accounts to another instance, which has the fault. */
function move(secrets: MemorySecrets, from: string, to: string): void {
  const stored = [...secrets.stored];
  const moved = (text: string) => text.replaceAll(from, to).replaceAll(hostOf(from), hostOf(to));
  secrets.stored.clear();
  for (const [key, value] of stored) {
    secrets.stored.set(moved(key), moved(value));
  }
}

/** The stored records of Ada and Alan. */
async function readAll(secrets: MemorySecrets): Promise<ReadonlyMap<string, AccountRecord>> {
  const store = new AccountStore(secrets);
  const records = new Map<string, AccountRecord>();
  for (const id of await store.ids()) {
    const record = await store.read(id);
    if (record && record.account.user.id !== GRACE) records.set(id, record);
  }
  return records;
}

/** The tokens of Ada and Alan that Looker accepts. */
function valuesOf(looker: StandInLooker): readonly string[] {
  return looker.liveTokens().flatMap(({ userId, value }) => (userId === GRACE ? [] : value));
}

/** Checks that every failure is an expected one and names the instance where it happened. */
function assertSeen(sees: Sees, errors: readonly unknown[], baseUrl: string): void {
  if (sees === 'no error') {
    assert.deepEqual(errors, []);
    return;
  }
  assert.ok(errors.length > 0, 'the user is told nothing');
  const [wanted, sentence] = typeof sees === 'function' ? [sees, /./] : sees;
  for (const error of errors) {
    assert.ok(error instanceof Error, everythingIn(error));
    assert.equal(error.constructor.name, wanted.name, error.message);
    assert.match(error.message, sentence);
    if (!(error instanceof CanceledError)) assert.ok(error.message.includes(hostOf(baseUrl)));
  }
}

/** Checks that nothing was retried automatically, in particular no refused request. */
function assertAskedOnce(requests: readonly Request[]): void {
  const seen = requests.map(({ what }) => what);
  assert.deepEqual(seen, [...new Set(seen)], 'a request was made twice');
}

function assertDiscreet(texts: readonly string[], secrets: readonly string[]): void {
  for (const text of texts) {
    assert.ok(!secrets.some((secret) => text.includes(secret)), 'a secret is told');
  }
}

/** Everything that is visible when an error is logged or inspected. */
function everythingIn(error: unknown): string {
  return inspect(error, { depth: 10, showHidden: true });
}
