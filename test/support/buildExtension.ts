import path from 'node:path';

import { run } from './command';

/** The repository, which is also the folder of the extension: absolute path. */
export const ROOT = path.resolve(__dirname, '..', '..');

/** The variable that says that all there is to build for the tests is built: whoever runs at the same time uses it. */
export const BUILT = 'LOOKER_TEST_BUILT';
export const isBuilt = process.env[BUILT] === 'yes';

/** Bundles the extension into dist/, from which every VS Code here loads it. */
export async function buildExtension(): Promise<void> {
  if (isBuilt) return;
  await run(process.execPath, ['esbuild.js'], { cwd: ROOT });
}
