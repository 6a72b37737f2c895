import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import * as v from 'valibot';
import { sha256 } from '../../base/sha256';
import { StoredTurn, type Turn, type TurnLog } from './turn';

/**
 * Turns as files in one folder that all windows of this machine share: `<hash of the login>.<number>`. Creating the
 * file claims a number, since a file system lets only one process create it (`O_EXCL`). The files contain no secrets.
 */
export class TurnFiles implements TurnLog {
  constructor(private readonly folder: string) {}

  async last(login: string): Promise<Turn | undefined> {
    const number = Math.max(...(await this.numbersOf(login)), 0);
    if (number === 0) return undefined;
    const text = await readFile(this.fileOf(login, number), 'utf8').catch((error: unknown) => {
      if (!isMissing(error)) throw error;
      return undefined;
    });
    // Its window has deleted it in the meantime, because another window has taken the turn.
    if (text === undefined) return this.last(login);
    const parsed = v.safeParse(StoredTurn, text);
    if (parsed.success) return { number, ...parsed.output };
    // The file is still being written, or its window ended while writing it.
    return { number, owner: undefined, isOver: false, renewedIn: 0, rotatedIn: 0 };
  }

  async begin(login: string, turn: Turn): Promise<boolean> {
    const { number } = turn;
    await mkdir(this.folder, { recursive: true });
    try {
      await writeFile(this.fileOf(login, number), textOf(turn), { flag: 'wx', mode: 0o600 });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
      throw error;
    }
    const numbers = await this.numbersOf(login);
    // Listing the folder while files come and go must always find one of the last two.
    const old = numbers.filter((other) => other < number - 1);
    await Promise.all(old.map((other) => rm(this.fileOf(login, other), { force: true })));
    if (Math.max(...numbers) === number) return true;
    await rm(this.fileOf(login, number), { force: true });
    return false;
  }

  async note(login: string, turn: Turn): Promise<void> {
    await writeFile(this.fileOf(login, turn.number), textOf(turn), { mode: 0o600 });
  }

  async forget(login: string): Promise<void> {
    const numbers = await this.numbersOf(login);
    await Promise.all(numbers.map((number) => rm(this.fileOf(login, number), { force: true })));
  }

  private async numbersOf(login: string): Promise<readonly number[]> {
    const prefix = `${nameOf(login)}.`;
    const names = await readdir(this.folder).catch((error: unknown) => {
      if (!isMissing(error)) throw error;
      return [];
    });
    return names
      .filter((name) => name.startsWith(prefix))
      .map((name) => Number(name.slice(prefix.length)))
      .filter((number) => Number.isSafeInteger(number) && number > 0);
  }

  private fileOf(login: string, number: number): string {
    return path.join(this.folder, `${nameOf(login)}.${number}`);
  }
}

function isMissing(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === 'ENOENT';
}

function textOf({ owner, isOver, renewedIn, rotatedIn, rotatedBy }: Turn): string {
  return JSON.stringify({ owner, isOver, renewedIn, rotatedIn, rotatedBy });
}

/** A login's name is random; its hash is a valid file name on every file system. */
function nameOf(login: string): string {
  return sha256(login).slice(0, 32);
}
