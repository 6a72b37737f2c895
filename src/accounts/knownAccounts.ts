import * as v from 'valibot';
import { Milliseconds } from '../looker/api/shapes';
import type { Clock } from '../looker/clock';
import { sha256 } from '../base/sha256';
import { StoredAccount, type Account } from './account';
import { accountLabel, hasInertLabel } from './login/accountLabel';
import type { Log } from '../base/log';

/** The part of VS Code's Memento that is used. */
export interface Memento {
  keys(): readonly string[];
  get(key: string): unknown;
  update(key: string, value: unknown): PromiseLike<void>;
}

/** What is remembered about an account, logged in or not. Nothing in it is secret. */
export interface KnownAccount {
  readonly account: Account;
  /** Epoch ms, up to an hour out of date. */
  readonly lastUsedAt: number;
  /** As last seen by this profile: secrets can get lost, and other profiles have their own memory. */
  readonly isLoggedIn: boolean;
  /** How the user last logged in, if known. */
  readonly how?: LoginMethod;
}

/** Ways to log in. */
const LOGIN_METHODS = ['browser', 'apiKey'] as const;
export type LoginMethod = (typeof LOGIN_METHODS)[number];

export interface KnownAccountsOptions {
  readonly memento: Memento;
  readonly clock: Clock;
  readonly log: Log;
}

const PREFIX = 'lookerAuth.known:';
/** Followed by the hash of a label; the value is the hash of the ID of the account it belongs to. */
const LABEL_PREFIX = 'lookerAuth.label:';
const HOUR_MS = 60 * 60_000;

/** Schema of a remembered account. An invalid entry is left in place and ignored. */
const StoredKnownAccount = v.object({
  account: v.pipe(
    StoredAccount,
    // Version 1.0.0 made labels of names as servers sent them. The account gets another one with its next login.
    v.transform((account): Account =>
      hasInertLabel(account) ? account : { ...account, label: labelFor(account) },
    ),
  ),
  lastUsedAt: Milliseconds,
  isLoggedIn: v.boolean(),
  how: v.exactOptional(v.picklist(LOGIN_METHODS)),
});

/**
 * All accounts that were ever logged in here, so that the next login needs less typing, a lost login is noticed, and no
 * label is ever given to a second account. Nothing fails because of this memory: if it can't be written, that is only
 * logged.
 */
export class KnownAccounts {
  /** Stored values that were validated. A changed value is a different object. */
  private readonly checked = new WeakMap<object, KnownAccount>();

  constructor(private readonly options: KnownAccountsOptions) {}

  /** All of them, the last used first. */
  all(): readonly KnownAccount[] {
    return this.options.memento
      .keys()
      .filter((key) => key.startsWith(PREFIX))
      .flatMap((key) => this.get(key.slice(PREFIX.length)) ?? [])
      .sort((a, b) => b.lastUsedAt - a.lastUsedAt);
  }

  get(id: string): KnownAccount | undefined {
    const stored = this.options.memento.get(PREFIX + id);
    if (!isObject(stored)) return undefined;
    const known = this.checked.get(stored) ?? check(stored);
    if (known) this.checked.set(stored, known);
    return known?.account.id === id ? known : undefined;
  }

  /** @param how omitted for an account that acts as another user */
  noteLogin(account: Account, how?: LoginMethod): void {
    const lastUsedAt = this.options.clock.now();
    this.write({ account, lastUsedAt, isLoggedIn: true, ...(how && { how }) });
  }

  /** Writes at most once an hour. */
  noteUse(account: Account): void {
    const known = this.get(account.id) ?? { lastUsedAt: -Infinity, isLoggedIn: true };
    const now = this.options.clock.now();
    if (Math.abs(now - known.lastUsedAt) >= HOUR_MS) {
      this.write({ ...known, account, lastUsedAt: now });
    }
  }

  noteLogout(account: Account): void {
    const known = this.get(account.id) ?? { lastUsedAt: this.options.clock.now() };
    this.write({ ...known, account, isLoggedIn: false });
  }

  /**
   * Forgets an instance and its users. Only a hash of each label and account ID stays, which nobody can read: VS Code
   * still stores trust by the label, so it must never be given to a second user.
   */
  forget(baseUrl: string): void {
    for (const { account } of this.all()) {
      if (account.baseUrl !== baseUrl) continue;
      this.update(LABEL_PREFIX + sha256(account.label), sha256(account.id), account.label);
      this.update(PREFIX + account.id, undefined, account.label);
    }
  }

  /** Whether another account has, or ever had, this label. */
  isTaken(label: string, id: string): boolean {
    return (
      this.all().some(({ account }) => account.id !== id && account.label === label) ||
      this.wasForgotten(label, id)
    );
  }

  /** Whether another account that is now forgotten had this label. */
  private wasForgotten(label: string, id: string): boolean {
    const { memento } = this.options;
    // Usually there are none, and then nothing has to be hashed.
    if (!memento.keys().some((key) => key.startsWith(LABEL_PREFIX))) return false;
    const owner = memento.get(LABEL_PREFIX + sha256(label));
    return owner !== undefined && owner !== sha256(id);
  }

  /** Updates the value in memory at once, without waiting for the disk. */
  private write(known: KnownAccount): void {
    const key = PREFIX + known.account.id;
    this.update(key, known, known.account.label);
    const stored = this.options.memento.get(key);
    if (isObject(stored)) this.checked.set(stored, known);
  }

  private update(key: string, value: unknown, label: string): void {
    const { memento, log } = this.options;
    memento.update(key, value).then(undefined, (error: unknown) => {
      log.warn(`Couldn't remember ${label}: ${String(error)}`);
    });
  }
}

function labelFor({ baseUrl, user, sudo }: Account): string {
  return accountLabel({ baseUrl, user, ...(sudo && { admin: sudo.admin }) }, new Set());
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function check(stored: object): KnownAccount | undefined {
  const parsed = v.safeParse(StoredKnownAccount, stored);
  return parsed.success ? parsed.output : undefined;
}
