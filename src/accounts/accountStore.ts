import * as v from 'valibot';
import { API_VERSIONS } from '../looker/apiVersion';
import type { ApiKey } from '../looker/lookerApi';
import type { Token } from '../looker/token';
import { hostOf } from '../looker/errors';
import { instanceOf, type Account } from './account';
import type { Disposable } from './emitter';
import type { Secrets } from './secrets';

/** All there is to know about one account. The only thing that holds secrets, and only in SecretStorage. */
export interface AccountRecord {
  readonly account: Account;
  /** Names the log-in that this record comes from, so that a renewal of an older one cannot touch it. */
  readonly login: string;
  /** Absent for sudo accounts, and where the user keeps only the token. */
  readonly apiKey?: ApiKey;
  readonly token: Token;
}

const ACCOUNT = 'lookerAuth.account:';
/** Followed by the account's id and the log-in, for the latest token of that log-in. */
const TOKEN = 'lookerAuth.token:';
/** Which account is the active one. No secret, but only SecretStorage tells the other windows. */
const ACTIVE = 'lookerAuth.active';

const text = v.pipe(v.string(), v.minLength(1));
const User = v.object({ id: text, name: text, email: v.exactOptional(text) });
const StoredToken = v.object({
  value: text,
  issuedAt: v.number(),
  expiresAt: v.number(),
  clockAhead: v.number(),
});

/** Version 1 of what a log-in stores. A record that does not fit is left alone and not used. */
const StoredRecord = v.pipe(
  v.string(),
  v.parseJson(),
  v.object({
    version: v.literal(1),
    login: text,
    account: v.object({
      id: text,
      label: text,
      baseUrl: v.pipe(text, v.url()),
      apiVersion: v.picklist(API_VERSIONS),
      user: User,
      sudo: v.exactOptional(
        v.object({
          adminAccountId: text,
          admin: User,
          associative: v.exactOptional(v.boolean()),
        }),
      ),
    }),
    apiKey: v.exactOptional(v.object({ clientId: text, clientSecret: text })),
    token: StoredToken,
  }),
);

/** Version 1 of what a renewal stores. */
const StoredRenewal = v.pipe(
  v.string(),
  v.parseJson(),
  v.object({ version: v.literal(1), token: StoredToken }),
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
    if (!parsed.success || parsed.output.account.id !== id) throw new UnreadableAccountError(id);
    const { account, login, apiKey, token } = parsed.output;
    const record = { account, login, token, ...(apiKey && { apiKey }) };
    const renewal = v.safeParse(StoredRenewal, await this.secrets.get(tokenKey(record)));
    return { ...record, ...(renewal.success && { token: renewal.output.token }) };
  }

  /** Stores a log-in, in place of any other of the account. */
  async write(record: AccountRecord): Promise<void> {
    const stored: v.InferOutput<typeof StoredRecord> = { version: 1, ...record };
    await this.secrets.store(ACCOUNT + record.account.id, JSON.stringify(stored));
  }

  /**
   * Stores the token of a renewal, unless its log-in has ended meanwhile.
   * @returns what is stored then, by whichever window
   */
  async renew(renewed: AccountRecord): Promise<AccountRecord | undefined> {
    const { token } = renewed;
    const stored: v.InferOutput<typeof StoredRenewal> = { version: 1, token };
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
   * @param latest a log-in whose predecessors' tokens are deleted too
   */
  async sweep(latest?: AccountRecord): Promise<void> {
    const keys = new Set(await this.secrets.keys());
    for (const key of keys) {
      if (!key.startsWith(TOKEN)) continue;
      const id = idInTokenKey(key);
      const isReplaced = id === latest?.account.id && key !== tokenKey(latest);
      if (isReplaced || !keys.has(ACCOUNT + id)) await this.secrets.delete(key);
    }
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

function idInTokenKey(key: string): string {
  return key.slice(TOKEN.length, key.lastIndexOf(' '));
}

/** What is stored for an account is damaged, or was written by a newer version. It stays where it is. */
export class UnreadableAccountError extends Error {
  override readonly name = 'UnreadableAccountError';
  constructor(readonly accountId: string) {
    super(
      `What is stored for an account on ${hostOf(instanceOf(accountId))} cannot be read. Log in there again.`,
    );
  }
}
