import * as v from 'valibot';
import { Count } from '../../looker/api/shapes';

/** The owner of a turn: one window, for as long as its extension host runs. */
export interface Owner {
  readonly host: string;
  readonly pid: number;
  /** Distinguishes it from an earlier process with the same PID. */
  readonly run: string;
}

/** One window's attempt to renew one login. Only one is pending at a time, across all windows. Contains no secrets. */
export interface Turn {
  /** Counts from 1. The highest one is current. */
  readonly number: number;
  /** Undefined if it can't be read, for example while it is being written. */
  readonly owner: Owner | undefined;
  /** False while the turn is pending, and after its window has disappeared. */
  readonly isOver: boolean;
  /** The last turn so far that got a token: anything stored by an earlier turn is outdated. 0 if there is none. */
  readonly renewedIn: number;
  /** The last turn so far that got a new refresh token: earlier ones must not be used anymore. 0 if there is none. */
  readonly rotatedIn: number;
  /** The owner of that turn; omitted if there is none. */
  readonly rotatedBy?: Owner | undefined;
}

/** Records turns for all windows of this machine. Every call may fail, for example on a full or read-only disk. */
export interface TurnLog {
  /** The last turn of a login; undefined if there was none. */
  last(login: string): Promise<Turn | undefined>;
  /** Begins a turn unless another window has begun one with that number. @returns whether this window owns it */
  begin(login: string, turn: Turn): Promise<boolean>;
  /** Records the results of a turn so far, and whether it is over. */
  note(login: string, turn: Turn): Promise<void>;
  /** Deletes the record of a login that has ended. */
  forget(login: string): Promise<void>;
}

const StoredOwner = v.object({ host: v.string(), pid: Count, run: v.string() });

/** The stored form of a turn; its number is in the file's name. */
export const StoredTurn = v.pipe(
  v.string(),
  v.parseJson(),
  v.object({
    owner: StoredOwner,
    isOver: v.boolean(),
    renewedIn: Count,
    rotatedIn: Count,
    rotatedBy: v.exactOptional(StoredOwner),
  }),
);
