import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

import { atExit } from '../support/atExit';
import { buildExample, EXAMPLE } from '../support/buildExample';
import { ROOT } from '../support/buildExtension';
import { run } from '../support/command';

const TSX = require.resolve('tsx/cli');
const VSCE = require.resolve('@vscode/vsce/vsce');

/** A .vsix, and what was printed while it was made. */
export interface Package {
  /** Absolute path, outside the repository. */
  readonly file: string;
  readonly output: string;
}

/** The extension as `npm run package` makes it; made once. */
export const packageExtension = once(() => packageRepository(ROOT));

/** Another author's extension, made with vsce alone; made once. */
export const packageExample = once(async () => {
  await buildExample();
  const file = newFile('looker-whoami.vsix');
  const flags = ['--no-dependencies', '--allow-missing-repository', '--no-rewrite-relative-links'];
  const args = [VSCE, 'package', ...flags, '--skip-license', '--out', file];
  return { file, output: await run(process.execPath, args, { cwd: EXAMPLE }) };
});

/** Packages the repository at `root`, with these changes to the environment. */
export async function packageRepository(root: string, env?: NodeJS.ProcessEnv): Promise<Package> {
  const file = newFile('looker-auth.vsix');
  const args = [TSX, path.join('scripts', 'package.ts'), file];
  const output = await run(process.execPath, args, { cwd: root, env: { ...process.env, ...env } });
  return { file, output };
}

/** Builds it in a separate temporary folder. */
function newFile(name: string): string {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'looker-auth-package-'));
  atExit(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  return path.join(folder, name);
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => (made ??= make());
}
