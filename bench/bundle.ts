// How much code users get, and how much of it a window loads.
import { statSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { ROOT } from '../test/support/buildExtension';
import { installVsCode } from '../test/support/vscodeInstall';
import { waitForWorkbench } from '../test/support/workbench';
import { buildForUsers, FOR_USERS } from './build';
import { onMachine } from './host/onMachine';
import type { Bench } from './row';

/** Of all files that users get. */
export function bundledBytes(): number {
  return sizeOf(Object.keys(buildForUsers().outputs));
}

/** Of those that a window loads at its start. */
export function startBytes(): number {
  return sizeOf(startFiles().map((name) => `${FOR_USERS}/${name}`));
}

/** Names of the files that a window loads at its start: the main one, and all that it and they import. */
export function startFiles(): readonly string[] {
  const { outputs } = buildForUsers();
  const files = new Set([`${FOR_USERS}/extension.mjs`]);
  // What is added meanwhile is visited as well.
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

/** Packages of which two versions, or two copies, are in the bundle, and files that are in it twice. */
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
      what: 'Bundle, minified: what a window loads at its start',
      ours: `${loaded.toFixed(1)} kB`,
      against: `vscode.github-authentication: ${githubs.toFixed(1)} kB`,
      goal: '< 85 kB',
      met: loaded < 85,
    },
    {
      what: 'Bundle, minified: all files, with what is loaded by the first command or request only',
      ours: `${inAll.toFixed(1)} kB`,
      against: `vscode.github-authentication: ${githubs.toFixed(1)} kB`,
      goal: '< 250 kB',
      met: inAll < 250,
    },
    {
      what: 'Bundle: sources of a dependency in it twice',
      ours: doubled.join(', ') || 'none',
      against: '–',
      goal: 'none',
      met: doubled.length === 0,
    },
  ];
};

/** Of the bundle that VS Code has with it, minified. */
async function githubsBytes(): Promise<number> {
  const { serverMain } = await installVsCode();
  const extensions = path.join(path.dirname(serverMain), '..', 'extensions');
  const file = path.join(extensions, 'github-authentication', 'dist', 'extension.js');
  return (await stat(file)).size;
}

/** Bytes of the files that are loaded in a new window. */
function loadedByWindow(): Promise<Readonly<Record<string, number>>> {
  return onMachine(async (machine, copy) => {
    await copy.becomeProbed('start');
    await waitForWorkbench(await machine.openWindow());
    return (await copy.report()).loaded;
  });
}
