import { createHash } from 'node:crypto';
import * as v from 'valibot';
import { TokenValue } from '../../looker/api/shapes';
import { WORKSPACES, type Workspace } from '../../looker/workspace';
import { StoredAccount } from '../account';
import { StoredCredential } from '../credentials/storedCredential';
import type { Account } from '../account';
import type { Disposable } from '../emitter';
import { NewerAccountError, UnreadableAccountError } from '../errors';
import { withToken, type AccountRecord } from './accountRecord';
import type { Secrets } from './secrets';

const ACCOUNT = 'lookerAuth.account:';
/**
 * Followed by the account's id, the login and the workspace, for the latest token of that login for that workspace; or
 * by {@link TAKEN_BACK} in place of the workspace, for the login that counts again.
 */
const TOKEN = 'lookerAuth.token:';
const TAKEN_BACK = 'takenBack';
/**
 * Followed by the hashes of a label and of the id of an account that has claimed it; the value tells nothing more. No
 * secret, but only SecretStorage stores what each window writes, whatever others write at the same time.
 */
const LABEL = 'lookerAuth.label:';
/** Which account is the active one, and which was on each other instance. No secret, but only SecretStorage tells the other windows. */
const ACTIVE = 'lookerAuth.active';

/** Of all that is stored here. What is of an earlier version cannot be read: its user logs in again. */
const VERSION = 2;

const text = v.pipe(v.string(), v.minLength(1));
const StoredToken = v.object({
  value: TokenValue,
  issuedAt: v.number(),
  expiresAt: v.number(),
  clockAhead: v.number(),
});
const StoredTokenRecord = v.object({
  token: StoredToken,
  replaced: v.array(StoredToken),
  refusal: v.exactOptional(v.object({ message: text, isAcknowledged: v.boolean() })),
});
const changes = v.pipe(v.number(), v.integer(), v.minValue(0));
const json = v.pipe(v.string(), v.parseJson());

/** What says that a newer version of Looker Auth has stored something. */
const NewerRecord = v.pipe(
  json,
  v.object({ version: v.pipe(v.number(), v.minValue(VERSION + 1)) }),
);

/** What a login stores. A record that does not fit is left alone and not used. */
const StoredRecord = v.pipe(
  json,
  v.object({
    version: v.literal(VERSION),
    login: text,
    account: StoredAccount,
    credential: StoredCredential,
    credentialChanges: changes,
    tokens: v.object({
      production: StoredTokenRecord,
      dev: v.exactOptional(StoredTokenRecord),
    }),
  }),
  // Only a sudo account has an admin to get its tokens through.
  v.check(({ account, credential }) => (credential.kind === 'sudo') === Boolean(account.sudo)),
);

/** What a renewal stores. */
const StoredRenewal = v.pipe(
  json,
  v.object({
    version: v.literal(VERSION),
    ...StoredTokenRecord.entries,
    /** Once the credential has changed: it is stored with the token that it came with. */
    changed: v.exactOptional(v.object({ credential: StoredCredential, changes })),
  }),
);

