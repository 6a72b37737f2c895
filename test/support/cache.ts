import { mkdir, mkdtemp, readdir, rename, rm, stat } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

const ABANDONED_MS = 24 * 60 * 60 * 1000;
const PARTIAL = '.partial-';

/** Where downloads are stored between runs: outside of node_modules, which `npm ci` empties. */
export const cacheFolder =
  process.env['LOOKER_AUTH_CACHE'] ?? path.join(platformCache(), 'looker-auth');

/**
 * The folder `name` of the cache, filled by `install` the first time. It appears as a whole or not at all, so processes
 * that install at the same time don't interfere: the first to finish wins.
 */
export async function installOnce(
  name: string,
  install: (folder: string) => Promise<void>,
): Promise<string> {
  const folder = path.join(cacheFolder, name);
  if (existsSync(folder)) return folder;

  await mkdir(cacheFolder, { recursive: true });
  await removeAbandoned();
  const partial = await mkdtemp(path.join(cacheFolder, name + PARTIAL));
  try {
    await install(partial);
    await rename(partial, folder).catch((error: unknown) => {
      if (!existsSync(folder)) throw error;
    });
  } finally {
    await rm(partial, { recursive: true, force: true });
  }
  return folder;
}

/** Removes what an interrupted installation left behind. */
async function removeAbandoned(): Promise<void> {
  for (const name of await readdir(cacheFolder)) {
    if (!name.includes(PARTIAL)) continue;
    const partial = path.join(cacheFolder, name);
    const { mtimeMs } = await stat(partial);
    if (Date.now() - mtimeMs > ABANDONED_MS) await rm(partial, { recursive: true, force: true });
  }
}

function platformCache(): string {
  if (process.platform === 'darwin') return path.join(os.homedir(), 'Library', 'Caches');
  const named = process.env[process.platform === 'win32' ? 'LOCALAPPDATA' : 'XDG_CACHE_HOME'];
  return named ?? path.join(os.homedir(), '.cache');
}
