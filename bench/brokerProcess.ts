// A broker in a process of its own, as the extension host is one: `startBroker` runs it, and it prints its address.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { Broker } from '../src/broker/broker';
import type { Address } from '../src/broker/environment';
import type { ApiKey } from '../src/looker/api/lookerApi';
import { lookerApi } from '../test/support/lookerApi';
import { streamFor } from '../test/support/nodeFetch';

export interface BrokerProcess {
  readonly address: Address;
  readonly stop: () => void;
}

/** A broker for whoever has this API key. */
export async function startBroker(baseUrl: string, key: ApiKey): Promise<BrokerProcess> {
  const child = spawn(process.execPath, ['--import', 'tsx', FILE, baseUrl, JSON.stringify(key)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [printed] = (await once(child.stdout, 'data')) as [Buffer];
  return {
    address: JSON.parse(String(printed)) as Address,
    stop: () => void child.kill(),
  };
}

const FILE = fileURLToPath(import.meta.url);

async function run(baseUrl: string, key: ApiKey): Promise<void> {
  const api = lookerApi(baseUrl);
  const mint = async () => {
    const { value, expiresAt } = await api.login(key);
    return { token: value, timeLeft: () => expiresAt - Date.now() };
  };
  const broker = await Broker.open({
    instance: { baseUrl, plainHttp: false, fetch: streamFor(baseUrl) },
    minting: {
      mint,
      shared: mint,
      rejected: () => Promise.resolve(),
      revoke: (token) => api.logout(token),
    },
    log: { info: () => undefined, warn: () => undefined },
    apiVersion: '4.0',
    steady: () => performance.now(),
  });
  console.log(JSON.stringify(broker.address));
}

const [, script, baseUrl, key] = process.argv;
if (script === FILE && baseUrl !== undefined && key !== undefined) {
  void run(baseUrl, JSON.parse(key) as ApiKey);
}
