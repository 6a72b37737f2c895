import path from 'node:path';

import { isBuilt, ROOT } from './buildExtension';
import { run } from './command';

/** The example extension for authors: absolute path. */
export const EXAMPLE = path.join(ROOT, 'examples', 'looker-whoami');

/** Builds it like its authors do. */
export async function buildExample(): Promise<void> {
  if (isBuilt) return;
  await run('npm', ['run', 'build'], { cwd: EXAMPLE });
}
