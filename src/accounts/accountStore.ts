import { createHash } from 'node:crypto';
import * as v from 'valibot';
import type { ApiKey } from '../looker/api/lookerApi';
import { TokenValue } from '../looker/api/shapes';
import type { Token } from '../looker/api/token';
import { StoredAccount, type Account } from './account';
import type { Disposable } from './emitter';
import { NewerAccountError, UnreadableAccountError } from './errors';
import type { Secrets } from './secrets';

/** All there is to know about one account, its secrets included: it is stored in SecretStorage only. */
export interface AccountRecord {
  readonly account: Account;
  /** Names the log-in that this record comes from, so that a renewal of an older one cannot touch it. */
  readonly login: string;
  /** Absent for sudo accounts, and where the user keeps only the token. */
  readonly apiKey?: ApiKey;
  readonly token: Token;
  /** Earlier tokens, which may have some life left. They end with the account. */
  readonly replaced: readonly Token[];
  /** Set once Looker has refused to renew the token: nobody tries again until the user does. */
  readonly refusal?: Refusal;
}

/** Why Looker refused, for all windows. */
export interface Refusal {
  /** The sentence for the user. */
  readonly message: string;
  /** Whether they have read it, in whichever window. */
  readonly isTold: boolean;
}

const ACCOUNT = 'lookerAuth.account:';
/** Followed by the account's id and the log-in, for the latest token of that log-in. */
const TOKEN = 'lookerAuth.token:';
/**
 * Followed by the hashes of a label and of the id of an account that has claimed it; the value tells nothing more. No
 * secret, but only SecretStorage stores what each window writes, whatever others write at the same time.
 */
const LABEL = 'lookerAuth.label:';
/** Which account is the active one. No secret, but only SecretStorage tells the other windows. */
const ACTIVE = 'lookerAuth.active';

const text = v.pipe(v.string(), v.minLength(1));
const StoredToken = v.object({
  value: TokenValue,
  issuedAt: v.number(),
  expiresAt: v.number(),
  clockAhead: v.number(),
});

const json = v.pipe(v.string(), v.parseJson());

/** What says that a newer version of Looker Auth has stored something. */
const NewerRecord = v.pipe(json, v.object({ version: v.pipe(v.number(), v.minValue(2)) }));

/** Version 1 of what a log-in stores. A record that does not fit is left alone and not used. */
const StoredRecord = v.pipe(
  json,
  v.object({
    version: v.literal(1),
    login: text,
    account: StoredAccount,
    apiKey: v.exactOptional(v.object({ clientId: text, clientSecret: text })),
    token: StoredToken,
    replaced: v.array(StoredToken),
  }),
);

/** Version 1 of what a renewal stores. */
const StoredRenewal = v.pipe(
  json,
  v.object({
    version: v.literal(1),
    token: StoredToken,
    replaced: v.array(StoredToken),
    refusal: v.exactOptional(v.object({ message: text, isTold: v.boolean() })),
  }),
);

/**
 * Accounts in SecretStorage. What windows write at the same time must not destroy each other, and there is
 * no way to write only what nobody else has written. So each account has a secret of its own, written by
 * log-ins only; and each log-in has one more for the tokens of its renewals. A renewal that comes too late
 * can neither bring back an account that was logged out nor undo a new log-in.
 *
 * Never caches, so that what it reads is what all windows see.
 */
export class AccountStore {
  constructor(private readonly secrets: Secrets) {}

  /** Ids of all accounts stored, readable or not. */
  async ids(): Promise<string[]> {
    const keys = await this.secrets.keys();
    return keys.filter((key) => key.startsWith(ACCOUNT)).map((key) => key.slice(ACCOUNT.length));
  }

