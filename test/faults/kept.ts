import assert from 'node:assert/strict';
import { setTimeout as wait } from 'node:timers/promises';
import type { AccountRecord, TokenRecord } from '../../src/accounts/store/accountRecord';
import type { Token } from '../../src/looker/api/token';

/** What is kept once a fault has passed, here and at Looker. */
export type Kept = keyof typeof KEPT;

/** The accounts stored before and after, by id, and the tokens that Looker then accepts. */
export interface Remains {
  readonly before: ReadonlyMap<string, AccountRecord>;
  readonly after: ReadonlyMap<string, AccountRecord>;
  readonly isAlive: (token: string) => boolean;
  /** The workspace, as Looker sees it. */
  readonly worksIn: (token: string) => string | undefined;
  readonly hasExpired: (token: Token) => boolean;
  /** How many tokens Looker accepts that were not there before. */
  readonly strays: () => number;
}

const KEPT = {
  /** No account, and at Looker no token that nobody has. */
  nothing: async ({ after, strays }: Remains) => {
    assert.deepEqual([...after.keys()], []);
    await until(() => strays() === 0, 'a token lives on that nobody has');
  },
  /** What was there, token for token; a refusal is noted beside. */
  'as before': async ({ before, after, strays }: Remains) => {
    assert.deepEqual(withoutRefusals(after), withoutRefusals(before));
    await until(() => strays() === 0, 'a token lives on that nobody has');
  },
  /** One account more. */
  'new account': ({ before, after, isAlive }: Remains) => {
    const added = [...after.keys()].filter((id) => !before.has(id));
    assert.deepEqual([added.length, after.size], [1, before.size + 1]);
    assert.ok(isAlive(tokenOf(after, added[0])), 'the new account has no good token');
  },
  /** The same accounts, one at least with another token, which Looker accepts until it expires. */
  'new token': ({ before, after, isAlive, hasExpired }: Remains) => {
    assert.deepEqual([...after.keys()], [...before.keys()]);
    const renewed = [...after.keys()].filter((id) => tokenOf(after, id) !== tokenOf(before, id));
    assert.ok(renewed.length > 0, 'no token is new');
    for (const id of renewed) {
      const { token } = after.get(id)?.tokens.production ?? assert.fail();
      assert.ok(isAlive(token.value) || hasExpired(token), 'the new token is no good');
    }
  },
  /** The same accounts and tokens, but for another one in Development Mode, of which Looker says so. */
  'new dev token': ({ before, after, isAlive, worksIn }: Remains) => {
    assert.deepEqual(withoutDev(after), withoutDev(before));
    const tokens = [...after].flatMap(([id, record]) => {
      const token = record.tokens.dev?.token.value;
      return token === before.get(id)?.tokens.dev?.token.value ? [] : (token ?? []);
    });
    assert.equal(tokens.length, 1, 'no token is new');
    assert.ok(tokens.every((token) => isAlive(token) && worksIn(token) === 'dev'));
  },
  /** Nothing here, and whatever token there was is worth nothing. */
  'gone, ended': ({ before, after, isAlive }: Remains) => {
    assert.deepEqual([...after.keys()], []);
    assert.deepEqual(tokensOf(before).filter(isAlive), []);
  },
  /** Nothing here; at Looker the tokens live until they expire. */
  'gone, alive there': ({ before, after, isAlive }: Remains) => {
    assert.deepEqual([...after.keys()], []);
    assert.ok(tokensOf(before).every(isAlive));
  },
  /** Nothing here; Looker says that the tokens are no good, and is believed. */
  gone: ({ after }: Remains) => {
    assert.deepEqual([...after.keys()], []);
  },
} satisfies Record<string, (remains: Remains) => void | Promise<void>>;

/** @throws AssertionError where something else is kept */
export async function assertKept(kept: Kept, remains: Remains): Promise<void> {
  await KEPT[kept](remains);
}

function tokenOf(records: ReadonlyMap<string, AccountRecord>, id = ''): string {
  return records.get(id)?.tokens.production.token.value ?? '';
}

function withoutRefusals(records: ReadonlyMap<string, AccountRecord>): readonly object[] {
  return [...records.values()].map(({ tokens: { production, dev }, ...record }) => ({
    ...record,
    production: withoutRefusal(production),
    dev: dev && withoutRefusal(dev),
  }));
}

function withoutDev(records: ReadonlyMap<string, AccountRecord>): readonly object[] {
  return [...records.values()].map(({ tokens: { production }, ...record }) => ({
    ...record,
    production,
  }));
}

function withoutRefusal({ refusal: _, ...token }: TokenRecord): object {
  return token;
}

function tokensOf(records: ReadonlyMap<string, AccountRecord>): readonly string[] {
  return [...records.values()].map(({ tokens }) => tokens.production.token.value);
}

/** Tokens that nobody keeps are revoked beside. */
async function until(condition: () => boolean, otherwise: string): Promise<void> {
  for (let tries = 0; !condition(); tries++) {
    assert.ok(tries < 100, otherwise);
    await wait(5);
  }
}
