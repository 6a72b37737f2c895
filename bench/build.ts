import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
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
  const folder = path.join(ROOT, 'out', 'bench');
  mkdirSync(folder, { recursive: true });
  rmSync(path.join(ROOT, 'dist'), { recursive: true, force: true }); // no file of an earlier build counts
  const METAFILE = path.join(folder, 'metafile.json');
  const keep = path.join(ROOT, 'bench', 'keepMetafile.cjs');
  execFileSync(
    process.execPath,
    ['--require', keep, path.join(ROOT, 'esbuild.js'), '--production'],
    {
      cwd: ROOT,
      env: { ...process.env, METAFILE },
      stdio: ['ignore', 'ignore', 'inherit'],
    },
  );
  return (built = JSON.parse(readFileSync(METAFILE, 'utf8')) as Metafile);
}
