import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Metafile } from 'esbuild';
import { ROOT } from '../test/support/buildExtension';

/** The output folder, relative to the repository. Not dist/, since a running VS Code may use that. */
export const FOR_USERS = 'out/forUsers';

let built: Metafile | undefined;

/**
 * Bundles the extension as users get it, minified, once.
 * @returns the inputs and outputs
 */
export function buildForUsers(): Metafile {
  if (built) return built;
  execFileSync(process.execPath, ['esbuild.js', '--production', '--outdir', FOR_USERS], {
    cwd: ROOT,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const text = readFileSync(path.join(ROOT, FOR_USERS, 'meta.json'), 'utf8');
  return (built = JSON.parse(text) as Metafile);
}
