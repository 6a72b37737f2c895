// `npm run soak`: simulates hours of work in terminals within minutes, while everything goes wrong. Fails if a terminal
// gets another one's token, or if handles, tokens or memory are left over.
import { Agent, globalAgent, request } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { brokerUrl } from '../src/broker/environment';
import { StandInLooker, type FaultKind, type RecordedRequest } from '../test/standIn/standInLooker';
import { mintingOf, openBroker, type OpenBroker, type Who } from '../test/support/openBroker';

const USAGE = `Simulates terminals that work with a Looker that fails at random.

  npm run soak -- [options]

  --terminals <number>  number of terminals (10)
  --requests <number>   number of requests from all terminals (100000)
  --megabytes <number>  size of one result at the end (1024)
  --help                prints this text
`;

const MB = 2 ** 20;

/** Concurrent requests of each terminal. */
const AT_ONCE = 4;

/** How much memory may grow between the first fifth and the end. */
const MOST_GROWTH_MB = 15;

/** Additional memory that may be in use during a large result. */
const MOST_STREAM_MB = 150;

interface Terminal {
  readonly one: OpenBroker;
  readonly userId: string;
  readonly appId: string;
  readonly agent: Agent;
}

/** The counters. */
interface Tally {
  asked: number;
  answered: number;
  refused: number;
  brokenOff: number;
  /** Requests sent with another account's token, or with a response for another user. */
  mixedUp: number;
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      terminals: { type: 'string', default: '10' },
      requests: { type: 'string', default: '100000' },
      megabytes: { type: 'string', default: '1024' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(USAGE);
    return;
  }
  const handlesBefore = handles();
  const looker = await startLooker(Number(values.terminals));
  const owners = new Map<string, string>();
  const terminals = await Promise.all(
    Array.from({ length: Number(values.terminals) }, (_, i) => openTerminal(looker, i, owners)),
  );
  const tally: Tally = { asked: 0, answered: 0, refused: 0, brokenOff: 0, mixedUp: 0 };
  const memory: number[] = [];
  const most = Number(values.requests);
  const troubled = new AbortController();
  const trouble = makeTrouble(looker, troubled.signal);
  for (let step = 1; step <= 10; step++) {
    const until = (most * step) / 10;
    await Promise.all(
      terminals.flatMap((terminal) =>
        Array.from({ length: AT_ONCE }, () => work(terminal, tally, until)),
      ),
    );
    tally.mixedUp += countForeign(looker.requests as RecordedRequest[], owners);
    memory.push(memoryInUse());
    process.stdout.write(`${tally.asked} requests, ${memory.at(-1)?.toFixed(1)} MB\n`);
  }
  troubled.abort();
  await trouble;
  looker.clearFaults();
  const streamed = await stream(looker, terminals[0], Number(values.megabytes) * MB);
  await Promise.all(terminals.map(({ one }) => one.broker.close()));
  for (const { agent } of terminals) agent.destroy();
  const accounts = new Set(terminals.map(({ one }) => one.accountToken));
  const left = looker.liveTokens().filter(({ value }) => !accounts.has(value));
  await looker.stop();
  globalAgent.destroy();
  await wait(200);
  const growth = (memory.at(-1) ?? NaN) - (memory[1] ?? NaN);
  const found = {
    ...tally,
    tokensLeft: left.length,
    handlesLeft: handles() - handlesBefore,
    growthMb: Number(growth.toFixed(1)),
    streamedMb: streamed.bytes / MB,
    streamMemoryMb: Number(streamed.memory.toFixed(1)),
  };
  console.log(found);
  const isGood =
    found.mixedUp === 0 &&
    found.tokensLeft === 0 &&
    found.handlesLeft <= 0 &&
    found.growthMb < MOST_GROWTH_MB &&
    found.streamMemoryMb < MOST_STREAM_MB;
  if (!isGood) throw new Error('Something is left over, or went to another account.');
}

