import * as v from 'valibot';
import { API_VERSIONS } from '../looker/apiVersion';
import type { ApiKey } from '../looker/lookerApi';
import type { Token } from '../looker/token';
import { hostOf } from '../looker/errors';
import { instanceOf, type Account } from './account';
import type { Disposable, Event } from './emitter';

/** The slice of VS Code's SecretStorage we use. */
export interface Secrets {
  get(key: string): PromiseLike<string | undefined>;
  store(key: string, value: string): PromiseLike<void>;
  delete(key: string): PromiseLike<void>;
  keys(): PromiseLike<string[]>;
  readonly onDidChange: Event<{ readonly key: string }>;
}

/** All there is to know about one account. The only thing that holds secrets, and only in SecretStorage. */
export interface AccountRecord {
  readonly account: Account;
  /** Absent for sudo accounts, and where the user keeps only the token. */
  readonly apiKey?: ApiKey;
  readonly token: Token;
}

const PREFIX = 'lookerAuth.account:';
/** Which account is the active one. No secret, but only SecretStorage tells the other windows. */
const ACTIVE = 'lookerAuth.active';

const text = v.pipe(v.string(), v.minLength(1));
const User = v.object({ id: text, name: text, email: v.exactOptional(text) });

/** Version 1 of what is stored. A record that does not fit is left alone and not used. */
const StoredRecord = v.pipe(
  v.string(),
  v.parseJson(),
  v.object({
    version: v.literal(1),
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
    token: v.object({ value: text, issuedAt: v.number(), expiresAt: v.number() }),
  }),
);

/**
 * Accounts in SecretStorage, one secret each: windows that shared one secret would drop each other's
 * data. Never caches, so that what it reads is what all windows see.
 */
export class AccountStore {
  constructor(private readonly secrets: Secrets) {}

  /** Ids of all accounts stored, readable or not. */
  async ids(): Promise<string[]> {
    const keys = await this.secrets.keys();
    return keys.filter((key) => key.startsWith(PREFIX)).map((key) => key.slice(PREFIX.length));
  }

  /**
   * @returns undefined where there is no such account
   * @throws UnreadableAccountError
   */
  async read(id: string): Promise<AccountRecord | undefined> {
    const stored = await this.secrets.get(PREFIX + id);
    if (stored === undefined) return undefined;
    const parsed = v.safeParse(StoredRecord, stored);
    if (!parsed.success || parsed.output.account.id !== id) throw new UnreadableAccountError(id);
    const { account, apiKey, token } = parsed.output;
    return { account, token, ...(apiKey && { apiKey }) };
  }

  async write(record: AccountRecord): Promise<void> {
    await this.secrets.store(
      PREFIX + record.account.id,
      JSON.stringify({ version: 1, ...record } satisfies v.InferOutput<typeof StoredRecord>),
    );
  }

  async delete(id: string): Promise<void> {
    await this.secrets.delete(PREFIX + id);
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
      else if (key.startsWith(PREFIX)) listeners.account(key.slice(PREFIX.length));
    });
  }
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
