import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { addToGitignore, gitStanding } from '../../../src/vscode/gitIgnore';

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

  it('is of unknown standing outside a repository', async () => {
    assert.equal(await gitStanding(file), 'unknown');
  });

  it('is of unknown standing where there is no git', async () => {
    git('init', '-q');
    const { PATH } = process.env;
    process.env['PATH'] = folder;
    try {
      assert.equal(await gitStanding(file), 'unknown');
    } finally {
      process.env['PATH'] = PATH;
    }
  });

  it('is not ignored where nobody has said so', async () => {
    git('init', '-q');
    assert.equal(await gitStanding(file), 'notIgnored');
  });

  it('is ignored once it is in .gitignore', async () => {
    git('init', '-q');
    await addToGitignore(file);
    assert.equal(await gitStanding(file), 'ignored');
  });

  it('is ignored by the .gitignore of a folder above', async () => {
    git('init', '-q');
    await writeFile(gitignore, '*.ini\n');
    await mkdir(path.join(folder, 'sub'));
    assert.equal(await gitStanding(path.join(folder, 'sub', 'looker.ini')), 'ignored');
  });

  it('is tracked once it was added, ignored or not', async () => {
    git('init', '-q');
    git('add', 'looker.ini');
    assert.equal(await gitStanding(file), 'tracked');
    await addToGitignore(file);
    assert.equal(await gitStanding(file), 'tracked');
  });

  it('lets no file-system monitor of the repository run', async () => {
    git('init', '-q');
    const seen = path.join(folder, 'seen');
    git('config', 'core.fsmonitor', `touch ${seen}`);
    git('add', 'looker.ini');
    await rm(seen, { force: true });
    assert.equal(await gitStanding(file), 'tracked');
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
    it(`goes to the end of ${before === undefined ? 'a new .gitignore' : JSON.stringify(before)}`, async () => {
      if (before !== undefined) await writeFile(gitignore, before);
      await addToGitignore(file);
      assert.equal(await readFile(gitignore, 'utf8'), after);
    });
  }

  it('is ignored alone, whatever its name', async () => {
    git('init', '-q');
    const odd = path.join(folder, 'loo[k]er*.ini');
    await addToGitignore(odd);
    assert.equal(await gitStanding(odd), 'ignored');
    assert.equal(await gitStanding(path.join(folder, 'looker.ini')), 'notIgnored');
  });
});
