import { WORKSPACES, type Workspace } from '../../looker/workspace';
import { RefusedBeforeError } from '../errors';
import { tokenValue, type AccountRecord, type RenewalRefusal } from '../store/accountRecord';

/**
 * Everything this window knows about an account: its stored record, and the observed state of its tokens. Immutable.
 */
export interface LiveAccount {
  readonly record: AccountRecord;
  readonly tokens: Readonly<Record<Workspace, TokenState>>;
}

/**
 * What this window has observed about one token, or about the lack of one. A new token or login starts from scratch.
 * Times are in ms of this machine's steady time.
 */
export interface TokenState {
  /** From 0 to 1: how long this window leaves the renewal to other windows. */
  readonly jitter: number;
  /** When this window got the token by a renewal; undefined if it came from a login or another window. */
  readonly receivedAt: number | undefined;
  /** When the token was first seen to need renewal. */
  readonly firstDueAt: number | undefined;
  /** Whether the server rejects the token, even if it hasn't expired. */
  readonly isRejected: boolean;
  /** Whether the server's time was requested for this token; a promise while the request is pending. */
  readonly timeCheck: 'done' | Promise<void> | undefined;
  /** The server's verdict after the token was reported as rejected. */
  readonly verdict: Verdict | undefined;
  /** The last renewal of the token in this window, if it failed. */
  readonly failure: Failure | undefined;
  /** Why Looker refused to renew the token, from the store. The same error object for the same refusal. */
  readonly refused: RefusedBeforeError | undefined;
}

/** The server's verdict on a token. */
export interface Verdict {
  readonly isAccepted: Promise<boolean>;
  readonly at: number;
}

/** A failed renewal. */
export interface Failure {
  readonly error: Error;
  /** Number of failures in a row. */
  readonly count: number;
  readonly at: number;
}

/**
 * Applies an account's stored record. The observed state of a token stays while the account has that token.
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

/** The account with the changed state of one of its tokens. */
export function withTokenState(
  live: LiveAccount,
  workspace: Workspace,
  change: Partial<TokenState>,
): LiveAccount {
  const state = { ...live.tokens[workspace], ...change };
  return { ...live, tokens: { ...live.tokens, [workspace]: state } };
}

/** The workspace of the token with this value; undefined if the account has no such token. */
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
  refusal: RenewalRefusal | undefined,
  before: RefusedBeforeError | undefined,
): RefusedBeforeError | undefined {
  if (!refusal) return undefined;
  return before?.message === refusal.message ? before : new RefusedBeforeError(refusal.message);
}
