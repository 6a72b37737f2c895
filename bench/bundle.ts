// How much code users download, and how much of it a window loads.
import { statSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { ROOT } from '../test/support/buildExtension';
import { installVsCode } from '../test/support/vscodeInstall';
import { waitForWorkbench } from '../test/support/workbench';
import { buildForUsers, FOR_USERS } from './build';
import { onMachine } from './host/onMachine';
import type { Bench } from './row';

/** Size of all files that users download. */
export function bundledBytes(): number {
  return sizeOf(Object.keys(buildForUsers().outputs));
}

/** Size of the files that a window loads when it starts. */
export function startBytes(): number {
  return sizeOf(startFiles().map((name) => `${FOR_USERS}/${name}`));
}

/** Names of the files that a window loads when it starts: the main file, and everything it imports. */
export function startFiles(): readonly string[] {
  const { outputs } = buildForUsers();
  const files = new Set([`${FOR_USERS}/extension.mjs`]);
  // The loop also visits files added during it.
  for (const file of files) {
    for (const { path: imported, kind, external } of outputs[file]?.imports ?? []) {
      if (kind === 'import-statement' && external !== true) files.add(imported);
    }
  }
  return [...files].map((file) => path.basename(file));
}

function sizeOf(files: readonly string[]): number {
  return files.reduce((sum, file) => sum + statSync(path.join(ROOT, file)).size, 0);
}

/** Packages with two versions or copies in the bundle, and files that are in it twice. */
export function twice(): readonly string[] {
  const { outputs } = buildForUsers();
  /** Places of each package, and of each file. */
  const places = new Map<string, Set<string>>();
  const note = (name: string, place: string) => {
    places.set(name, (places.get(name) ?? new Set()).add(place));
  };
  for (const [output, { inputs }] of Object.entries(outputs)) {
    for (const [input, { bytesInOutput }] of Object.entries(inputs)) {
      if (bytesInOutput === 0) continue;
      note(input, output);
      const [, folder = '', name] = /^(.*node_modules\/)((?:@[^/]+\/)?[^/]+)\//.exec(input) ?? [];
      if (name) note(name, folder);
    }
  }
  return [...places].filter(([, { size }]) => size > 1).map(([name]) => name);
}

export const bundle: Bench = async () => {
  const inAll = bundledBytes() / 1000;
  const loaded =
    Object.values(await loadedByWindow()).reduce((sum, bytes) => sum + bytes, 0) / 1000;
  const githubs = (await githubsBytes()) / 1000;
  const doubled = twice();
  return [
    {
      what: 'Bundle, minified: files that a window loads at the start',
      ours: `${loaded.toFixed(1)} kB`,
      against: `vscode.github-authentication: ${githubs.toFixed(1)} kB`,
      goal: '< 85 kB',
      met: loaded < 85,
    },
    {
      what: 'Bundle, minified: all files, including those that only the first command or request loads',
      ours: `${inAll.toFixed(1)} kB`,
      against: `vscode.github-authentication: ${githubs.toFixed(1)} kB`,
      goal: '< 250 kB',
      met: inAll < 250,
    },
    {
      what: 'Bundle: dependencies that are in it twice',
      ours: doubled.join(', ') || 'none',
      against: '–',
      goal: 'none',
      met: doubled.length === 0,
    },
  ];
};

/** Size of the minified bundle of VS Code's built-in GitHub provider. */
async function githubsBytes(): Promise<number> {
  const { serverMain } = await installVsCode();
  const extensions = path.join(path.dirname(serverMain), '..', 'extensions');
  const file = path.join(extensions, 'github-authentication', 'dist', 'extension.js');
  return (await stat(file)).size;
}

/** Bytes of each file that a new window loads. */
function loadedByWindow(): Promise<Readonly<Record<string, number>>> {
  return onMachine(async (machine, copy) => {
    await copy.becomeProbed('start');
    await waitForWorkbench(await machine.openWindow());
    return (await copy.report()).loaded;
  });
}
