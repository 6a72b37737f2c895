// How much longer a login takes than its two requests.
import { setTimeout as rest } from 'node:timers/promises';
import fetch from 'node-fetch';
import { openAccounts } from '../test/support/openAccounts';
import { MemoryMemento } from '../test/support/memoryMemento';
import { MemorySecrets } from '../test/support/memorySecrets';
import { USER_FIELDS } from '../src/looker/api/user';
import { LATENCY_MS } from './concurrentSessions';
import { startLooker } from './lookerProcess';
import type { Bench } from './row';
import { median, summary, timed, times } from './statistics';

/** Pairs of the two bare requests and a whole login. */
const RUNS = 100;
const WARM_UP = 30;

/** Time to clean up connections after a response, so that it doesn't count towards the next login. */
const REST_MS = 5;

export const login: Bench = async () => {
  const { baseUrl, key, tell, stop } = await startLooker();
  try {
    const target = { baseUrl, apiVersion: '4.0' } as const;
    const accounts = await openAccounts(new MemorySecrets(), new MemoryMemento());
    const bare = async () => {
      const body = new URLSearchParams({
        client_id: key.clientId,
        client_secret: key.clientSecret,
      });
      const login = await fetch(`${baseUrl}/api/4.0/login`, { method: 'POST', body });
      const { access_token } = (await login.json()) as { access_token: string };
      const headers = { Authorization: `token ${access_token}` };
      await (await fetch(`${baseUrl}/api/4.0/user?fields=${USER_FIELDS}`, { headers })).json();
    };
    const whole = () => accounts.login(target, key);
    /** Makes each login start logged out: a login over another one keeps the earlier tokens. */
    const logOut = () => accounts.logout(accounts.ids);
    const measure = async (runs: number) => {
      const pairs: { ours: number; bare: number }[] = [];
      while (pairs.length < runs) {
        const first = await timed(bare);
        await rest(REST_MS);
        pairs.push({ bare: first, ours: await timed(whole) });
        await logOut();
        await rest(REST_MS);
      }
      return pairs;
    };
    await measure(WARM_UP);
    const onLoopback = await measure(RUNS);
    await tell(`slow ${LATENCY_MS}`);
    const afar = await measure(RUNS);
    accounts.dispose();
    return [
      { pairs: onLoopback, where: 'on this machine, which responds at once' },
      { pairs: afar, where: `that takes ${LATENCY_MS} ms per request` },
    ].map(({ pairs, where }) => {
      const ratio = median(pairs.map(({ ours, bare }) => ours / bare));
      return {
        what: `Login, wall time, with a Looker ${where}`,
        ours: `${summary(
          pairs.map(({ ours }) => ours),
          'ms',
        )}, ${times(ratio)}`,
        against: `bare \`node-fetch\`, POST /login and GET /user: ${summary(
          pairs.map(({ bare }) => bare),
          'ms',
        )}`,
        goal: '≤ 1.15 ×',
        met: ratio <= 1.15,
      };
    });
  } finally {
    stop();
  }
};