/** Has a user for each terminal, and tokens that are valid for seconds. */
function startLooker(count: number): Promise<StandInLooker> {
  const people = Array.from({ length: count }, (_, i) => ({
    id: i + 1,
    firstName: `User${i}`,
    lastName: 'Soak',
    roles: ['admin'] as const,
    apiKey: true,
  }));
  const acted = Array.from({ length: count }, (_, i) => ({
    id: 1000 + i,
    firstName: `Acted${i}`,
    lastName: 'Soak',
    roles: ['viewer'] as const,
  }));
  return StandInLooker.start({ people: [...people, ...acted], tokenLife: 20 });
}

/** Every third terminal acts as another user. @param owners the app ID of the terminal that each token is for */
async function openTerminal(
  looker: StandInLooker,
  i: number,
  owners: Map<string, string>,
): Promise<Terminal> {
  const isSudo = i % 3 === 2;
  const who: Who = { name: `User${i}`, ...(isSudo && { sudo: String(1000 + i) }) };
  const appId = `terminal-${i}`;
  const minting = await mintingOf(looker, who);
  const one = await openBroker(looker, who, {
    minting: {
      ...minting,
      mint: async (workspace) => {
        const lease = await minting.mint(workspace);
        if (lease) owners.set(lease.token, appId);
        return lease;
      },
    },
  });
  (one.log as string[]).push = () => 0;
  const userId = String(isSudo ? 1000 + i : i + 1);
  return { one, userId, appId, agent: new Agent({ keepAlive: true }) };
}

/** Acts as a program in a terminal until enough requests are sent. */
async function work(terminal: Terminal, tally: Tally, until: number): Promise<void> {
  let token = terminal.one.broker.address.accessToken;
  while (tally.asked < until) {
    const chance = Math.random();
    if (chance < 0.02) token = (await login(terminal, tally)) ?? token;
    else if (chance < 0.03) {
      await ask(
        terminal,
        tally,
        token,
        'PATCH',
        '/session',
        JSON.stringify({ workspace_id: 'dev' }),
      );
    } else if (chance < 0.04 && token !== terminal.one.broker.address.accessToken) {
      await ask(terminal, tally, token, 'DELETE', '/logout');
      token = terminal.one.broker.address.accessToken;
    } else if (chance < 0.05) await ask(terminal, tally, token, 'GET', '/user', undefined, 1);
    else if (chance < 0.06) await ask(terminal, tally, 'nobodys', 'GET', '/user');
    else await ask(terminal, tally, token, 'GET', '/user');
  }
}

async function login(terminal: Terminal, tally: Tally): Promise<string | undefined> {
  const { clientId, clientSecret } = terminal.one.broker.address;
  const form = new URLSearchParams({ client_id: clientId, client_secret: clientSecret });
  const reply = await ask(terminal, tally, '', 'POST', `/login?${form.toString()}`);
  return (reply as { access_token?: string } | undefined)?.access_token;
}

/** @param leaveAfterMs cancels the request after this time */
async function ask(
  { one, userId, appId, agent }: Terminal,
  tally: Tally,
  token: string,
  method: string,
  path: string,
  body?: string,
  leaveAfterMs?: number,
): Promise<unknown> {
  tally.asked += 1;
  const url = `${brokerUrl(one.broker.address)}/api/4.0${path}`;
  const headers = {
    Authorization: `token ${token}`,
    'x-looker-appid': appId,
    ...(body !== undefined && {
      'Content-Type': 'application/json',
      'Content-Length': body.length,
    }),
  };
  return new Promise((resolve) => {
    const sent = request(url, { method, headers, agent }, (response) => {
      let text = '';
      const status = response.statusCode ?? 0;
      response.on('data', (chunk) => (text += String(chunk)));
      response.once('close', () => {
        const reply = tryJson(text);
        if (!response.complete) tally.brokenOff += 1;
        else if (status < 300) tally.answered += 1;
        else tally.refused += 1;
        const id = (reply as { id?: string } | undefined)?.id;
        if (path === '/user' && id !== undefined && id !== userId) tally.mixedUp += 1;
        resolve(status === 200 ? reply : undefined);
      });
    });
    sent.once('error', () => {
      tally.brokenOff += 1;
      resolve(undefined);
    });
    if (leaveAfterMs !== undefined) setTimeout(() => sent.destroy(), leaveAfterMs);
    sent.end(body);
  });
}

function tryJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** Takes the requests away, and counts those with a token that is not the terminal's. */
function countForeign(requests: RecordedRequest[], owners: ReadonlyMap<string, string>): number {
  return requests
    .splice(0)
    .filter(({ headers }) => headers['x-looker-appid']?.includes('terminal-'))
    .filter(({ headers, token }) => owners.get(token ?? '') !== headers['x-looker-appid']).length;
}

/** Lets something go wrong every few ms, for some requests. Tokens can always be revoked: else they would be left. */
async function makeTrouble(looker: StandInLooker, signal: AbortSignal): Promise<void> {
  const kinds: readonly FaultKind[] = [
    { is: 'reset' },
    { is: 'reset', afterHeaders: true },
    { is: 'slow', ms: 50 },
    { is: 'html', status: 502 },
    { is: 'refusal', status: 401 },
    { is: 'refusal', status: 500 },
    { is: 'redirect', to: 'https://evil.example' },
    { is: 'rateLimited', retryAfter: '1' },
    { is: 'huge', bytes: MB },
    { is: 'text', status: 200, body: 'no JSON' },
  ];
  while (!signal.aborted) {
    const kind = kinds[Math.floor(Math.random() * kinds.length)];
    const path = Math.random() < 0.9 ? '/user' : '/login';
    // A refused login is not tried again for a minute, which is another test.
    const isRefusedLogin = path === '/login' && kind?.is === 'refusal';
    if (kind && !isRefusedLogin)
      looker.fault({ path, times: 1 + Math.floor(Math.random() * 5), kind });
    if (Math.random() < 0.05) {
      const [token] = looker.liveTokens().slice(-1);
      if (token && Math.random() < 0.2) looker.revokeToken(token.value);
    }
    if (Math.random() < 0.1) looker.clearFaults();
    await wait(20);
  }
}

/** One large result, and the most memory it takes on the way. */
async function stream(
  looker: StandInLooker,
  terminal: Terminal | undefined,
  bytes: number,
): Promise<{ readonly bytes: number; readonly memory: number }> {
  if (!terminal) throw new Error('There is no terminal.');
  looker.fault({ path: '/user', times: 1, kind: { is: 'huge', bytes } });
  const { address } = terminal.one.broker;
  const before = memoryInUse();
  let [read, memory] = [0, 0];
  await new Promise<void>((resolve, reject) => {
    const headers = { Authorization: `token ${address.accessToken}` };
    const sent = request(`${brokerUrl(address)}/api/4.0/user`, { headers }, (response) => {
      response.on('data', (chunk: Buffer) => {
        read += chunk.length;
        const { heapUsed, external } = process.memoryUsage();
        memory = Math.max(memory, (heapUsed + external) / MB - before);
      });
      response.once('end', resolve).once('error', reject);
    });
    sent.once('error', reject).end();
  });
  if (read !== bytes) throw new Error(`${read} bytes have come, not ${bytes}.`);
  return { bytes: read, memory };
}

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** In MB, after what nobody needs is gone. */
function memoryInUse(): number {
  collectGarbage();
  const { heapUsed, external } = process.memoryUsage();
  return (heapUsed + external) / MB;
}

/** Sockets, servers and timers. */
function handles(): number {
  return process.getActiveResourcesInfo().filter((name) => /TCP|Server|Timeout/.test(name)).length;
}

main().catch((error: unknown) => {
  process.stderr.write(
    `${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
  );
  // Whatever is left would keep it alive.
  process.exit(1);
});
