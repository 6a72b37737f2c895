import { isBaseUrl, isSameInstance, withoutUsualPort } from '../../looker/instance/host';
import { adminIdOf, instanceOf } from '../account';
import type { AccountStore } from '../store/accountStore';
import type { Log } from '../../base/log';
import { KeyedMutex } from '../../base/keyedMutex';
import type { LiveAccount } from './liveAccount';

/** IDs of accounts, one for each instance, the most recently active first. */
type Recent = readonly string[];

type Decision = (recent: Recent) => Recent;

/**
 * The active account, and the last active one on each other instance, in sync with the other windows. Any of them may
 * be logged out by now.
 */
export class ActiveAccounts {
  private recent: Recent = [];
  /** Decisions made here that aren't stored yet. */
  private unsaved: readonly Decision[] = [];
  /** Reads and writes run one at a time: a late read must not undo a choice. */
  private readonly mutex = new KeyedMutex();

  /** @param announce notifies listeners that the active account may have changed */
  constructor(
    private readonly store: AccountStore,
    private readonly log: Log,
    private readonly announce: () => void,
  ) {}

  /** The account chosen last. */
  get id(): string | undefined {
    return this.recent[0];
  }

  /**
   * The account for the status bar: the one chosen last, else its admin, else the one chosen before, else the first.
   * @param all by instance
   */
  shown(all: readonly LiveAccount[]): LiveAccount | undefined {
    return successorOf(this.recent, all);
  }

  /**
   * The current account of an instance, on any of its usual ports: the active account if it is there, else the one that
   * was last active there, else the first.
   */
  currentOn(baseUrl: string, all: readonly LiveAccount[]): LiveAccount | undefined {
    const isThere = ({ record }: LiveAccount) => isSameInstance(record.account.baseUrl, baseUrl);
    const shown = this.shown(all);
    if (shown && isThere(shown)) return shown;
    const last = this.idOn(baseUrl);
    return successorOf(last === undefined ? [] : [last], all.filter(isThere));
  }

  /** The account chosen last on the instance, on any of its usual ports. */
  idOn(baseUrl: string): string | undefined {
    const instance = withoutUsualPort(baseUrl);
    return this.recent.find((id) => keyOf(id) === instance);
  }

  /**
   * Makes an account the active one; this window sees it at once.
   * @param id undefined if no accounts are left
   * @returns once it is stored or storing has failed, which isn't an error for the caller
   */
  activate(id: string | undefined): Promise<void> {
    return this.decide((recent) => (id === undefined ? [] : withFirst(id, recent)));
  }

  /** Forgets accounts that are gone. An admin replaces a user they acted as. */
  async forget(ids: readonly string[]): Promise<void> {
    if (!this.recent.some((id) => ids.includes(id))) return;
    await this.decide((recent) =>
      recent
        .flatMap((id) => (ids.includes(id) ? (adminIdOf(id) ?? []) : id))
        .filter((id) => !ids.includes(id)),
    );
  }

  /** Syncs memory and store: decisions made here are stored, otherwise the stored value is read. Never fails. */
  sync(): Promise<void> {
    return this.mutex.run('active', async () => {
      try {
        const decided = this.unsaved;
        const stored = (await this.store.readActive()).filter((id) => isBaseUrl(instanceOf(id)));
        const recent = after(stored, decided);
        if (decided.length > 0) await this.store.writeActive(recent);
        // There may be new decisions in the meantime.
        this.unsaved = this.unsaved.slice(decided.length);
        this.recent = after(recent, this.unsaved);
      } catch (error) {
        this.log.warn(`Couldn't save or read which account is active: ${String(error)}`);
      }
      this.announce();
    });
  }

  private decide(decision: Decision): Promise<void> {
    this.recent = decision(this.recent);
    this.unsaved = [...this.unsaved, decision];
    this.announce();
    return this.sync();
  }
}

function after(recent: Recent, decisions: readonly Decision[]): Recent {
  return decisions.reduce<Recent>((before, decide) => decide(before), recent);
}

function withFirst(id: string, others: Recent): Recent {
  return [id, ...others.filter((other) => keyOf(other) !== keyOf(id))];
}

/** A key for the account's instance. */
function keyOf(id: string): string {
  return withoutUsualPort(instanceOf(id));
}

/**
 * The first recent account that is among these, or else its admin, since the user then stops acting; else the first of
 * these.
 */
function successorOf(recent: Recent, accounts: readonly LiveAccount[]): LiveAccount | undefined {
  const find = (wanted: string | undefined) =>
    accounts.find(({ record }) => record.account.id === wanted);
  for (const id of recent) {
    const found = find(id) ?? find(adminIdOf(id));
    if (found) return found;
  }
  return accounts[0];
}
