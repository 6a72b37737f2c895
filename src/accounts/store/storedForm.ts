// What is stored for accounts, as text: the store decides where it goes.
import * as v from 'valibot';
import { Count, TokenValue } from '../../looker/api/shapes';
import type { Workspace } from '../../looker/workspace';
import { StoredAccount } from '../account';
import { StoredCredential } from '../credentials/storedCredential';
import { withToken, type AccountRecord } from './accountRecord';

/** Version of the stored format. Records of an earlier version can't be read: the user logs in again. */
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
const json = v.pipe(v.string(), v.parseJson());

/** Matches records that a newer version of Looker Auth has stored. */
const NewerRecord = v.pipe(
  json,
  v.object({
    version: v.pipe(
      v.number(),
      v.check((version) => version > VERSION),
    ),
  }),
);

/** What a login stores. An invalid record is left in place and ignored. */
const StoredRecord = v.pipe(
  json,
  v.object({
    version: v.literal(VERSION),
    login: text,
    replaces: v.exactOptional(v.array(text)),
    restores: v.exactOptional(text),
    account: StoredAccount,
    credential: StoredCredential,
    credentialChanges: Count,
    tokens: v.object({
      production: StoredTokenRecord,
      dev: v.exactOptional(StoredTokenRecord),
    }),
  }),
  // Only a sudo account has an admin whose account gets its tokens.
  v.check(({ account, credential }) => (credential.kind === 'sudo') === Boolean(account.sudo)),
);

/** What a renewal stores. */
const StoredRenewal = v.pipe(
  json,
  v.object({
    version: v.literal(VERSION),
    ...StoredTokenRecord.entries,
    /** Set once the credential has changed: it is stored with the token that it came with. */
    changed: v.exactOptional(v.object({ credential: StoredCredential, changes: Count })),
  }),
);

/** The record after a renewal; unchanged if no valid renewal is stored. */
export function withRenewal(
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

/** The login of an account in a stored text; undefined if it doesn't fit. */
export function recordIn(stored: string | undefined, id: string): AccountRecord | undefined {
  const parsed = v.safeParse(StoredRecord, stored);
  if (!parsed.success || parsed.output.account.id !== id) return undefined;
  const { version: _, ...record } = parsed.output;
  return record;
}

/** A login as it is stored. */
export function storedRecord(record: AccountRecord): string {
  return JSON.stringify({ version: VERSION, ...record });
}

/** The token of a renewal as it is stored. A changed credential goes with it. */
export function storedRenewal(
  { credential, credentialChanges, tokens }: AccountRecord,
  workspace: Workspace,
): string {
  return JSON.stringify({
    version: VERSION,
    ...tokens[workspace],
    ...(credentialChanges > 0 && { changed: { credential, changes: credentialChanges } }),
  });
}

/** Whether a newer version of Looker Auth has stored a text. */
export function isNewer(stored: string): boolean {
  return v.is(NewerRecord, stored);
}