/**
 * Accounts in SecretStorage. What windows write at the same time must not destroy each other, and there is
 * no way to write only what nobody else has written. So each account has a secret of its own, written by
 * logins only; and each login has one more for each workspace, for the tokens of its renewals. A renewal that comes
 * too late can neither bring back an account that was logged out nor undo a new login, nor a renewal for the
 * other workspace. A login that is taken back has one for the login before it, for the same reason.
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
    const latest = await this.readLatest(id);
    if (!latest) return undefined;
    const record = (await this.readTakenBack(latest)) ?? latest;
    const renewals = await Promise.all(
      WORKSPACES.map(async (workspace) => ({
        workspace,
        stored: await this.secrets.get(tokenKey(record, workspace)),
      })),
    );
    return renewals.reduce<AccountRecord>(
      (renewed, { workspace, stored }) => withRenewal(renewed, workspace, stored),
      record,
    );
  }

  /** What the account's latest login has stored. */
  private async readLatest(id: string): Promise<AccountRecord | undefined> {
    const stored = await this.secrets.get(ACCOUNT + id);
    if (stored === undefined) return undefined;
    const parsed = v.safeParse(StoredRecord, stored);
    if (v.is(NewerRecord, stored)) throw new NewerAccountError(id);
    if (!parsed.success || parsed.output.account.id !== id) throw new UnreadableAccountError(id);
    const { version: _, ...record } = parsed.output;
    return record;
  }

  /** What counts in place of a login, once that was taken back. */
  private async readTakenBack(login: AccountRecord): Promise<AccountRecord | undefined> {
    const parsed = v.safeParse(StoredRecord, await this.secrets.get(tokenKey(login, TAKEN_BACK)));
    if (!parsed.success || parsed.output.account.id !== login.account.id) return undefined;
    const { version: _, ...record } = parsed.output;
    return record;
  }

  /** Stores a login, in place of any other of the account. */
  async write(record: AccountRecord): Promise<void> {
    await this.secrets.store(ACCOUNT + record.account.id, storedForm(record));
  }

  /**
   * Takes the account's latest login back, unless that has ended meanwhile.
   * @param login its name
   * @param record the login that counts in its place
   * @returns what is stored then, by whichever window
   */
  async takeBack(login: string, record: AccountRecord): Promise<AccountRecord | undefined> {
    const { account } = record;
    const key = tokenKey({ account, login }, TAKEN_BACK);
    await this.secrets.store(key, storedForm(record));
    const now = await this.read(account.id);
    if (now?.login !== record.login) await this.secrets.delete(key);
    return now;
  }

  /**
   * Stores the token of a renewal, or why there is none, unless its login has ended meanwhile. A credential that has
   * changed is stored in the same write.
   * @returns what is stored then, by whichever window
   */
  async renew(renewed: AccountRecord, workspace: Workspace): Promise<AccountRecord | undefined> {
    const { credential, credentialChanges, tokens } = renewed;
    const key = tokenKey(renewed, workspace);
    const stored = {
      version: VERSION,
      ...tokens[workspace],
      ...(credentialChanges > 0 && { changed: { credential, changes: credentialChanges } }),
    };
    await this.secrets.store(key, JSON.stringify(stored));
    const now = await this.read(renewed.account.id);
    if (now?.login !== renewed.login) await this.secrets.delete(key);
    return now;
  }

  /** Deletes all there is of an account, whichever login it comes from. */
  async delete(id: string): Promise<void> {
    await this.secrets.delete(ACCOUNT + id);
    await this.sweep();
  }

  /**
   * Deletes the tokens that have no account: a window may be closed in the middle of a logout.
   * @param id an account of whose logins all tokens are deleted but those of the one that is stored
   */
  async sweep(id?: string): Promise<void> {
    const keys = new Set(await this.secrets.keys());
    // Read afterward: a login that is newer than those has none of these tokens.
    const latest = id === undefined ? undefined : await this.readLatest(id);
    const standing = latest && (await this.readTakenBack(latest));
    const kept = [latest?.login, standing?.login];
    for (const key of keys) {
      if (!key.startsWith(TOKEN)) continue;
      const owner = idInTokenKey(key);
      const isReplaced = latest && owner === id && !kept.includes(key.split(' ').at(-2));
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

  /** Whether an account's claim to its label can be read: a logout leaves it there, and it goes only with all else. */
  async hasClaimed({ label, id }: Account): Promise<boolean> {
    return (await this.secrets.get(labelKey(label, id))) !== undefined;
  }

  /** Ids of the active account, and of those that were active last on other instances, the latest first. */
  async readActive(): Promise<readonly string[]> {
    return (await this.secrets.get(ACTIVE))?.split('\n') ?? [];
  }

  async writeActive(ids: readonly string[]): Promise<void> {
    if (ids.length > 0) await this.secrets.store(ACTIVE, ids.join('\n'));
    else await this.secrets.delete(ACTIVE);
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

/** The record as a renewal has left it; as it was where nothing of one is stored, or nothing that fits. */
function withRenewal(
  record: AccountRecord,
  workspace: Workspace,
  stored: string | undefined,
): AccountRecord {
  const renewal = v.safeParse(StoredRenewal, stored);
  if (!renewal.success) return record;
  const { version: _, changed, ...token } = renewal.output;
  const renewed = withToken(record, workspace, token);
  if (!changed || changed.changes <= record.credentialChanges) return renewed;
  return { ...renewed, credential: changed.credential, credentialChanges: changed.changes };
}

function storedForm(record: AccountRecord): v.InferInput<typeof StoredRecord> {
  return JSON.stringify({ version: VERSION, ...record });
}

/** No blank can be in a login's name, nor in a workspace's. */
function tokenKey(
  { account, login }: Pick<AccountRecord, 'account' | 'login'>,
  of: Workspace | typeof TAKEN_BACK,
): string {
  return `${TOKEN}${account.id} ${login} ${of}`;
}

function labelKey(label: string, id: string): string {
  return `${LABEL}${hash(label)} ${hash(id)}`;
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function idInTokenKey(key: string): string {
  return key.slice(TOKEN.length).split(' ').slice(0, -2).join(' ');
}
