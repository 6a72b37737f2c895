import path from 'node:path';

import { run } from './command';

/** The repository, which is also the folder of the extension: absolute path. */
export const ROOT = path.resolve(__dirname, '..', '..');

/** Bundles the extension into dist/, from which all VS Codes here load it. */
export async function buildExtension(): Promise<void> {
  await run(process.execPath, ['esbuild.js'], { cwd: ROOT });
}
