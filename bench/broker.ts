// How much time the broker adds to a terminal's requests.
import { Agent, request } from 'node:http';
import { brokerUrl } from '../src/broker/environment';
import { startBroker } from './brokerProcess';
import { LATENCY_MS } from './concurrentSessions';
import { startLooker } from './lookerProcess';
import type { Bench } from './row';
import { median, rounded, summary, timed, times } from './statistics';

/** Pairs of a direct request and one through the broker. */
const RUNS = 400;
const WARM_UP = 100;
const AT_ONCE = 64;
/** Pairs of {@link AT_ONCE} concurrent requests. */
const CROWDS = 20;
/** Requests that each concurrent client sends, one after the other. */
const ROUNDS = 8;
const MOST_ADDED_MS = 2;
/** Concurrent requests may take at most this many times as long through the broker. */
const MOST_TIMES = 1.3;
/** CPU time that the broker may use per request, so that concurrent requests stay within {@link MOST_TIMES}. */
const MOST_CPU_MS = ((MOST_TIMES - 1) * LATENCY_MS) / AT_ONCE;

export const broker: Bench = async () => {
  const looker = await startLooker();
  const { baseUrl, key } = looker;
  const { address, cpu, stop } = await startBroker(baseUrl, key);
  const agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE });
  try {
    const form = new URLSearchParams({ client_id: key.clientId, client_secret: key.clientSecret });
    const login = await fetch(`${baseUrl}/api/4.0/login`, { method: 'POST', body: form });
    const { access_token: token } = (await login.json()) as { access_token: string };
    const bare = () => ask(agent, baseUrl, token);
    const ours = () => ask(agent, brokerUrl(address), address.accessToken);
    const pairs = await inPairs(RUNS, bare, ours);
    const added = median(pairs.map(({ ours, bare }) => ours - bare));
    const atOnce = (work: () => Promise<unknown>) => () => manyAtOnce(work);
    const crowds = await inPairs(CROWDS, atOnce(bare), atOnce(ours));
    const cpuPerRequest = await perRequest(cpu, atOnce(ours));
    await looker.tell(`slow ${LATENCY_MS}`);
    const afar = await inPairs(CROWDS, atOnce(bare), atOnce(ours));
    return [
      {
        what: `Request through a terminal's broker, with a Looker on this machine that responds at once`,
        ours: `${summary(
          pairs.map(({ ours }) => ours),
          'ms',
        )}, ${rounded(added)} ms more`,
        against: `directly: ${summary(
          pairs.map(({ bare }) => bare),
          'ms',
        )}`,
        goal: `≤ ${MOST_ADDED_MS} ms more`,
        met: added <= MOST_ADDED_MS,
      },
      ...[
        { pairs: afar, where: `that takes ${LATENCY_MS} ms per request`, most: MOST_TIMES },
        { pairs: crowds, where: 'on this machine that responds at once', most: undefined },
      ].map(({ pairs, where, most }) => {
        const ratio = median(pairs.map(({ ours, bare }) => ours / bare));
        return {
          what: `${AT_ONCE * ROUNDS} requests through a terminal's broker, ${AT_ONCE} at a time, with a Looker ${where}`,
          ours: `${summary(
            pairs.map(({ ours }) => ours),
            'ms',
          )}, ${times(ratio)}`,
          against: `directly: ${summary(
            pairs.map(({ bare }) => bare),
            'ms',
          )}`,
          goal: most === undefined ? 'none: both use the whole machine' : `≤ ${most} ×`,
          met: most === undefined || ratio <= most,
        };
      }),
      {
        what: `Request through a terminal's broker, ${AT_ONCE} at a time: CPU time of the window for it`,
        ours: `${rounded(cpuPerRequest)} ms`,
        against: '–',
        goal: `≤ ${rounded(MOST_CPU_MS)} ms`,
        met: cpuPerRequest <= MOST_CPU_MS,
      },
    ];
  } finally {
    agent.destroy();
    stop();
    looker.stop();
  }
};

/** CPU ms per concurrent request. Unlike elapsed time, it hardly depends on what else the machine does. */
async function perRequest(cpu: () => Promise<number>, crowd: () => Promise<void>) {
  const before = await cpu();
  for (let i = 0; i < CROWDS; i++) await crowd();
  return ((await cpu()) - before) / (CROWDS * AT_ONCE * ROUNDS);
}

async function inPairs(runs: number, bare: () => Promise<unknown>, ours: () => Promise<unknown>) {
  const warmUp = Math.min(WARM_UP, runs);
  const pairs: { ours: number; bare: number }[] = [];
  for (let i = 0; i < runs + warmUp; i++) {
    const pair = { bare: await timed(bare), ours: await timed(ours) };
    if (i >= warmUp) pairs.push(pair);
  }
  return pairs;
}

async function manyAtOnce(work: () => Promise<unknown>): Promise<void> {
  const one = async () => {
    for (let i = 0; i < ROUNDS; i++) await work();
  };
  await Promise.all(Array.from({ length: AT_ONCE }, one));
}

/** Sends one bare `GET /user` on a kept-alive connection. */
function ask(agent: Agent, url: string, token: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const headers = { Authorization: `token ${token}` };
    const sent = request(`${url}/api/4.0/user`, { agent, headers }, (response) => {
      response.resume().once('end', () => {
        if (response.statusCode === 200) resolve();
        else reject(new Error(`HTTP ${response.statusCode ?? ''}`));
      });
    });
    sent.once('error', reject).end();
  });
}
