import { sha256 } from '../../base/sha256';
import { WORKSPACES, type Workspace } from '../../looker/workspace';
import type { Account } from '../account';
import type { Disposable } from '../../base/emitter';
import { NewerAccountError, UnreadableAccountError } from '../errors';
import { originOf, type AccountRecord } from './accountRecord';
import type { Secrets } from './secrets';
import {
  isNewer,
  recordIn,
  storedRecord,
  storedRefusals,
  storedRenewal,
  withRefusals,
  withRenewal,
} from './storedForm';

const ACCOUNT = 'lookerAuth.account:';
/**
 * Followed by the account's ID, the login and the workspace, for the latest token of that login in that workspace; or,
 * in place of the workspace, by {@link REFUSALS} for why tokens of that login weren't renewed, or by {@link TAKEN_BACK}
 * for the login that is restored.
 */
const TOKEN = 'lookerAuth.token:';
const REFUSALS = 'refusals';
const TAKEN_BACK = 'takenBack';
/** Stored in place of a login to restore, if there was none before the one that was taken back. */
const NOTHING = 'none';
/**
 * Followed by the hashes of a label and of the ID of the account that claimed it; the value is meaningless. It isn't
 * secret, but only SecretStorage writes each key separately, so that windows don't overwrite each other.
 */
const LABEL = 'lookerAuth.label:';
/**
 * The active account, and the last active one on each other instance. It isn't secret, but only SecretStorage notifies
 * other windows.
 */
const ACTIVE = 'lookerAuth.active';

/**
 * Accounts in SecretStorage. Windows that write at the same time must not overwrite each other, and SecretStorage has
 * no conditional writes. So each account has its own secret, written only by logins, and each login has another one per
 * workspace for the tokens of its renewals. A late renewal can then neither restore a logged-out account nor undo a new
 * login, nor a renewal for the other workspace. Refusals have their own secret, so that a late one can't undo another
 * window's renewal. For the same reason, a login that is taken back has its own secret for the login that is restored.
 * Of two windows that take back overlapping logins, each stores that first and reads the other's afterwards, so at
 * least one of them sees both.
 *
 * It never caches, so it reads what all windows see.
 */
export class AccountStore {
  constructor(private readonly secrets: Secrets) {}

  /** IDs of all stored accounts, readable or not. */
  async ids(): Promise<string[]> {
    const keys = await this.secrets.keys();
    return keys.filter((key) => key.startsWith(ACCOUNT)).map((key) => key.slice(ACCOUNT.length));
  }

  /**
   * @returns undefined if there is no such account
   * @throws UnreadableAccountError
   */
  async read(id: string): Promise<AccountRecord | undefined> {
    const latest = await this.readLatest(id);
    if (!latest) return undefined;
    const [{ standing }, renewed] = await Promise.all([
      this.readStanding(latest),
      this.readRenewals(latest),
    ]);
    return standing === latest ? renewed : standing && this.readRenewals(standing);
  }

  /** The record that the account's latest login stored. */
  private async readLatest(id: string): Promise<AccountRecord | undefined> {
    const stored = await this.secrets.get(ACCOUNT + id);
    if (stored === undefined) return undefined;
    const record = recordIn(stored, id);
    if (record) return record;
    throw isNewer(stored) ? new NewerAccountError(id) : new UnreadableAccountError(id);
  }

  /**
   * The login that counts: the latest one or, if that was taken back, the one that is restored, and so on.
   * @returns `standing` is undefined if all of them were taken back; `origins` are the logins that matter for that
   */
  private async readStanding(
    latest: AccountRecord | undefined,
  ): Promise<{ standing: AccountRecord | undefined; origins: readonly string[] }> {
    const origins: string[] = [];
    let standing = latest;
    for (let next = latest; next && !origins.includes(originOf(next));) {
      standing = next;
      const { account } = next;
      const login = originOf(next);
      origins.push(login);
      const stored = await this.secrets.get(tokenKey({ account, login }, TAKEN_BACK));
      next = recordIn(stored, account.id);
      if (stored === NOTHING) standing = undefined;
    }
    return { standing, origins: origins.concat(latest?.replaces ?? []) };
  }

  /** The record with the results of its renewals: tokens and refusals. */
  private async readRenewals(record: AccountRecord): Promise<AccountRecord> {
    const [refusals, ...renewals] = await Promise.all(
      ([REFUSALS, ...WORKSPACES] as const).map((of) => this.secrets.get(tokenKey(record, of))),
    );
    const renewed = WORKSPACES.reduce(
      (before, workspace, place) => withRenewal(before, workspace, renewals[place]),
      record,
    );
    return withRefusals(renewed, refusals);
  }

  /** Stores a login in place of any other login of the account. */
  async write(record: AccountRecord): Promise<void> {
    await this.secrets.store(ACCOUNT + record.account.id, storedRecord(record));
  }

