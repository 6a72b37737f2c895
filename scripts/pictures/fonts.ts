import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';

import { installOnce } from '../../test/support/cache';
import { run } from '../../test/support/command';

/** Fixed fonts, so the pictures look the same on every machine. Both are free (SIL Open Font License 1.1). */
const FONTS = [
  {
    family: 'Inter',
    name: '@fontsource-variable/inter',
    file: 'inter-latin-wght-normal.woff2',
    integrity:
      'sha512-OupL48va4JNofb97w6NYeF9S7W/kHNKM0Er8Dem5nqi4jeOLrVJDoE8tZEpnMJmtkvNbB1EIPPwHcdkF6b1oUA==',
  },
  {
    family: 'JetBrains Mono',
    name: '@fontsource-variable/jetbrains-mono',
    file: 'jetbrains-mono-latin-wght-normal.woff2',
    integrity:
      'sha512-F32xpS2NsGYoQi2ADSkKTgpJj7ozajsGgDJ8woTnqjmIB+dxDIqImjl4pXZVEExu8UFZ2ndhmX18EBS/hdz3Lw==',
  },
] as const;
const VERSION = '5.3.0';

/** @returns CSS that contains both fonts */
export async function fontFaces(): Promise<string> {
  const folder = await installOnce(`picture-fonts-${VERSION}`, install);
  const faces = FONTS.map(async ({ family, name, file }) => {
    const font = await readFile(path.join(folder, 'node_modules', name, 'files', file), 'base64');
    return `@font-face { font-family: '${family}'; font-weight: 100 800; src: url(data:font/woff2;base64,${font}); }`;
  });
  return (await Promise.all(faces)).join('\n');
}

async function install(folder: string): Promise<void> {
  const root = {
    name: 'looker-auth-picture-fonts',
    dependencies: Object.fromEntries(FONTS.map(({ name }) => [name, VERSION])),
  };
  const entries = FONTS.map(
    ({ name, integrity }) => [`node_modules/${name}`, { version: VERSION, integrity }] as const,
  );
  const lock = {
    name: root.name,
    lockfileVersion: 3,
    requires: true,
    packages: Object.fromEntries<object>([['', root], ...entries]),
  };
  await writeFile(path.join(folder, 'package.json'), JSON.stringify(root));
  await writeFile(path.join(folder, 'package-lock.json'), JSON.stringify(lock));
  await run('npm', ['ci', '--prefix', '.', '--ignore-scripts', '--no-audit', '--no-fund'], {
    cwd: folder,
  });
}
