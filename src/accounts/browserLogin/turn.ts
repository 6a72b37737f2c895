import * as v from 'valibot';
import { Count } from '../../looker/api/shapes';

/** Who takes a turn: one window, as long as its extension host runs. */
export interface Owner {
  readonly host: string;
  readonly pid: number;
  /** Tells it apart from an earlier process that had the same number. */
  readonly run: string;
}

/** One window's try to renew one login: only one is under way at a time, in all windows. Holds nothing secret. */
export interface Turn {
  /** From 1. The last one counts. */
  readonly number: number;
  /** undefined where it cannot be read, such as while it is being written. */
  readonly owner: Owner | undefined;
  /** False while it is under way, and where its window has gone in the middle of it. */
  readonly isOver: boolean;
  /** The last turn so far that has brought a token: what is stored of an earlier one is out of date. 0 where none has. */
  readonly renewedIn: number;
  /** The last turn so far that has brought another refresh token: an earlier one may be used no more. 0 where none has. */
  readonly rotatedIn: number;
  /** Whose turn that was; absent where none has. */
  readonly rotatedBy?: Owner | undefined;
}

/** Where turns are noted, for all windows of this machine. Each call may fail, as on a disk that is full or read-only. */
export interface TurnLog {
  /** The last turn of a login; undefined where there was none. */
  last(login: string): Promise<Turn | undefined>;
  /** Begins a turn, unless somebody else has begun the one of that number. @returns whether it is this window's */
  begin(login: string, turn: Turn): Promise<boolean>;
  /** Notes what a turn has brought so far, and whether it is over. */
  note(login: string, turn: Turn): Promise<void>;
  /** Deletes what is noted of a login that has ended. */
  forget(login: string): Promise<void>;
}

const StoredOwner = v.object({ host: v.string(), pid: Count, run: v.string() });

/** What is written of a turn; its number is in the file's name. */
export const StoredTurn = v.pipe(
  v.string(),
  v.parseJson(),
  v.object({
    owner: StoredOwner,
    isOver: v.boolean(),
    renewedIn: Count,
    rotatedIn: Count,
    rotatedBy: v.optional(StoredOwner),
  }),
);
