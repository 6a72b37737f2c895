import { WORKSPACES, type Workspace } from '../../looker/workspace';
import { RefusedBeforeError } from '../errors';
import { tokenValue, type AccountRecord, type Refusal } from '../store/accountRecord';

/** All that this window knows of an account: what is stored of it, and what was seen of its tokens. Never changed, but replaced. */
export interface LiveAccount {
  readonly record: AccountRecord;
  readonly tokens: Readonly<Record<Workspace, TokenState>>;
}

/**
 * What this window has seen of one token, or of there being none yet. A new token, and a new login, start from nothing.
 * Moments are in ms of this machine's steady time.
 */
export interface TokenState {
  /** From 0 to 1: how long this window leaves the renewal to other windows. */
  readonly jitter: number;
  /** When a renewal in this window brought the token; undefined where that was a login, or another window. */
  readonly receivedAt: number | undefined;
  /** When the token was first seen to need renewal. */
  readonly firstDueAt: number | undefined;
  /** The server does not accept the token any more, whatever its time. */
  readonly isRejected: boolean;
  /** Whether the server's time was asked because of the token, or is just being asked. */
  readonly timeCheck: 'done' | Promise<void> | undefined;
  /** What the server has said when the token was reported to be rejected. */
  readonly verdict: Verdict | undefined;
  /** The last renewal of the token in this window, if it failed. */
  readonly failure: Failure | undefined;
  /** Why Looker has refused to renew the token, as it is stored. The same error while it is the same refusal. */
  readonly refused: RefusedBeforeError | undefined;
}

/** What the server has said of a token. */
export interface Verdict {
  readonly isAccepted: Promise<boolean>;
  readonly at: number;
}

/** A renewal that failed. */
export interface Failure {
  readonly error: Error;
  /** How many have failed in a row. */
  readonly count: number;
  readonly at: number;
}

/**
 * Takes in what is stored of an account. What was seen of a token stays while that is the account's token.
 * @param random from 0 to 1
 */
export function toLive(
  record: AccountRecord,
  before: LiveAccount | undefined,
  random: () => number,
): LiveAccount {
  const stateOf = (workspace: Workspace): TokenState => {
    const isSame =
      before?.record.login === record.login &&
      tokenValue(before.record, workspace) === tokenValue(record, workspace);
    const state = isSame ? before.tokens[workspace] : newState(random);
    return { ...state, refused: refusedBy(record.tokens[workspace]?.refusal, state.refused) };
  };
  return { record, tokens: { production: stateOf('production'), dev: stateOf('dev') } };
}

/** The account with what has been seen since of one of its tokens. */
export function withSeen(
  live: LiveAccount,
  workspace: Workspace,
  seen: Partial<TokenState>,
): LiveAccount {
  const state = { ...live.tokens[workspace], ...seen };
  return { ...live, tokens: { ...live.tokens, [workspace]: state } };
}

/** The workspace whose token has that value; undefined where none of the account has. */
export function workspaceOf({ record }: LiveAccount, value: string): Workspace | undefined {
  return WORKSPACES.find((workspace) => tokenValue(record, workspace) === value);
}

function newState(random: () => number): TokenState {
  return {
    // Most windows draw a long delay, so that the first one is done before the second begins.
    jitter: Math.cbrt(random()),
    receivedAt: undefined,
    firstDueAt: undefined,
    isRejected: false,
    timeCheck: undefined,
    verdict: undefined,
    failure: undefined,
    refused: undefined,
  };
}

function refusedBy(
  refusal: Refusal | undefined,
  before: RefusedBeforeError | undefined,
): RefusedBeforeError | undefined {
  if (!refusal) return undefined;
  return before?.message === refusal.message ? before : new RefusedBeforeError(refusal.message);
}
