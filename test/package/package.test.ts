import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import {
  chmod,
  cp,
  mkdir,
  readdir,
  readFile,
  rm,
  stat,
  symlink,
  utimes,
  writeFile,
} from 'node:fs/promises';
import path from 'node:path';
import manifest from '../../package.json';
import { buildExtension, ROOT } from '../support/buildExtension';
import { Home } from '../support/home';
import { installPackages } from '../support/installPackages';
import { type Package, packageExtension, packageRepository } from './packages';

/** All files that users get, as installed. */
const FILES = [
  /^\.vsixmanifest$/,
  /^LICENSE\.txt$/,
  /^ThirdPartyNotices\.txt$/,
  /^changelog\.md$/,
  /^dist\/[\w.-]+\.mjs$/,
  /^l10n\/bundle\.l10n\.[\w-]+\.json$/,
  /^media\/icon\.png$/,
  /^media\/walkthrough\/[\w-]+\.webp$/,
  /^package\.json$/,
  /^package\.nls(\.[\w-]+)?\.json$/,
  /^readme\.md$/,
];

/** Fields of package.json that lead to the repository. */
const ADDRESSES = ['repository', 'bugs', 'homepage', 'qna'];

/** Includes 190 kB for the walkthrough's pictures: one per step for each of four kinds of theme. */
const MAX_BYTES = 400_000;

