// A stand-in Looker in its own process, like a real one, so that its work doesn't count as the client's time.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import type { ApiKey } from '../src/looker/api/lookerApi';
import { ROOT } from '../test/support/buildExtension';

export interface LookerProcess {
  readonly baseUrl: string;
  readonly key: ApiKey;
  /** Sends it a command that causes a fault, as typed into `npm run looker`. */
  readonly tell: (command: string) => Promise<void>;
  readonly stop: () => void;
}

export async function startLooker(): Promise<LookerProcess> {
  const script = path.join(ROOT, 'scripts', 'looker.ts');
  const child = spawn(process.execPath, ['--import', 'tsx', script, '--port', '0', '--json']);
  const [printed] = (await once(child.stdout, 'data')) as [Buffer];
  const { baseUrl, apiKeys } = JSON.parse(String(printed)) as {
    baseUrl: string;
    apiKeys: readonly [ApiKey];
  };
  return {
    baseUrl,
    key: apiKeys[0],
    tell: async (command) => {
      child.stdin.write(`${command}\n`);
      await once(child.stderr, 'data');
    },
    stop: () => void child.kill(),
  };
}
