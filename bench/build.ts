import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Metafile } from 'esbuild';
import { ROOT } from '../test/support/buildExtension';

let built: Metafile | undefined;

/**
 * Bundles the extension into dist/ as users get it, minified, once.
 * @returns what went into it
 */
export function buildForUsers(): Metafile {
  if (built) return built;
  execFileSync(process.execPath, ['esbuild.js', '--production'], {
    cwd: ROOT,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const text = readFileSync(path.join(ROOT, 'dist', 'meta.json'), 'utf8');
  return (built = JSON.parse(text) as Metafile);
}