describe('the .vsix', () => {
  let ours: Package;
  let home: Home;
  let folder: string;
  let files: readonly string[];

  before(async function () {
    this.timeout(600_000); // the first time, VS Code is downloaded
    ours = await packageExtension();
    home = await Home.make({ extensions: [] });
    folder = await install(ours, home);
    files = await filesBelow(folder);
  });
  after(() => {
    home.remove();
  });

  const read = (file: string) => readFile(path.join(folder, file), 'utf8');
  const scripts = async () =>
    (await Promise.all(files.filter((file) => file.endsWith('.mjs')).map(read))).join('\n');

  it('is packaged without warnings from vsce', () => {
    assert.match(ours.output, /DONE/);
    assert.doesNotMatch(ours.output, /\b(WARN|ERROR)/);
  });

  it('holds what users need, and nothing else', () => {
    assert.deepEqual(
      files.filter((file) => !FILES.some((allowed) => allowed.test(file))),
      [],
    );
    assert.deepEqual(
      FILES.filter((wanted) => !files.some((file) => wanted.test(file))),
      [],
    );
  });

  it('holds every file that its package.json names', () => {
    const { main, icon, contributes } = manifest;
    const pictures = contributes.walkthroughs.flatMap(({ icon, steps }) => [
      icon,
      ...steps.flatMap(({ media }) => Object.values(media.image)),
    ]);
    for (const file of [main, icon, ...pictures]) {
      assert.ok(files.includes(path.posix.normalize(file)), file);
    }
  });

  it(`is smaller than ${MAX_BYTES / 1000} kB`, async () => {
    assert.ok((await stat(ours.file)).size < MAX_BYTES);
  });

  it('is minified, without references to sources or source maps', async () => {
    assert.doesNotMatch(await scripts(), /^\/\/ (src|node_modules)\/|sourceMappingURL/m);
  });

  it('has no fields in its package.json that only developers need', async () => {
    const published = JSON.parse(await read('package.json')) as object;
    for (const key of ['scripts', 'dependencies', 'devDependencies', 'mocha', 'private']) {
      assert.ok(key in manifest && !(key in published), key);
    }
  });

  it("has no repository URL in its package.json that doesn't exist yet", async () => {
    const published = JSON.parse(await read('package.json')) as object;
    assert.doesNotMatch(JSON.stringify(published), /OWNER/);
    for (const key of ADDRESSES) assert.ok(key in manifest && !(key in published), key);
  });

  it('has no broken links or pictures in its README and changelog', async () => {
    for (const file of ['readme.md', 'changelog.md']) {
      const text = (await read(file)).replace(/```.*?```|`[^`\n]*`/gs, '');
      assert.deepEqual(text.match(/\]\((?!https:|#)[^)]*\)|<(img|a) /g), null);
    }
  });

  it('points links and pictures to the repository, once package.json names one', async () => {
    const copy = await copyRepository(home);
    const file = path.join(copy, 'package.json');
    const named = JSON.stringify(manifest).replaceAll('/OWNER/', '/acme/');
    await writeFile(file, named);
    const other = await Home.make({ extensions: [] });
    try {
      const folder = await install(await packageRepository(copy), other);
      const text = await readFile(path.join(folder, 'readme.md'), 'utf8');
      const github = 'https://github.com/acme/looker-auth';
      assert.ok(text.includes(`<img src="${github}/raw/HEAD/media/looker-auth.gif"`));
      assert.ok(text.includes(`](${github}/blob/HEAD/docs/commands.md)`));
      assert.doesNotMatch(text, /\]\((?!https:|#)[^)]*\)|src="(?!https:)/);
      const published = JSON.parse(
        await readFile(path.join(folder, 'package.json'), 'utf8'),
      ) as Record<string, unknown>;
      for (const key of ADDRESSES) assert.ok(JSON.stringify(published[key]).includes(github), key);
    } finally {
      other.remove();
    }
  });

  it('is identical, byte for byte, if packaged in another folder, at another time, or by another user', async () => {
    const copy = await copyRepository(home);
    await chmod(path.join(copy, 'LICENSE'), 0o600);
    await utimes(path.join(copy, 'README.md'), 1e9, 1e9);
    const env = { TZ: 'Asia/Kathmandu', SOURCE_DATE_EPOCH: '1700000000' };
    const again = await packageRepository(copy, env);
    assert.equal(await hash(again.file), await hash(ours.file));
  });

  it('includes the full license of every package whose code is in it', async () => {
    const notices = await read('ThirdPartyNotices.txt');
    const named = [...notices.matchAll(/^-{80}\n(\S+) (\S+) \((.+)\)$/gm)];
    assert.deepEqual(
      named.map(([, name]) => name),
      await packagesInSourceMaps(),
    );
    for (const [, name = '', version, license = ''] of named) {
      const folder = path.join(ROOT, 'node_modules', name);
      const { version: installed } = JSON.parse(
        await readFile(path.join(folder, 'package.json'), 'utf8'),
      ) as { version: string };
      assert.equal(version, installed);
      assert.match(license, /^(MIT|ISC|BSD-[23]-Clause|Apache-2\.0)$/);
      assert.ok(notices.includes((await licenseOf(folder, name)).trim()), name);
    }
  });

  it('includes every license in scripts/licenses', async () => {
    const notices = await read('ThirdPartyNotices.txt');
    for (const file of await filesBelow(path.join(ROOT, 'scripts', 'licenses'))) {
      assert.ok(notices.includes(`\n${file.replace(/\.txt$/, '')} `), file);
    }
  });
});

/** @returns the folder of the installed extension: absolute path */
async function install({ file }: Package, home: Home): Promise<string> {
  await installPackages([file], home);
  const { publisher, name, version } = manifest;
  return path.join(home.extensions, `${publisher}.${name}-${version}`);
}

/** Copies what Git would check out, and the installed packages. @returns the new folder: absolute path */
async function copyRepository(home: Home): Promise<string> {
  const copy = path.join(home.folder, 'copy');
  await rm(copy, { recursive: true, force: true });
  const left = ['.git', 'node_modules', 'dist', 'out'].map((name) => path.join(ROOT, name));
  await cp(ROOT, copy, { recursive: true, filter: (source) => !left.includes(source) });
  // Chunk names depend on the paths of bundled packages, so those are copied, not linked.
  const bundled = await packagesInSourceMaps();
  for (const name of await installedPackages()) {
    const from = path.join(ROOT, 'node_modules', name);
    const to = path.join(copy, 'node_modules', name);
    await mkdir(path.dirname(to), { recursive: true });
    if (bundled.includes(name)) await cp(from, to, { recursive: true });
    else await symlink(from, to, 'junction');
  }
  return copy;
}

async function installedPackages(): Promise<readonly string[]> {
  const folder = path.join(ROOT, 'node_modules');
  const names = (await readdir(folder)).filter((name) => !name.startsWith('.'));
  const scoped = names.map(async (name) =>
    name.startsWith('@')
      ? (await readdir(path.join(folder, name))).map((inner) => `${name}/${inner}`)
      : name,
  );
  return (await Promise.all(scoped)).flat();
}

/** The names of the packages that the maps of the development build lead to, sorted. */
async function packagesInSourceMaps(): Promise<readonly string[]> {
  await buildExtension();
  const dist = path.join(ROOT, 'dist');
  const maps = (await readdir(dist)).filter((file) => file.endsWith('.mjs.map'));
  const sources = await Promise.all(
    maps.map(async (file) => {
      const text = await readFile(path.join(dist, file), 'utf8');
      return (JSON.parse(text) as { sources: readonly string[] }).sources;
    }),
  );
  const names = sources
    .flat()
    .flatMap((source) => /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(source)?.[1] ?? []);
  return [...new Set(names)].sort();
}

async function licenseOf(folder: string, name: string): Promise<string> {
  const kept = path.join(ROOT, 'scripts', 'licenses', `${name}.txt`);
  if (existsSync(kept)) return await readFile(kept, 'utf8');
  const file = (await readdir(folder)).find((file) => /^licen[cs]e/i.test(file)) ?? '';
  return await readFile(path.join(folder, file), 'utf8');
}

async function hash(file: string): Promise<string> {
  return createHash('sha256')
    .update(await readFile(file))
    .digest('hex');
}

/** Relative paths with slashes. */
async function filesBelow(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)))
    .map((file) => file.replaceAll(path.sep, '/'));
}
