import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { lstat, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { addToGitignore, gitStatus } from '../../../../src/vscode/import/gitIgnore';

describe('a file with API keys, in git', () => {
  let folder: string;
  let file: string;
  let gitignore: string;

  beforeEach(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'looker-git-'));
    file = path.join(folder, 'looker.ini');
    gitignore = path.join(folder, '.gitignore');
    await writeFile(file, '[Looker]\n');
  });
  afterEach(() => rm(folder, { recursive: true }));

  const git = (...args: string[]) => {
    execFileSync('git', ['-C', folder, ...args], { stdio: 'pipe' });
  };

  it('has an unknown status outside a repository', async () => {
    assert.equal(await gitStatus(file), 'unknown');
  });

  it('has an unknown status without git', async () => {
    git('init', '-q');
    const { PATH } = process.env;
    process.env['PATH'] = folder;
    try {
      assert.equal(await gitStatus(file), 'unknown');
    } finally {
      process.env['PATH'] = PATH;
    }
  });

  it("isn't ignored by default", async () => {
    git('init', '-q');
    assert.equal(await gitStatus(file), 'notIgnored');
  });

  it('is ignored once it is in .gitignore', async () => {
    git('init', '-q');
    await addToGitignore(file);
    assert.equal(await gitStatus(file), 'ignored');
  });

  it('is ignored by the .gitignore of a folder above', async () => {
    git('init', '-q');
    await writeFile(gitignore, '*.ini\n');
    await mkdir(path.join(folder, 'sub'));
    assert.equal(await gitStatus(path.join(folder, 'sub', 'looker.ini')), 'ignored');
  });

  it('is tracked once it was added, even if it is ignored', async () => {
    git('init', '-q');
    git('add', 'looker.ini');
    assert.equal(await gitStatus(file), 'tracked');
    await addToGitignore(file);
    assert.equal(await gitStatus(file), 'tracked');
  });

  it("doesn't run the repository's file system monitor", async () => {
    git('init', '-q');
    const seen = path.join(folder, 'seen');
    git('config', 'core.fsmonitor', `touch ${seen}`);
    git('add', 'looker.ini');
    await rm(seen, { force: true });
    assert.equal(await gitStatus(file), 'tracked');
    await assert.rejects(readFile(seen), { code: 'ENOENT' });
  });

  const kept: [before: string | undefined, after: string][] = [
    [undefined, '/looker.ini\n'],
    ['', '/looker.ini\n'],
    ['node_modules/\n', 'node_modules/\n/looker.ini\n'],
    ['node_modules/', 'node_modules/\n/looker.ini\n'],
    ['dist/\r\nout/\r\n', 'dist/\r\nout/\r\n/looker.ini\r\n'],
    ['dist/\r\nout/', 'dist/\r\nout/\r\n/looker.ini\r\n'],
  ];
  for (const [before, after] of kept) {
    it(`is added at the end of ${before === undefined ? 'a new .gitignore' : JSON.stringify(before)}`, async () => {
      if (before !== undefined) await writeFile(gitignore, before);
      await addToGitignore(file);
      assert.equal(await readFile(gitignore, 'utf8'), after);
    });
  }

  const odd = [
    'loo[k]er*.ini',
    '!looker.ini',
    '#looker.ini',
    'l?\\ooker.ini',
    'looker.ini  ',
    ' looker.ini',
  ];
  for (const name of odd) {
    it(`is the only ignored one, as ${JSON.stringify(name)}`, async function () {
      if (process.platform === 'win32' && name.includes('\\')) this.skip();
      git('init', '-q');
      await addToGitignore(path.join(folder, name));
      assert.equal(await gitStatus(path.join(folder, name)), 'ignored');
      assert.equal(await gitStatus(file), 'notIgnored');
    });
  }

  for (const name of [
    'looker\n*.ini',
    'looker.ini\r',
    'loo\0ker.ini',
    'loo\tker.ini',
    'looker\x85.ini',
  ]) {
    it(`isn't added as ${JSON.stringify(name)}, and nothing is written`, async () => {
      const adding = addToGitignore(path.join(folder, name));
      await assert.rejects(adding, { name: 'OddFileNameError', message: /Rename the file/ });
      assert.deepEqual(await readdir(folder), ['looker.ini']);
    });
  }

  it('is added at the end of a large .gitignore', async () => {
    const before = 'a line\r\n'.repeat(20_000);
    await writeFile(gitignore, before);
    await addToGitignore(file);
    assert.equal(await readFile(gitignore, 'utf8'), `${before}/looker.ini\r\n`);
  });

  it("doesn't change the other bytes of a .gitignore, whatever its encoding", async () => {
    const before = Buffer.from([0xff, 0x80, 0x0a]);
    await writeFile(gitignore, before);
    await addToGitignore(file);
    const after = Buffer.concat([before, Buffer.from('/looker.ini\n')]);
    assert.deepEqual(await readFile(gitignore), after);
  });

  describe('with a .gitignore that', () => {
    const target = () => path.join(folder, 'elsewhere');

    it("is a link isn't added to its target", async function () {
      if (process.platform === 'win32') this.skip();
      await writeFile(target(), 'export PATH\n');
      await symlink(target(), gitignore);
      const expected = { name: 'OddGitignoreError', message: /is a link/ };
      await assert.rejects(addToGitignore(file), expected);
      assert.equal(await readFile(target(), 'utf8'), 'export PATH\n');
    });

    it("is a broken link doesn't create the target", async function () {
      if (process.platform === 'win32') this.skip();
      await symlink(target(), gitignore);
      const expected = { name: 'OddGitignoreError', message: /is a link/ };
      await assert.rejects(addToGitignore(file), expected);
      await assert.rejects(lstat(target()), { code: 'ENOENT' });
    });

    it("is a FIFO doesn't block", async function () {
      if (process.platform === 'win32') this.skip();
      execFileSync('mkfifo', [gitignore]);
      const expected = { name: 'OddGitignoreError', message: /isn't a file/ };
      await assert.rejects(addToGitignore(file), expected);
    });

    it('is a folder is left alone', async () => {
      await mkdir(gitignore);
      await assert.rejects(addToGitignore(file), { name: 'OddGitignoreError' });
      assert.deepEqual(await readdir(gitignore), []);
    });
  });
});
