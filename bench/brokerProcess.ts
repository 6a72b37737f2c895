// A broker in its own process, like the extension host: `startBroker` starts it, and it sends its address.
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
  /** CPU ms that it has used so far, on all cores. */
  readonly cpu: () => Promise<number>;
  readonly stop: () => void;
}

/** Starts a broker for the user with this API key. */
export async function startBroker(baseUrl: string, key: ApiKey): Promise<BrokerProcess> {
  const child = spawn(process.execPath, ['--import', 'tsx', FILE, baseUrl, JSON.stringify(key)], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const [address] = (await once(child, 'message')) as [Address];
  return {
    address,
    cpu: async () => {
      child.send('cpu');
      return ((await once(child, 'message')) as [number])[0];
    },
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
  process.send?.(broker.address);
  process.on('message', () => {
    const { user, system } = process.cpuUsage();
    process.send?.((user + system) / 1000);
  });
}

const [, script, baseUrl, key] = process.argv;
if (script === FILE && baseUrl !== undefined && key !== undefined) {
  void run(baseUrl, JSON.parse(key) as ApiKey);
}
