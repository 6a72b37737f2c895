import { WORKSPACES, type Workspace } from '../../looker/workspace';
import type { UnreadableAccountError } from '../errors';
import { tokenValue, type AccountRecord } from '../store/accountRecord';
import type { AccountsChange, Announcements } from './announcements';
import { toLive, withTokenState, type LiveAccount, type TokenState } from './liveAccount';

/** How a record differs from the previous one. After a change of `status`, the account and its tokens are the same. */
type Difference = 'status' | keyof AccountsChange;

const RENEWED = { production: 'renewed', dev: 'renewedForDev' } as const;

/**
 * The accounts this window knows. Each is an immutable value that is replaced as a whole, and changes are announced.
 */
export class AccountCache {
  private readonly accounts = new Map<string, LiveAccount>();
  private readonly unreadableById = new Map<string, UnreadableAccountError>();
  /** The sorted list, cached until an account changes. */
  private list: readonly LiveAccount[] | undefined;

  /** @param random from 0 to 1 */
  constructor(
    private readonly announcements: Announcements,
    private readonly random: () => number,
  ) {}

  get(id: string): LiveAccount | undefined {
    return this.accounts.get(id);
  }

  /** By instance, each admin followed by the users they act as. Returns the same list until an account changes. */
  all(): readonly LiveAccount[] {
    return (this.list ??= this.sorted());
  }

  /** IDs of all accounts, including unreadable ones, in no particular order. */
  get ids(): readonly string[] {
    return [...this.accounts.keys(), ...this.unreadableById.keys()];
  }

  /** Whether there is no record of the account, not even an unreadable one. */
  isGone(id: string): boolean {
    return !this.accounts.has(id) && !this.unreadableById.has(id);
  }

  /** Accounts with records that can't be read. They stay stored until their user logs in or out. */
  get unreadable(): readonly UnreadableAccountError[] {
    return [...this.unreadableById.values()];
  }

  /** Why the account's stored record can't be read; undefined if it can, or there is none. */
  unreadableError(id: string): UnreadableAccountError | undefined {
    return this.unreadableById.get(id);
  }

  /** Applies the stored record of an account, or its absence. */
  set(id: string, record: AccountRecord | undefined): void {
    this.replace(id, record, undefined);
  }

  /** Records that an account's stored record can't be read. */
  setUnreadable(id: string, error: UnreadableAccountError): void {
    this.replace(id, undefined, error);
  }

  /** @param error set if there is a record, but it can't be read */
  private replace(
    id: string,
    record: AccountRecord | undefined,
    error: UnreadableAccountError | undefined,
  ): void {
    const wasUnreadable = this.unreadableById.delete(id);
    if (error) this.unreadableById.set(id, error);
    const before = this.accounts.get(id);
    const differences = differencesOf(before?.record, record);
    if (differences.length > 0) {
      if (record) this.accounts.set(id, toLive(record, before, this.random));
      else this.accounts.delete(id);
      this.list = undefined;
    }
    const account = (record ?? before?.record)?.account;
    const changes = differences.filter((difference) => difference !== 'status');
    if (account && changes.length > 0) {
      this.announcements.announce(Object.fromEntries(changes.map((change) => [change, [account]])));
    } else if (wasUnreadable || error || differences.length > 0) {
      this.announcements.announceStatus();
    }
  }

  /**
   * Updates the observed state of a token, unless the account has another token now. Nothing is announced.
   * @param value the token's value; undefined if there is no token yet
   */
  setTokenState(
    id: string,
    workspace: Workspace,
    value: string | undefined,
    change: Partial<TokenState>,
  ): void {
    const live = this.accounts.get(id);
    if (!live || tokenValue(live.record, workspace) !== value) return;
    const next = withTokenState(live, workspace, change);
    this.accounts.set(id, next);
    this.list = this.list?.map((each) => (each === live ? next : each));
  }

  private sorted(): readonly LiveAccount[] {
    const placed = [...this.accounts.values()].map((live) => ({ live, place: this.placeOf(live) }));
    return placed.sort((a, b) => a.place.localeCompare(b.place)).map(({ live }) => live);
  }

  private placeOf({ record: { account } }: LiveAccount): string {
    const { baseUrl, label, sudo, user } = account;
    if (!sudo) return `${baseUrl} ${user.name} ${user.id}`;
    // Uses the admin's current name, not the one at the time of the sudo login.
    const admin = this.accounts.get(sudo.adminAccountId)?.record.account.user ?? sudo.admin;
    return `${baseUrl} ${admin.name} ${admin.id} ${label}`;
  }
}

function differencesOf(
  before: AccountRecord | undefined,
  now: AccountRecord | undefined,
): readonly Difference[] {
  if (!before) return now ? ['added'] : [];
  if (!now) return ['removed'];
  const differs = (of: (record: AccountRecord, workspace: Workspace) => unknown) =>
    WORKSPACES.filter((workspace) => of(before, workspace) !== of(now, workspace));
  const renewals = differs(tokenValue).map((workspace) => RENEWED[workspace]);
  if (renewals.length > 0) return renewals;
  const hasStatusChanged =
    before.login !== now.login ||
    before.credentialChanges !== now.credentialChanges ||
    differs(({ tokens }, workspace) => tokens[workspace]?.refusal?.message).length > 0 ||
    differs(({ tokens }, workspace) => tokens[workspace]?.refusal?.isAcknowledged).length > 0;
  return hasStatusChanged ? ['status'] : [];
}
