import { createHash } from 'node:crypto';
import * as v from 'valibot';
import type { Clock } from '../looker/clock';
import { StoredAccount, type Account } from './account';
import type { Log } from './log';

/** The slice of VS Code's Memento we use. */
export interface Memento {
  keys(): readonly string[];
  get(key: string): unknown;
  update(key: string, value: unknown): PromiseLike<void>;
}

/** What is remembered of an account, whether it is logged in or not. Nothing of it is secret. */
export interface KnownAccount {
  readonly account: Account;
  /** Epoch ms, up to an hour behind. */
  readonly lastUsedAt: number;
  /** As far as was seen here: secrets can get lost, and other profiles have a memory of their own. */
  readonly isLoggedIn: boolean;
  /** How they logged in last, where that is known. */
  readonly how?: How;
}

/** Ways to log in. */
export const HOW = ['browser', 'apiKey'] as const;
export type How = (typeof HOW)[number];

/** What remembering depends on: accounts, and certificates. */
export interface MemoryOptions {
  readonly memento: Memento;
  readonly clock: Clock;
  readonly log: Log;
}

const PREFIX = 'lookerAuth.known:';
/** Followed by the hash of a label; the value is the hash of the id of the account it belongs to. */
const LABEL_PREFIX = 'lookerAuth.label:';
const HOUR_MS = 60 * 60_000;

/** What is remembered. An entry that does not fit is left alone and not used. */
const StoredKnownAccount = v.object({
  account: StoredAccount,
  lastUsedAt: v.number(),
  isLoggedIn: v.boolean(),
  how: v.exactOptional(v.picklist(HOW)),
});

/**
 * Everybody who has ever logged in here, so that the next login needs less typing, a lost one is noticed,
 * and no label is ever given to a second account. Not worth failing for: what cannot be written is said in
 * the log.
 */
export class KnownAccounts {
  /** What was stored, and is known to fit: it is another object once it is another value. */
  private readonly checked = new WeakMap<object, KnownAccount>();

  constructor(private readonly options: MemoryOptions) {}

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

  /** @param how left out for an account that is acted as */
  noteLogin(account: Account, how?: How): void {
    const lastUsedAt = this.options.clock.now();
    this.write({ account, lastUsedAt, isLoggedIn: true, ...(how && { how }) });
  }

  /** Writes once an hour at most. */
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
   * Drops all that is remembered of an instance and its users. What stays is a hash of each label and account id,
   * readable to nobody: VS Code still trusts extensions by the label, so it must never go to a second user.
   */
  forget(baseUrl: string): void {
    for (const { account } of this.all()) {
      if (account.baseUrl !== baseUrl) continue;
      this.update(LABEL_PREFIX + hash(account.label), hash(account.id), account.label);
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

  /** Whether another account, forgotten by now, had this label. */
  private wasForgotten(label: string, id: string): boolean {
    const { memento } = this.options;
    // Mostly there is nobody, and nothing to hash for.
    if (!memento.keys().some((key) => key.startsWith(LABEL_PREFIX))) return false;
    const owner = memento.get(LABEL_PREFIX + hash(label));
    return owner !== undefined && owner !== hash(id);
  }

  /** To be read again at once; nobody waits until it is on disk. */
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

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function check(stored: object): KnownAccount | undefined {
  const parsed = v.safeParse(StoredKnownAccount, stored);
  return parsed.success ? parsed.output : undefined;
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
