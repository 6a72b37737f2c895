// 1,000 extensions request a session at once, after the token has expired.
import fetch from 'node-fetch';
import { openAccounts } from '../test/support/openAccounts';
import { lookerApi } from '../test/support/lookerApi';
import { MemoryMemento } from '../test/support/memoryMemento';
import { MemorySecrets } from '../test/support/memorySecrets';
import { officialSdk, silenceSdk } from '../test/support/officialSdk';
import { StandInLooker } from '../test/standIn/standInLooker';
import { Clock, serverClocks } from '../src/looker/clock';
import type { Bench } from './row';
import { median, summary, timed, times } from './statistics';

const AT_ONCE = 1000;
/** Pairs of a bare login and ours. The SDK runs afterwards, since it keeps the machine busy for seconds. */
const RUNS = 25;
const SDK_RUNS = 3;
const HOUR_MS = 60 * 60_000;

/** How long a remote Looker instance takes for a login, in ms. */
export const LATENCY_MS = 50;

/** Logins sent in a run, and ms until the last response. */
interface Run {
  readonly logins: number;
  readonly ms: number;
}

export interface ConcurrentSessions {
  readonly ours: readonly Run[];
  readonly sdks: readonly Run[];
  /** Ms for one bare login. */
  readonly bare: readonly number[];
}

/** Measures a bare login before each of our runs, and then the SDK. */
export async function measureConcurrentSessions(
  runs: number,
  sdkRuns = 0,
): Promise<ConcurrentSessions> {
  const looker = await StandInLooker.start();
  const letSpeak = silenceSdk();
  try {
    const key = looker.apiKeyOf('Ada');
    /** How far the clock is set ahead, so that tokens expire. */
    let ahead = 0;
    const clock = new Clock(
      () => Date.now() + ahead,
      () => performance.now() + ahead,
    );
    const serverClock = serverClocks(clock);
    const accounts = await openAccounts(new MemorySecrets(), new MemoryMemento(), {
      clock,
      serverClock,
      connect: (baseUrl) => lookerApi(baseUrl, { clock, serverClock: serverClock(baseUrl) }),
    });
    const { id } = await accounts.login({ baseUrl: looker.baseUrl, apiVersion: '4.0' }, key);
    const { sdk, session } = officialSdk(looker.baseUrl, key);
    looker.fault({ kind: { is: 'slow', ms: LATENCY_MS } });

    const login = () => looker.requests.filter(({ path }) => path.endsWith('/login')).length;
    const run = async (ask: () => Promise<unknown>): Promise<Run> => {
      const before = login();
      const ms = await timed(() => Promise.all(Array.from({ length: AT_ONCE }, ask)));
      return { logins: login() - before, ms };
    };
    const bareLogin = async () => {
      const body = new URLSearchParams({
        client_id: key.clientId,
        client_secret: key.clientSecret,
      });
      await (await fetch(`${looker.baseUrl}/api/4.0/login`, { method: 'POST', body })).json();
    };
    await bareLogin();

    const ours: Run[] = [];
    const sdks: Run[] = [];
    const bare: number[] = [];
    while (ours.length < runs) {
      ahead += 2 * HOUR_MS;
      bare.push(await timed(bareLogin));
      ours.push(await run(() => accounts.session(id)));
    }
    while (sdks.length < sdkRuns) {
      session.reset();
      sdks.push(await run(() => sdk.ok(sdk.me())));
    }
    accounts.dispose();
    return { ours, sdks, bare };
  } finally {
    letSpeak();
    await looker.stop();
  }
}

export const concurrentSessions: Bench = async () => {
  const { ours, sdks, bare } = await measureConcurrentSessions(RUNS, SDK_RUNS);
  const most = Math.max(...ours.map(({ logins }) => logins));
  const ratio = median(ours.map(({ ms }, i) => ms / (bare[i] ?? NaN)));
  const what = `${AT_ONCE} concurrent \`getSession\`, token expired`;
  return [
    {
      what: `${what}: logins sent`,
      ours: String(most),
      against: `\`@looker/sdk-node\`, ${AT_ONCE} concurrent \`me()\`: ${median(sdks.map(({ logins }) => logins))}`,
      goal: '1',
      met: most === 1,
    },
    {
      what: `${what}: time until the last response, with a Looker that takes ${LATENCY_MS} ms`,
      ours: `${summary(
        ours.map(({ ms }) => ms),
        'ms',
      )}, ${times(ratio)}`,
      against: `one bare login: ${summary(bare, 'ms')}; the SDK: ${summary(
        sdks.map(({ ms }) => ms),
        'ms',
      )}`,
      goal: '≤ 1.2 × the bare login',
      met: ratio <= 1.2,
    },
  ];
};
