// The stored form of accounts, as text. `accountStore.ts` decides where each text is stored.
import * as v from 'valibot';
import { Count, Milliseconds, Text, TokenValue } from '../../looker/api/shapes';
import type { Token } from '../../looker/api/token';
import { sha256 } from '../../base/sha256';
import { WORKSPACES, type Workspace } from '../../looker/workspace';
import { StoredAccount } from '../account';
import { StoredCredential } from '../credentials/storedCredential';
import { withToken, type AccountRecord } from './accountRecord';

/** Version of the stored format. Records of an earlier version can't be read: the user logs in again. */
const VERSION = 2;

const StoredToken = v.object({
  value: TokenValue,
  issuedAt: Milliseconds,
  expiresAt: Milliseconds,
  clockAhead: Milliseconds,
});
const IssuedTokens = v.object({ token: StoredToken, replaced: v.array(StoredToken) });
const StoredRefusal = v.object({ message: Text, isAcknowledged: v.boolean() });
const StoredTokenRecord = v.object({
  ...IssuedTokens.entries,
  refusal: v.exactOptional(StoredRefusal),
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
    login: Text,
    replaces: v.exactOptional(v.array(Text)),
    restores: v.exactOptional(Text),
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
    ...IssuedTokens.entries,
    /** Set once the credential has changed: it is stored with the token that it came with. */
    changed: v.exactOptional(v.object({ credential: StoredCredential, changes: Count })),
  }),
);

const RefusalOf = v.object({
  /** Hash of the token that wasn't renewed. */
  of: Text,
  refusal: StoredRefusal,
});

/** Looker's refusals to renew tokens, by workspace. */
const StoredRefusals = v.pipe(
  json,
  v.object({ production: v.exactOptional(RefusalOf), dev: v.exactOptional(RefusalOf) }),
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

/** The record with the refusals that are about its tokens, and not about earlier ones. */
export function withRefusals(record: AccountRecord, stored: string | undefined): AccountRecord {
  const refusals = v.safeParse(StoredRefusals, stored);
  if (!refusals.success) return record;
  return WORKSPACES.reduce((refused, workspace) => {
    const token = record.tokens[workspace];
    const { of, refusal } = refusals.output[workspace] ?? {};
    if (!token || !refusal || of !== nameOf(token.token)) return refused;
    return withToken(refused, workspace, { ...token, refusal });
  }, record);
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
  const { refusal: _, ...issued } = tokens[workspace] ?? {};
  return JSON.stringify({
    version: VERSION,
    ...issued,
    ...(credentialChanges > 0 && { changed: { credential, changes: credentialChanges } }),
  });
}

/** Looker's refusals to renew the record's tokens as they are stored. */
export function storedRefusals({ tokens }: AccountRecord): string {
  const entries = WORKSPACES.flatMap((workspace) => {
    const { token, refusal } = tokens[workspace] ?? {};
    return token && refusal ? [[workspace, { of: nameOf(token), refusal }]] : [];
  });
  return JSON.stringify(Object.fromEntries(entries));
}

/** Identifies a token, and distinguishes it from an earlier one with the same value. */
function nameOf({ value, issuedAt }: Token): string {
  return sha256(`${value} ${issuedAt}`);
}

/** Whether a newer version of Looker Auth has stored a text. */
export function isNewer(stored: string): boolean {
  return v.is(NewerRecord, stored);
}
