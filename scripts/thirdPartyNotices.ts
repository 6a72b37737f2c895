import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';

import type { Metafile } from 'esbuild';

/** Licenses of packages that don't include them, copied from their repositories: `<package>.txt`. */
const LICENSES = path.join(__dirname, 'licenses');

const LINE = '-'.repeat(80);

/**
 * Names and full licenses of the packages whose code is in the extension, according to esbuild's dist/meta.json in the
 * repository `root`.
 */
export async function thirdPartyNotices(root: string): Promise<string> {
  const metafile = JSON.parse(
    await readFile(path.join(root, 'dist', 'meta.json'), 'utf8'),
  ) as Metafile;
  const notices = await Promise.all(
    bundledPackages(metafile).map((name) => notice(path.join(root, 'node_modules', name), name)),
  );
  return ['Looker Auth contains code of these packages.', ...notices].join(`\n\n${LINE}\n`) + '\n';
}

function bundledPackages({ outputs }: Metafile): readonly string[] {
  const inputs = Object.values(outputs).flatMap((output) => Object.entries(output.inputs));
  const names = inputs
    .filter(([, { bytesInOutput }]) => bytesInOutput > 0)
    .flatMap(([file]) => /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(file)?.[1] ?? []);
  return [...new Set(names)].sort();
}

async function notice(folder: string, name: string): Promise<string> {
  const { version, license } = JSON.parse(
    await readFile(path.join(folder, 'package.json'), 'utf8'),
  ) as { version: string; license: string };
  const text = await licenseText(folder, name);
  return `${name} ${version} (${license})\n\n${text.replaceAll('\r\n', '\n').trim()}`;
}

async function licenseText(folder: string, name: string): Promise<string> {
  const file = (await readdir(folder)).find((file) => /^licen[cs]e/i.test(file));
  try {
    return await readFile(
      file ? path.join(folder, file) : path.join(LICENSES, `${name}.txt`),
      'utf8',
    );
  } catch (error) {
    throw new Error(
      `${name} is in the bundle, but doesn't include its license. Copy it from its repository to scripts/licenses/.`,
      { cause: error },
    );
  }
}