  /**
   * Takes back a login, unless it has ended in the meantime. If another login has replaced it by now, that one stays,
   * and this one isn't restored if that is taken back, too. SecretStorage has no conditional deletion, so the latest
   * login is read right before the account is deleted.
   * @param login its name
   * @param record the login to restore; undefined if there was none
   * @returns the record that is stored afterwards, by any window
   */
  async takeBack(
    id: string,
    login: string,
    record: AccountRecord | undefined,
  ): Promise<AccountRecord | undefined> {
    if (!record) {
      const latest = await this.readLatest(id).catch((error: unknown) => {
        if (error instanceof UnreadableAccountError) return undefined;
        throw error;
      });
      if (latest?.login === login) await this.delete(id);
      if (!latest || latest.login === login) return undefined;
    }
    const key = tokenKey({ account: { id }, login }, TAKEN_BACK);
    await this.secrets.store(key, record ? storedRecord(record) : NOTHING);
    const latest = await this.readLatest(id);
    const { standing, origins } = await this.readStanding(latest);
    if (latest && !standing) await this.delete(id);
    else if (!origins.includes(login)) await this.secrets.delete(key);
    return standing && this.readRenewals(standing);
  }

  /**
   * Stores the token of a renewal, unless its login has ended in the meantime. A changed credential is stored in the
   * same write.
   * @returns the record that is stored afterwards, by any window
   */
  writeRenewal(renewed: AccountRecord, workspace: Workspace): Promise<AccountRecord | undefined> {
    return this.writeOf(renewed, workspace, storedRenewal(renewed, workspace));
  }

  /**
   * Stores why Looker refused to renew tokens of a record, unless its login has ended in the meantime.
   * @returns the record that is stored afterwards, by any window
   */
  writeRefusals(refused: AccountRecord): Promise<AccountRecord | undefined> {
    return this.writeOf(refused, REFUSALS, storedRefusals(refused));
  }

  /** Stores what belongs to a login, unless that has ended in the meantime. */
  private async writeOf(
    record: AccountRecord,
    of: Workspace | typeof REFUSALS,
    stored: string,
  ): Promise<AccountRecord | undefined> {
    const key = tokenKey(record, of);
    await this.secrets.store(key, stored);
    const now = await this.read(record.account.id);
    if (now?.login !== record.login) await this.secrets.delete(key);
    return now;
  }

  /** Deletes everything stored for an account, from all of its logins. */
  async delete(id: string): Promise<void> {
    await this.secrets.delete(ACCOUNT + id);
    await this.sweep();
  }

  /**
   * Deletes tokens without an account: a window may be closed during a logout.
   * @param id an account whose tokens are also deleted if they aren't from its current login
   */
  async sweep(id?: string): Promise<void> {
    const keys = new Set(await this.secrets.keys());
    // Read after the keys, so that a login newer than the keys has none of these tokens.
    const latest = id === undefined ? undefined : await this.readLatest(id);
    const { standing, origins } = await this.readStanding(latest);
    const current = [latest?.login, standing?.login];
    for (const key of keys) {
      if (!key.startsWith(TOKEN)) continue;
      const owner = idInTokenKey(key);
      const [login = '', of = ''] = key.split(' ').slice(-2);
      const isReplaced =
        latest && owner === id && !(of === TAKEN_BACK ? origins : current).includes(login);
      if (isReplaced || !keys.has(ACCOUNT + owner)) await this.secrets.delete(key);
    }
  }

  /**
   * Claims a label for an account permanently: VS Code stores trust by label, even after the account was logged out.
   * Claims are never withdrawn, and each claim looks for others after it was stored. So if two accounts claim a label
   * at the same time, in any windows, at most one gets it.
   * @returns whether no other account has ever claimed it
   */
  async claimLabel(label: string, id: string): Promise<boolean> {
    const own = labelKey(label, id);
    const prefix = own.slice(0, own.lastIndexOf(' ') + 1);
    const claims = async () => (await this.secrets.keys()).filter((key) => key.startsWith(prefix));
    const before = await claims();
    if (before.includes(own)) return before.length === 1;
    if (before.length > 0) return false;
    await this.secrets.store(labelKey(label, id), 'claimed');
    return (await claims()).every((key) => key === own);
  }

  /**
   * Whether an account's claim to its label is stored: a logout leaves it, so it is missing only if all secrets are.
   */
  async hasClaimed({ label, id }: Account): Promise<boolean> {
    return (await this.secrets.get(labelKey(label, id))) !== undefined;
  }

  /** IDs of the active account and of the last active ones on other instances, the latest first. */
  async readActive(): Promise<readonly string[]> {
    return (await this.secrets.get(ACTIVE))?.split('\n') ?? [];
  }

  async writeActive(ids: readonly string[]): Promise<void> {
    if (ids.length > 0) await this.secrets.store(ACTIVE, ids.join('\n'));
    else await this.secrets.delete(ACTIVE);
  }

  /** Reports changes by any window, including this one. VS Code may report a change twice, or without a difference. */
  onDidChange(listeners: { account: (id: string) => void; active: () => void }): Disposable {
    return this.secrets.onDidChange(({ key }) => {
      if (key === ACTIVE) listeners.active();
      else if (key.startsWith(ACCOUNT)) listeners.account(key.slice(ACCOUNT.length));
      else if (key.startsWith(TOKEN)) listeners.account(idInTokenKey(key));
    });
  }
}

/** Neither the name of a login nor what follows it contains a blank. */
function tokenKey(
  { account, login }: { readonly account: Pick<Account, 'id'>; readonly login: string },
  of: Workspace | typeof REFUSALS | typeof TAKEN_BACK,
): string {
  return `${TOKEN}${account.id} ${login} ${of}`;
}

function labelKey(label: string, id: string): string {
  return `${LABEL}${sha256(label)} ${sha256(id)}`;
}

function idInTokenKey(key: string): string {
  return key.slice(TOKEN.length).split(' ').slice(0, -2).join(' ');
}
