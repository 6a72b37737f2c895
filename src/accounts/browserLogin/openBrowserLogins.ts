import { randomUUID } from 'node:crypto';
import os from 'node:os';
import path from 'node:path';
import type { Log } from '../../base/log';
import { BrowserLogins } from './browserLogins';
import { RenewalTurns } from './renewalTurns';
import type { Owner } from './turn';
import { TurnFiles } from './turnFiles';

export interface TurnsOptions {
  /** The folder for this extension's files (`globalStorageUri`). */
  readonly storagePath: string;
  readonly uptime: () => number;
  readonly pause: (ms: number) => Promise<unknown>;
  readonly timeoutMs: () => number;
  readonly log: Log;
}

/** Creates browser logins that all windows of this machine take turns to renew. */
export function openBrowserLogins({ storagePath, ...options }: TurnsOptions): BrowserLogins {
  const owner: Owner = { host: os.hostname(), pid: process.pid, run: randomUUID() };
  const folder = path.join(sharedByProfiles(storagePath), 'browserLogins');
  const isAlive = (other: Owner) => (other.host === owner.host ? isRunning(other.pid) : undefined);
  const turns = new RenewalTurns({ ...options, owner, isAlive, turns: new TurnFiles(folder) });
  return new BrowserLogins(turns);
}

/**
 * Each profile of VS Code has its own folder for extensions (`globalStorageHome` in its `userDataProfile.ts`), but all
 * profiles share one secret storage. So they must take turns in the same folder, that of the default profile.
 */
export function sharedByProfiles(storagePath: string): string {
  return storagePath.replace(
    /([\\/])profiles[\\/][^\\/]+[\\/](globalStorage[\\/][^\\/]+[\\/]?)$/,
    '$1$2',
  );
}

/** Signal 0 only checks. A process of another user counts as running. */
function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
