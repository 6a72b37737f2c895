import path from 'node:path';

import { isBuilt, ROOT } from './buildExtension';
import { run } from './command';

/** The extension that shows authors how: absolute path. */
export const EXAMPLE = path.join(ROOT, 'examples', 'looker-whoami');

/** Builds it as its authors do. */
export async function buildExample(): Promise<void> {
  if (isBuilt) return;
  await run('npm', ['run', 'build'], { cwd: EXAMPLE });
}
