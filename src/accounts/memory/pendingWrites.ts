import * as l10n from '@vscode/l10n';
import { WORKSPACES, type Workspace } from '../../looker/workspace';
import { hostOf } from '../../looker/instance/host';
import { instanceOf } from '../account';
import { SecretStorageError } from '../errors';
import type { Log } from '../log';
import type { AccountRecord } from '../store/accountRecord';
import type { AccountStore } from '../store/accountStore';

/** What the store has yet to be told of an account. */
export type PendingWrite =
  /** `replaces`: whether another login of the account is known to have been stored before. */
  | { readonly what: 'login'; readonly replaces: boolean }
  | { readonly what: 'renewal'; readonly over: RenewedOver }
  | { readonly what: 'logout' };

/** What the store is told of an account. */
export type StoreWrite =
  | PendingWrite
  /** `login`: name of the stored login in whose place the one before it counts again. */
  | { readonly what: 'takeBack'; readonly login: string };

/**
 * For each workspace whose token was renewed: the value of the token that is stored, as far as is known, or an empty
 * text where none is.
 */
export type RenewedOver = Readonly<Partial<Record<Workspace, string>>>;

/** Writes to the store. What it refuses stays pending, so that it can be tried again. */
export class PendingWrites {
  private readonly writes = new Map<string, PendingWrite>();

  /** @param onRefused called with what it means for the user that the store has refused something */
  constructor(
    private readonly store: AccountStore,
    private readonly log: Log,
    private readonly onRefused: (error: SecretStorageError) => void,
  ) {}

  get(id: string): PendingWrite | undefined {
    return this.writes.get(id);
  }

  /** Nothing is pending any more: what is stored counts. */
  drop(id: string): void {
    this.writes.delete(id);
  }

  /** Ids of the accounts whose writes are pending. */
  get ids(): readonly string[] {
    return [...this.writes.keys()];
  }

  /** Whether the user has to know. A token that could not be stored is soon replaced: a login or a logout is what counts. */
  get concernsUser(): boolean {
    return [...this.writes.values()].some(({ what }) => what !== 'renewal');
  }

  /**
   * Makes the store what memory is, or is about to be.
   * @param record undefined where the account is to be forgotten
   * @returns what the account has then
   */
  async flush(
    id: string,
    record: AccountRecord | undefined,
    write: StoreWrite,
  ): Promise<AccountRecord | undefined> {
    try {
      const now = await this.write(id, record, write);
      this.writes.delete(id);
      return now;
    } catch (error) {
      // The login that counts again is stored as a whole then.
      const isTakeBack = write.what === 'takeBack';
      this.writes.set(id, isTakeBack ? { what: 'login', replaces: true } : write);
      const host = hostOf(instanceOf(id));
      this.log.warn(`Couldn't save the ${write.what} of an account on ${host}: ${String(error)}`);
      if (write.what !== 'renewal') {
        this.onRefused(new SecretStorageError(error, meaningOf(write.what)));
      }
      return record;
    }
  }

  private async write(
    id: string,
    record: AccountRecord | undefined,
    write: StoreWrite,
  ): Promise<AccountRecord | undefined> {
    if (!record) {
      await this.store.delete(id);
      return undefined;
    }
    if (write.what === 'takeBack') return this.store.takeBack(write.login, record);
    if (write.what !== 'renewal') {
      await this.store.write(record);
      return record;
    }
    let now: AccountRecord | undefined = record;
    for (const workspace of WORKSPACES) {
      if (write.over[workspace] !== undefined) now = await this.store.renew(record, workspace);
    }
    return now;
  }
}

/** What it means for the user that this could not be stored, as a sentence. */
function meaningOf(what: Exclude<StoreWrite['what'], 'renewal'>): string {
  return what === 'logout'
    ? l10n.t("You're logged out, but your API key stays there until it recovers.")
    : l10n.t("Unless it recovers, you'll be logged out when this window closes.");
}
