import { WORKSPACES, type Workspace } from '../../looker/workspace';
import type { UnreadableAccountError } from '../errors';
import { tokenValue, type AccountRecord } from '../store/accountRecord';
import type { Announcements } from './announcements';
import { toLive, withSeen, type LiveAccount, type TokenState } from './liveAccount';

/** How a record differs from the one before. A change of `status` leaves the account and its tokens as they were. */
type Difference = 'none' | 'status' | 'added' | 'removed' | 'renewed';

/** The accounts this window knows, each one value that is replaced whole. What changes is announced. */
export class AccountCache {
  private readonly accounts = new Map<string, LiveAccount>();
  private readonly damaged = new Map<string, UnreadableAccountError>();
  /** The accounts as a list, until they change. */
  private list: readonly LiveAccount[] | undefined;

  /** @param random from 0 to 1 */
  constructor(
    private readonly announcements: Announcements,
    private readonly random: () => number,
  ) {}

  get(id: string): LiveAccount | undefined {
    return this.accounts.get(id);
  }

  /** By instance, each admin followed by the users they act as. The same list until an account changes. */
  all(): readonly LiveAccount[] {
    return (this.list ??= [...this.accounts.values()].sort((a, b) =>
      this.placeOf(a).localeCompare(this.placeOf(b)),
    ));
  }

  /** Ids of all accounts, those that cannot be read included, in no order. */
  get ids(): readonly string[] {
    return [...this.accounts.keys(), ...this.damaged.keys()];
  }

  /** Whether nothing is left of the account, not even what cannot be read. */
  isGone(id: string): boolean {
    return !this.accounts.has(id) && !this.damaged.has(id);
  }

  /** Accounts whose records cannot be read. They stay stored until their user logs in or out. */
  get unreadable(): readonly UnreadableAccountError[] {
    return [...this.damaged.values()];
  }

  /** Why what is stored for the account cannot be read; undefined where it can, or nothing is. */
  damageOf(id: string): UnreadableAccountError | undefined {
    return this.damaged.get(id);
  }

  /** Takes in what is stored of an account, or that nothing is. */
  show(id: string, record: AccountRecord | undefined): void {
    const wasDamaged = this.damaged.delete(id);
    const before = this.accounts.get(id);
    const difference = differenceOf(before?.record, record);
    if (difference !== 'none') {
      if (record) this.accounts.set(id, toLive(record, before, this.random));
      else this.accounts.delete(id);
      this.list = undefined;
    }
    const account = (record ?? before?.record)?.account;
    if (difference === 'status' || difference === 'none') {
      if (wasDamaged || difference === 'status') this.announcements.status();
    } else if (account) {
      this.announcements.tell({ [difference]: [account] });
    }
  }

  /** Takes in that what is stored of an account cannot be read. */
  showDamage(id: string, error: UnreadableAccountError): void {
    this.show(id, undefined);
    this.damaged.set(id, error);
    this.announcements.status();
  }

  /**
   * Takes in what was seen of a token, unless the account has another one by now. Nothing is announced.
   * @param value the token's; undefined where there is none yet
   */
  see(
    id: string,
    workspace: Workspace,
    value: string | undefined,
    seen: Partial<TokenState>,
  ): void {
    const live = this.accounts.get(id);
    if (!live || tokenValue(live.record, workspace) !== value) return;
    const next = withSeen(live, workspace, seen);
    this.accounts.set(id, next);
    this.list = this.list?.map((each) => (each === live ? next : each));
  }

  private placeOf({ record: { account } }: LiveAccount): string {
    const { baseUrl, label, sudo, user } = account;
    if (!sudo) return `${baseUrl} ${user.name} ${user.id}`;
    // As the admin is called now, and not when the other login was made.
    const admin = this.accounts.get(sudo.adminAccountId)?.record.account.user ?? sudo.admin;
    return `${baseUrl} ${admin.name} ${admin.id} ${label}`;
  }
}

function differenceOf(
  before: AccountRecord | undefined,
  now: AccountRecord | undefined,
): Difference {
  if (!before) return now ? 'added' : 'none';
  if (!now) return 'removed';
  const differs = (of: (record: AccountRecord, workspace: Workspace) => unknown) =>
    WORKSPACES.some((workspace) => of(before, workspace) !== of(now, workspace));
  if (differs(tokenValue)) return 'renewed';
  const hasStatusChanged =
    before.login !== now.login ||
    before.credentialChanges !== now.credentialChanges ||
    differs(({ tokens }, workspace) => tokens[workspace]?.refusal?.message) ||
    differs(({ tokens }, workspace) => tokens[workspace]?.refusal?.isAcknowledged);
  return hasStatusChanged ? 'status' : 'none';
}
