// `npm run package [file]`: builds the .vsix that users get. The same source always gives the same bytes, with the same
// operating system and version of Node, in any folder, at any time, and for any user.
import { execFileSync } from 'node:child_process';
import { chmod, copyFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';

import { createVSIX, listFiles, PackageManager } from '@vscode/vsce';

import manifest from '../package.json';
import { thirdPartyNotices } from './thirdPartyNotices';

const ROOT = path.resolve(__dirname, '..');
const STAGE = path.join(ROOT, 'out', 'package');

/** Placeholder in package.json for the owner of the repository: CONTRIBUTING.md says when to replace it. */
const PLACEHOLDER = '/OWNER/';

/** Whether vsce can point the README's links and pictures to the repository. */
const HAS_REPOSITORY = !manifest.repository.url.includes(PLACEHOLDER);

/** The earliest date that a zip file can store, as Unix time in seconds. */
const ZIP_EPOCH = '315532800';

async function main(): Promise<void> {
  const file = process.argv[2] ?? `${manifest.name}-${manifest.version}.vsix`;
  execFileSync(process.execPath, ['esbuild.js', '--production'], { cwd: ROOT, stdio: 'inherit' });
  await stage();
  await pack(path.resolve(file));
}

/** Collects the contents of the .vsix in a folder: the files that .vscodeignore allows, and those written here. */
async function stage(): Promise<void> {
  await rm(STAGE, { recursive: true, force: true });
  const files = await listFiles({ cwd: ROOT, packageManager: PackageManager.None });
  for (const file of files) {
    await mkdir(path.join(STAGE, path.dirname(file)), { recursive: true });
    await copyFile(path.join(ROOT, file), path.join(STAGE, file));
  }
  const readme = await readFile(path.join(ROOT, 'README.md'), 'utf8');
  const written = {
    'package.json': publishedManifest(),
    'README.md': HAS_REPOSITORY ? readme : withoutFiles(readme),
    'ThirdPartyNotices.txt': await thirdPartyNotices(ROOT),
  };
  for (const [name, text] of Object.entries(written)) {
    await writeFile(path.join(STAGE, name), text);
  }
  for (const file of [...files, ...Object.keys(written)]) {
    await chmod(path.join(STAGE, file), 0o644); // independent of the clone's umask
  }
}

async function pack(packagePath: string): Promise<void> {
  process.env['SOURCE_DATE_EPOCH'] = ZIP_EPOCH; // makes vsce sort the files, too
  process.env['TZ'] = 'UTC'; // zip files store local time
  await createVSIX({
    cwd: STAGE,
    packagePath,
    ignoreFile: path.join(ROOT, '.vscodeignore'),
    dependencies: false, // they are in the bundle
    allowMissingRepository: !HAS_REPOSITORY,
    rewriteRelativeLinks: HAS_REPOSITORY,
  });
}

/** package.json without fields that only developers need, and without URLs that don't exist yet. */
function publishedManifest(): string {
  const { private: _, scripts, dependencies, devDependencies, mocha, ...published } = manifest;
  const known = Object.entries(published).filter(
    ([, value]) => !JSON.stringify(value).includes(PLACEHOLDER),
  );
  return JSON.stringify(Object.fromEntries(known), undefined, 2);
}

/**
 * The README for the extension's page. VS Code and the Marketplace show only pictures from HTTPS URLs, not files in the
 * .vsix or `data:` URLs, and don't follow links to files. So without a public repository, a link is replaced by its
 * text, and a picture by its description.
 */
function withoutFiles(readme: string): string {
  return readme
    .replace(/<img src="(?!\w+:)[^>]* alt="([^"]*)">/g, '_$1_')
    .replace(/\[([^\]]*)\]\((?!\w+:|#)[^)]+\)/g, '$1');
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
