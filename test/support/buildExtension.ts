import path from 'node:path';

import { run } from './command';

/** The repository, which is also the folder of the extension: absolute path. */
export const ROOT = path.resolve(__dirname, '..', '..');

/** The environment variable that says that everything the tests need is built, so that parallel runs share it. */
export const BUILT = 'LOOKER_TEST_BUILT';
export const isBuilt = process.env[BUILT] === 'yes';

/** Bundles the extension into dist/, from which every VS Code here loads it. */
export async function buildExtension(): Promise<void> {
  if (isBuilt) return;
  await run(process.execPath, ['esbuild.js'], { cwd: ROOT });
}
