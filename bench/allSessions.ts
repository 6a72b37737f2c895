// Another extension requests all sessions, and all of them are valid.
import { openAccounts } from '../test/support/openAccounts';
import { MemoryMemento } from '../test/support/memoryMemento';
import { MemorySecrets } from '../test/support/memorySecrets';
import { waitForWorkbench } from '../test/support/workbench';
import type { Session } from '../src/accounts/session';
import { fill } from './host/fill';
import { onMachine } from './host/onMachine';
import type { Sessions } from './host/probe';
import type { Bench } from './row';
import { median, summary, timed, times } from './statistics';
import { storeAccounts } from './storedAccounts';

const STORED = 100;
const CALLS = 5000;
const WARM_UP = 500;

/** Counts the reads. */
class CountedSecrets extends MemorySecrets {
  reads = 0;

  override get(key: string): Promise<string | undefined> {
    this.reads++;
    return super.get(key);
  }

  override keys(): Promise<string[]> {
    this.reads++;
    return super.keys();
  }
}

export interface AllSessions {
  /** Ms per call: in the core, and for the same sessions in a bare `Map`. */
  readonly ours: readonly number[];
  readonly map: readonly number[];
  /** Secrets read and connections to Looker opened by all calls. */
  readonly reads: number;
  readonly connections: number;
}

/** Requests sessions as the authentication provider does. */
export async function measureAllSessions(calls: number): Promise<AllSessions> {
  const secrets = new CountedSecrets();
  const memento = new MemoryMemento();
  await storeAccounts({ secrets, memento: memento.openWindow() }, STORED);
  let connections = 0;
  const accounts = await openAccounts(secrets, memento, {
    renewal: () => 'background',
    connect: () => {
      connections++;
      throw new Error('Nobody needs to ask Looker anything.');
    },
  });
  const sessions = new Map(
    accounts.list.map(({ id }): [string, Session | undefined] => [id, accounts.peek(id)]),
  );
  const ids = [...sessions.keys()];
  await accounts.catchUp(); // Wait for the background work that opening started.
  secrets.reads = 0;
  const ours: number[] = [];
  const map: number[] = [];
  for (let call = -WARM_UP; call < calls; call++) {
    const our = await timed(() => Promise.all(accounts.list.map(({ id }) => accounts.session(id))));
    const bare = await timed(() => Promise.resolve(ids.map((id) => sessions.get(id))));
    if (call < 0) continue;
    ours.push(our);
    map.push(bare);
  }
  accounts.dispose();
  return { ours, map, reads: secrets.reads, connections };
}

export const allSessions: Bench = async () => {
  const { ours, map, reads, connections } = await measureAllSessions(CALLS);
  const inHost = await measureInHost();
  const middle = median(ours);
  const overhead = median(inHost.trivial);
  return [
    {
      what: `\`getSessions\`, ${STORED} accounts stored, all valid: in the core`,
      ours: summary(ours, 'ms'),
      against: `${STORED} reads of a bare \`Map\`: ${summary(map, 'ms')}`,
      goal: 'median < 0.2 ms',
      met: middle < 0.2,
    },
    {
      what: `\`getSessions\`, ${STORED} accounts: secrets read and requests made after the start`,
      ours: `core: ${reads} and ${connections}; host: ${inHost.reads} and ${inHost.requests}`,
      against: '–',
      goal: '0 and 0',
      met: reads + connections + inHost.reads + inHost.requests === 0,
    },
    {
      what: `\`getSessions\`, ${inHost.found} accounts: the provider itself, in the host`,
      ours: summary(inHost.provider, 'ms'),
      against: `VS Code's own share of \`getSession\`: ${summary(inHost.trivial, 'ms')}`,
      goal: 'less than that',
      met: median(inHost.provider) < overhead,
    },
    {
      what: `\`vscode.authentication.getSession\`, ${inHost.found} accounts`,
      ours: `${summary(inHost.host, 'ms')}, ${times(median(inHost.host) / overhead)}`,
      against: `a provider that has its ${inHost.found} sessions ready: ${summary(inHost.trivial, 'ms')}`,
      goal: '≤ 2 ×',
      met: median(inHost.host) <= 2 * overhead,
    },
  ];
};

function measureInHost(): Promise<Sessions> {
  return onMachine(async (machine, copy) => {
    await fill(machine, copy, 1, STORED);
    await copy.becomeProbed('sessions');
    await waitForWorkbench(await machine.openWindow());
    const { sessions } = await copy.report();
    if (!sessions) throw new Error('The probe has not asked for sessions.');
    return sessions;
  });
}
