import assert from 'node:assert/strict';
import { setTimeout as wait } from 'node:timers/promises';
import type { AccountRecord, TokenRecord } from '../../src/accounts/store/accountRecord';
import type { Token } from '../../src/looker/api/token';

/** What is left after a fault, here and on the server. */
export type Kept = keyof typeof KEPT;

/** The accounts stored before and after, by ID, and the tokens that Looker accepts afterwards. */
export interface Remains {
  readonly before: ReadonlyMap<string, AccountRecord>;
  readonly after: ReadonlyMap<string, AccountRecord>;
  readonly isAlive: (token: string) => boolean;
  /** The token's workspace on the server. */
  readonly worksIn: (token: string) => string | undefined;
  readonly hasExpired: (token: Token) => boolean;
  /** Number of new tokens that Looker accepts. */
  readonly strays: () => number;
}

const KEPT = {
  /** No account here, and no unused token on the server. */
  nothing: async ({ after, strays }: Remains) => {
    assert.deepEqual([...after.keys()], []);
    await until(() => strays() === 0, 'a token lives on that nobody has');
  },
  /** The same accounts with the same tokens; a refusal may be recorded. */
  'as before': async ({ before, after, strays }: Remains) => {
    assert.deepEqual(withoutRefusals(after), withoutRefusals(before));
    await until(() => strays() === 0, 'a token lives on that nobody has');
  },
  /** One additional account. */
  'new account': ({ before, after, isAlive }: Remains) => {
    const added = [...after.keys()].filter((id) => !before.has(id));
    assert.deepEqual([added.length, after.size], [1, before.size + 1]);
    assert.ok(isAlive(tokenOf(after, added[0])), 'the new account has no good token');
  },
  /** The same accounts, at least one with a new token that Looker accepts until it expires. */
  'new token': ({ before, after, isAlive, hasExpired }: Remains) => {
    assert.deepEqual([...after.keys()], [...before.keys()]);
    const renewed = [...after.keys()].filter((id) => tokenOf(after, id) !== tokenOf(before, id));
    assert.ok(renewed.length > 0, 'no token is new');
    for (const id of renewed) {
      const { token } = after.get(id)?.tokens.production ?? assert.fail();
      assert.ok(isAlive(token.value) || hasExpired(token), 'the new token is no good');
    }
  },
  /** The same accounts and tokens, plus a new token that is in Development Mode according to Looker. */
  'new dev token': ({ before, after, isAlive, worksIn }: Remains) => {
    assert.deepEqual(withoutDev(after), withoutDev(before));
    const tokens = [...after].flatMap(([id, record]) => {
      const token = record.tokens.dev?.token.value;
      return token === before.get(id)?.tokens.dev?.token.value ? [] : (token ?? []);
    });
    assert.equal(tokens.length, 1, 'no token is new');
    assert.ok(tokens.every((token) => isAlive(token) && worksIn(token) === 'dev'));
  },
  /** Nothing here, and all tokens are revoked. */
  'gone, ended': ({ before, after, isAlive }: Remains) => {
    assert.deepEqual([...after.keys()], []);
    assert.deepEqual(tokensOf(before).filter(isAlive), []);
  },
  /** Nothing here; on the server, the tokens stay valid until they expire. */
  'gone, alive there': ({ before, after, isAlive }: Remains) => {
    assert.deepEqual([...after.keys()], []);
    assert.ok(tokensOf(before).every(isAlive));
  },
  /** Nothing here; Looker says that the tokens are invalid, which is taken as true. */
  gone: ({ after }: Remains) => {
    assert.deepEqual([...after.keys()], []);
  },
} satisfies Record<string, (remains: Remains) => void | Promise<void>>;

/** @throws AssertionError if anything else is left */
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

/** Waits, since unused tokens are revoked in the background. */
async function until(condition: () => boolean, otherwise: string): Promise<void> {
  for (let tries = 0; !condition(); tries++) {
    assert.ok(tries < 100, otherwise);
    await wait(5);
  }
}
