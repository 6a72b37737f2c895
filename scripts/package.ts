// `npm run package [file]`: the .vsix that users get. The same source gives the same bytes, wherever it lies and
// whenever and by whomever it is packaged, on one kind of system and one version of Node.
import { execFileSync } from 'node:child_process';
import { chmod, copyFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';

import { createVSIX, listFiles, PackageManager } from '@vscode/vsce';

import manifest from '../package.json';
import { thirdPartyNotices } from './thirdPartyNotices';

const ROOT = path.resolve(__dirname, '..');
const STAGE = path.join(ROOT, 'out', 'package');

/** Stands in package.json for the owner of the repository, until somebody names one: CONTRIBUTING.md says when. */
const PLACEHOLDER = '/OWNER/';

/** Whether vsce can point links and pictures of the README there. */
const HAS_REPOSITORY = !manifest.repository.url.includes(PLACEHOLDER);

/** The first day that a zip can tell, as a Unix time in seconds. */
const ZIP_EPOCH = '315532800';

async function main(): Promise<void> {
  const file = process.argv[2] ?? `${manifest.name}-${manifest.version}.vsix`;
  execFileSync(process.execPath, ['esbuild.js', '--production'], { cwd: ROOT, stdio: 'inherit' });
  await stage();
  await pack(path.resolve(file));
}

/** Lays out in a folder of its own what goes into the .vsix: what .vscodeignore lets through, and what is written here. */
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
    await chmod(path.join(STAGE, file), 0o644); // whatever the umask of the clone
  }
}

async function pack(packagePath: string): Promise<void> {
  process.env['SOURCE_DATE_EPOCH'] = ZIP_EPOCH; // vsce also sorts the files then
  process.env['TZ'] = 'UTC'; // zip has local time
  await createVSIX({
    cwd: STAGE,
    packagePath,
    ignoreFile: path.join(ROOT, '.vscodeignore'),
    dependencies: false, // they are in the bundle
    allowMissingRepository: !HAS_REPOSITORY,
    rewriteRelativeLinks: HAS_REPOSITORY,
  });
}

/** package.json without what is for developers, and without addresses that do not exist yet. */
function publishedManifest(): string {
  const { private: _, scripts, dependencies, devDependencies, mocha, ...published } = manifest;
  const known = Object.entries(published).filter(
    ([, value]) => !JSON.stringify(value).includes(PLACEHOLDER),
  );
  return JSON.stringify(Object.fromEntries(known), undefined, 2);
}

/**
 * The README for a reader who has nothing but it. VS Code's extension page and the Marketplace show pictures from
 * https alone, neither those of the .vsix nor `data:`, and follow no link to a file; so where no public repository
 * is known, the words of a link and the description of a picture stay.
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
