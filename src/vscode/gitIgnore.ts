import { execFile } from 'node:child_process';
import { appendFile, readFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';

/** Whether git keeps a file: it does, it is told not to, nobody has told it, or that cannot be found out. */
export type GitStanding = 'tracked' | 'ignored' | 'notIgnored' | 'unknown';

/** Enough for the slowest disk; nobody waits for it. */
const TIMEOUT_MS = 10_000;

/**
 * Asks git, where there is one, about a file. Git runs what a repository's configuration names, so this is for folders
 * that the user trusts.
 * @param file absolute path
 */
export async function gitStanding(file: string): Promise<GitStanding> {
  // The exit codes that git documents: 0 for yes, 1 for no, others where it cannot say.
  const isTracked = await exitCode(file, 'ls-files', '--error-unmatch');
  if (isTracked === 0) return 'tracked';
  if (isTracked !== 1) return 'unknown';
  const isIgnored = await exitCode(file, 'check-ignore', '--quiet');
  if (isIgnored === 0) return 'ignored';
  return isIgnored === 1 ? 'notIgnored' : 'unknown';
}

/** Adds a file to the `.gitignore` beside it, and leaves the rest of that as it is. @param file absolute path */
export async function addToGitignore(file: string): Promise<void> {
  const gitignore = path.join(path.dirname(file), '.gitignore');
  const before = await readFile(gitignore, 'utf8').catch((error: unknown) => {
    if (isMissing(error)) return '';
    throw error;
  });
  const lineEnd = before.includes('\r\n') ? '\r\n' : '\n';
  const isLineOpen = before !== '' && !before.endsWith('\n');
  const pattern = `/${path.basename(file).replace(/[*?[\\]/g, '\\$&')}`;
  await appendFile(gitignore, `${isLineOpen ? lineEnd : ''}${pattern}${lineEnd}`);
}

/** @returns undefined where git is missing, killed or too slow */
function exitCode(file: string, command: string, option: string): Promise<number | undefined> {
  const { dir, base } = path.parse(file);
  const args = ['-C', dir, '-c', 'core.fsmonitor=false', command, option, '--', base];
  return new Promise((resolve) => {
    // Not run in the folder itself: Windows would take a git.exe from there.
    const options = { cwd: os.homedir(), timeout: TIMEOUT_MS, windowsHide: true };
    const git = execFile('git', args, options, () => {
      resolve(git.exitCode ?? undefined);
    });
  });
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
