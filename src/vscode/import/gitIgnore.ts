import * as l10n from '@vscode/l10n';
import { execFile } from 'node:child_process';
import { constants } from 'node:fs';
import { lstat, open, type FileHandle } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { ExpectedError } from '../../looker/errors/expectedError';

/** Whether git tracks a file, ignores it, does neither, or can't say. */
export type GitStatus = 'tracked' | 'ignored' | 'notIgnored' | 'unknown';

/** Enough for a slow disk; the user isn't waiting. */
const TIMEOUT_MS = 10_000;

/** The end of `.gitignore` that shows how its lines end. */
const TAIL_BYTES = 64 * 1024;

/**
 * Asks git, if it is installed, about a file. Git runs programs that a repository's configuration names, so call this
 * only for trusted folders.
 * @param file absolute path
 */
export async function gitStatus(file: string): Promise<GitStatus> {
  // Documented exit codes: 0 for yes, 1 for no, others if git can't say.
  const isTracked = await exitCode(file, 'ls-files', '--error-unmatch');
  if (isTracked === 0) return 'tracked';
  if (isTracked !== 1) return 'unknown';
  const isIgnored = await exitCode(file, 'check-ignore', '--quiet');
  if (isIgnored === 0) return 'ignored';
  return isIgnored === 1 ? 'notIgnored' : 'unknown';
}

/** `.gitignore` is a link or isn't a file. Nothing was written. */
export class OddGitignoreError extends ExpectedError {
  override readonly name = 'OddGitignoreError';
  override readonly category = 'setup';
  override readonly verdict = this.message;
  constructor(isLink: boolean) {
    super(
      isLink
        ? l10n.t(".gitignore is a link, so Looker Auth didn't change it. Add the line yourself.")
        : l10n.t(".gitignore isn't a file, so Looker Auth didn't change it."),
    );
  }
}

/** A line in `.gitignore` can't contain the file's name. */
export class OddFileNameError extends ExpectedError {
  override readonly name = 'OddFileNameError';
  override readonly category = 'setup';
  override readonly verdict = this.message;
  constructor() {
    super(
      l10n.t(
        "The file's name has a line break or another control character, so it can't be added to .gitignore. Rename the file first.",
      ),
    );
  }
}

/**
 * Adds a file to the `.gitignore` beside it, and leaves the rest unchanged.
 * @param file absolute path
 * @throws OddGitignoreError; OddFileNameError; the file system's error
 */
export async function addToGitignore(file: string): Promise<void> {
  const pattern = patternFor(path.basename(file));
  const gitignore = await openGitignore(path.join(path.dirname(file), '.gitignore'));
  try {
    const { size } = await gitignore.stat();
    const { buffer } = await gitignore.read({
      buffer: Buffer.alloc(Math.min(size, TAIL_BYTES)),
      position: Math.max(size - TAIL_BYTES, 0),
    });
    const before = buffer.toString('latin1');
    const lineEnd = before.includes('\r\n') ? '\r\n' : '\n';
    const isLineOpen = before !== '' && !before.endsWith('\n');
    await gitignore.appendFile(`${isLineOpen ? lineEnd : ''}${pattern}${lineEnd}`);
  } finally {
    await gitignore.close();
  }
}

/** A pattern for this file only (gitignore(5)). @throws OddFileNameError */
function patternFor(name: string): string {
  if (/\p{Cc}/u.test(name)) throw new OddFileNameError();
  const literal = name.replace(/[*?[\\]/g, '\\$&');
  // git removes trailing blanks that aren't escaped.
  return `/${literal.replace(/ +$/, (blanks) => '\\ '.repeat(blanks.length))}`;
}

/** Opens the file for reading and appending, and creates it if it is missing. @throws OddGitignoreError */
async function openGitignore(gitignore: string): Promise<FileHandle> {
  const before = await lstat(gitignore).catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  });
  if (before && !before.isFile()) throw new OddGitignoreError(before.isSymbolicLink());
  // Windows has no flags against links, but creating one there takes special rights.
  const { O_RDWR, O_APPEND, O_CREAT, O_EXCL, O_NOFOLLOW, O_NONBLOCK } = constants;
  const create = before ? 0 : O_CREAT | O_EXCL;
  try {
    return await open(gitignore, O_RDWR | O_APPEND | create | O_NOFOLLOW | O_NONBLOCK, 0o666);
  } catch (error) {
    // It has become a link in the meantime.
    if (codeOf(error) === 'ELOOP') throw new OddGitignoreError(true);
    throw error;
  }
}

/** @returns undefined if git is missing, killed, or too slow */
function exitCode(file: string, command: string, option: string): Promise<number | undefined> {
  const { dir, base } = path.parse(file);
  const args = ['-C', dir, '-c', 'core.fsmonitor=false', command, option, '--', base];
  return new Promise((resolve) => {
    // Not in the folder itself: Windows would run a git.exe from there.
    const options = { cwd: os.homedir(), timeout: TIMEOUT_MS, windowsHide: true };
    const git = execFile('git', args, options, () => {
      resolve(git.exitCode ?? undefined);
    });
  });
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}
