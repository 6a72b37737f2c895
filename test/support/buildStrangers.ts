import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';

import { isBuilt, ROOT } from './buildExtension';
import { bundleForHost } from './bundleForHost';

/** How many there are. Each can be used once, until the user has allowed it something. */
const COUNT = 5;

const NAMES = Array.from({ length: COUNT }, (_, index) => `stranger-${index + 1}`);
const FOLDER = path.join(ROOT, 'out', 'strangers');

/** Extensions that the user hasn't allowed anything, once they are built: absolute paths. */
export const STRANGERS = NAMES.map((name) => path.join(FOLDER, name));

export async function buildStrangers(): Promise<void> {
  if (isBuilt) return;
  await rm(FOLDER, { recursive: true, force: true });
  for (const [index, folder] of STRANGERS.entries()) {
    await mkdir(folder, { recursive: true });
    const manifest = {
      name: NAMES[index],
      publisher: 'looker-test',
      version: '0.0.1',
      engines: { vscode: '^1.105.0' },
      main: './extension.js',
      extensionDependencies: ['looker-auth.looker-auth'],
    };
    await writeFile(path.join(folder, 'package.json'), JSON.stringify(manifest));
    const source = path.join(ROOT, 'test', 'host', 'stranger', 'extension.ts');
    await bundleForHost(source, path.join(folder, 'extension.js'));
  }
}