  /**
   * @returns undefined where there is no such account
   * @throws UnreadableAccountError
   */
  async read(id: string): Promise<AccountRecord | undefined> {
    const stored = await this.secrets.get(ACCOUNT + id);
    if (stored === undefined) return undefined;
    const parsed = v.safeParse(StoredRecord, stored);
    if (v.is(NewerRecord, stored)) throw new NewerAccountError(id);
    if (!parsed.success || parsed.output.account.id !== id) throw new UnreadableAccountError(id);
    const { version: _, ...record } = parsed.output;
    const renewal = v.safeParse(StoredRenewal, await this.secrets.get(tokenKey(record)));
    if (!renewal.success) return record;
    const { token, replaced, refusal } = renewal.output;
    return { ...record, token, replaced, ...(refusal && { refusal }) };
  }

  /** Stores a log-in, in place of any other of the account. */
  async write({ refusal: _, ...record }: AccountRecord): Promise<void> {
    const stored: v.InferInput<typeof StoredRecord> = JSON.stringify({ version: 1, ...record });
    await this.secrets.store(ACCOUNT + record.account.id, stored);
  }

  /**
   * Stores the token of a renewal, or why there is none, unless its log-in has ended meanwhile.
   * @returns what is stored then, by whichever window
   */
  async renew(renewed: AccountRecord): Promise<AccountRecord | undefined> {
    const { token, replaced, refusal } = renewed;
    const stored: v.InferOutput<typeof StoredRenewal> = {
      version: 1,
      token,
      replaced: [...replaced],
      ...(refusal && { refusal }),
    };
    await this.secrets.store(tokenKey(renewed), JSON.stringify(stored));
    const now = await this.read(renewed.account.id);
    if (now?.login !== renewed.login) await this.secrets.delete(tokenKey(renewed));
    return now;
  }

  /** Deletes all there is of an account, whichever log-in it comes from. */
  async delete(id: string): Promise<void> {
    await this.secrets.delete(ACCOUNT + id);
    await this.sweep();
  }

  /**
   * Deletes the tokens that have no account: a window may be closed in the middle of a log-out.
   * @param id an account of whose log-ins all tokens are deleted but those of the one that is stored
   */
  async sweep(id?: string): Promise<void> {
    const keys = new Set(await this.secrets.keys());
    // Read afterwards: a log-in that is newer than those has none of these tokens.
    const latest = id === undefined ? undefined : await this.read(id);
    for (const key of keys) {
      if (!key.startsWith(TOKEN)) continue;
      const owner = idInTokenKey(key);
      const isReplaced = latest && owner === id && key !== tokenKey(latest);
      if (isReplaced || !keys.has(ACCOUNT + owner)) await this.secrets.delete(key);
    }
  }

  /**
   * Claims a label for an account for good: VS Code trusts extensions by it, even after the account was logged out.
   * Claims are never taken back, and each looks for others after it was stored. So of two accounts that claim a label
   * at the same time, in whichever windows, one gets it at most.
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

  async readActive(): Promise<string | undefined> {
    return this.secrets.get(ACTIVE);
  }

  async writeActive(id: string): Promise<void> {
    await this.secrets.store(ACTIVE, id);
  }

  async deleteActive(): Promise<void> {
    await this.secrets.delete(ACTIVE);
  }

  /** Tells of changes by any window, this one included; VS Code may tell twice, or of nothing new. */
  onDidChange(listeners: { account: (id: string) => void; active: () => void }): Disposable {
    return this.secrets.onDidChange(({ key }) => {
      if (key === ACTIVE) listeners.active();
      else if (key.startsWith(ACCOUNT)) listeners.account(key.slice(ACCOUNT.length));
      else if (key.startsWith(TOKEN)) listeners.account(idInTokenKey(key));
    });
  }
}

/** No blank can be in a log-in's name. */
function tokenKey({ account, login }: Omit<AccountRecord, 'token'>): string {
  return `${TOKEN}${account.id} ${login}`;
}

function labelKey(label: string, id: string): string {
  return `${LABEL}${hash(label)} ${hash(id)}`;
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function idInTokenKey(key: string): string {
  return key.slice(TOKEN.length, key.lastIndexOf(' '));
}
