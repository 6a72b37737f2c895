import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { AccountBook } from '../../../../src/accounts/memory/accountBook';
import type { AccountRecord } from '../../../../src/accounts/store/accountRecord';
import { AccountStore } from '../../../../src/accounts/store/accountStore';
import type { Token } from '../../../../src/looker/api/token';
import { ADAS_RECORD } from '../../../support/accountRecord';
import { MemorySecrets } from '../../../support/memorySecrets';
import { until } from '../../../support/until';
import { turns } from '../harness';

const token = (value: string): Token => ({ value, issuedAt: 0, expiresAt: 1, clockAhead: 0 });
const record = ADAS_RECORD;
const { id } = record.account;
const changed = { kind: 'apiKey', clientId: 'client', clientSecret: 'new' } as const;

describe('an account book', () => {
  let secrets: MemorySecrets;
  const books: AccountBook[] = [];
  const openBook = async () => {
    const log = { info: () => undefined, warn: () => undefined };
    const book = await AccountBook.open({
      store: new AccountStore(secrets),
      log,
      random: () => 0.5,
    });
    books.push(book);
    return book;
  };
  const known = (book: AccountBook) => book.accounts.get(id)?.record;

  beforeEach(() => {
    secrets = new MemorySecrets();
  });
  afterEach(() => {
    for (const book of books.splice(0)) book.dispose();
  });

  it('stores a changed credential in the same write as its token', async () => {
    const book = await openBook();
    await book.put(id, () => record);
    const writes: string[] = [];
    const store = secrets.store.bind(secrets);
    secrets.store = (key, value) => {
      writes.push(value);
      return store(key, value);
    };
    await book.storeRenewal(record, 'production', { token: token('b'), credential: changed }, []);
    assert.equal(writes.length, 1);
    assert.match(writes[0] ?? '', /"value":"b".*"clientSecret":"new"/);
    for (const each of [book, await openBook()]) {
      assert.deepEqual(known(each)?.credential, changed);
      assert.equal(known(each)?.tokens.production.token.value, 'b');
    }
  });

  it("keeps a token from other windows while its changed credential can't be stored, and stores both later", async () => {
    const [one, other] = [await openBook(), await openBook()];
    await one.put(id, () => record);
    await until(() => known(other) !== undefined);
    secrets.broken = ['store'];
    await one.storeRenewal(record, 'production', { token: token('b'), credential: changed }, []);
    assert.deepEqual(known(one)?.credential, changed);
    assert.equal(known(other)?.tokens.production.token.value, 'a');
    secrets.broken = [];
    await one.catchUp();
    await until(() => known(other)?.tokens.production.token.value === 'b');
    assert.deepEqual(known(other)?.credential, changed);
  });

  it("doesn't store a refusal over the token that another window gets at that moment", async () => {
    const [refused, renewing] = [await openBook(), await openBook()];
    await refused.put(id, () => record);
    await until(() => known(renewing) !== undefined);
    const release = secrets.holdBack('lookerAuth.token:');
    const refusal = { message: 'Wrong key.', isAcknowledged: false };
    const renewed = renewing.storeRenewal(record, 'production', { token: token('b') }, []);
    await until(() => secrets.waiting === 1);
    const late = refused.storeRefusal(record, 'production', refusal);
    await until(() => secrets.waiting === 2);
    release();
    await Promise.all([renewed, late]);
    for (const each of [refused, renewing, await openBook()]) {
      await until(() => known(each)?.tokens.production.token.value === 'b');
      assert.equal(known(each)?.tokens.production.refusal, undefined);
    }
  });

  it("stores a changed credential and a refusal that couldn't be stored before", async () => {
    const [one, other] = [await openBook(), await openBook()];
    await one.put(id, () => record);
    await until(() => known(other) !== undefined);
    secrets.broken = ['store'];
    const grant = { token: token('b'), credential: changed };
    const renewed = (await one.storeRenewal(record, 'production', grant, [])) ?? assert.fail();
    const refusal = { message: 'Wrong key.', isAcknowledged: false };
    await one.storeRefusal(renewed, 'production', refusal);
    secrets.broken = [];
    await one.catchUp();
    await until(() => known(other)?.tokens.production.refusal !== undefined);
    assert.deepEqual(known(other)?.credential, changed);
    assert.deepEqual(known(other)?.tokens.production.token, token('b'));
  });

  it('stores the latest of several renewals once the store works again', async () => {
    const book = await openBook();
    await book.put(id, () => record);
    secrets.broken = ['store'];
    const renewed = await book.storeRenewal(record, 'production', { token: token('b') }, []);
    await book.storeRenewal(renewed ?? assert.fail(), 'production', { token: token('c') }, []);
    secrets.broken = [];
    await book.catchUp();
    assert.equal(known(await openBook())?.tokens.production.token.value, 'c');
  });

  it("doesn't bring back an account that is logged out while its record is being read", async () => {
    const book = await openBook();
    await book.put(id, () => record);
    const get = secrets.get.bind(secrets);
    secrets.get = (key) => {
      book.forget(id);
      return get(key);
    };
    await book.reload(id);
    assert.equal(known(book), undefined);
    assert.deepEqual(await book.remove(id), record, 'the logout still finds the stored tokens');
  });

  it('uses the changed credential for the other workspace too, and drops it with a new login', async () => {
    const book = await openBook();
    await book.put(id, () => record);
    await book.storeRenewal(record, 'dev', { token: token('dev'), credential: changed }, []);
    await book.storeRenewal(record, 'production', { token: token('b') }, []);
    assert.deepEqual(known(await openBook())?.credential, changed);
    await book.put(id, () => ({ ...record, login: 'second' }));
    assert.deepEqual(known(await openBook())?.credential, record.credential);
  });

  it("doesn't store a renewed token in a login that another window has replaced", async () => {
    const [one, other] = [await openBook(), await openBook()];
    await one.put(id, () => record);
    await until(() => known(other) !== undefined);
    secrets.isMute = true;
    await one.put(id, () => ({ ...record, login: 'second' }));
    const now = await other.storeRenewal(record, 'production', { token: token('b') }, []);
    assert.equal(now?.login, 'second');
    assert.equal(
      known(other)?.login,
      'second',
      'the same token does not hide that the login is another one',
    );
    const renewed = await other.storeRenewal(now, 'production', { token: token('c') }, []);
    assert.equal(renewed?.tokens.production.token.value, 'c');
  });

  it("announces which of the window's tokens to revoke once another window has removed the account", async () => {
    const [one, other] = [await openBook(), await openBook()];
    const orphaned: string[] = [];
    one.onDidOrphan(({ tokens }) => orphaned.push(...tokens.map(({ value }) => value)));
    await one.put(id, () => record);
    await one.storeRenewal(record, 'dev', { token: token('dev') }, []);
    await until(() => known(other) !== undefined);
    other.forget(id);
    await other.remove(id);
    await until(() => orphaned.length > 0);
    assert.deepEqual(orphaned, ['a', 'dev']);
  });

  describe('taking back a login', () => {
    const loginNamed = (login: string): AccountRecord => ({
      ...record,
      login,
      tokens: { production: { token: token(`token-of-${login}`), replaced: [] } },
    });
    const valueIn = (book: AccountBook) => known(book)?.tokens.production.token.value;

    it('restores the login it had replaced', async () => {
      const [one, other] = [await openBook(), await openBook()];
      await one.put(id, () => record);
      await one.takeBack(await one.put(id, () => loginNamed('second')), record);
      for (const book of [one, await openBook()]) assert.equal(valueIn(book), 'a');
      await until(() => valueIn(other) === 'a');
      secrets.broken = ['store'];
      await one.reload(id);
      assert.equal(one.storeFailure, undefined, 'it is not stored again and again');
    });

    it('leaves nothing if there was no login before', async () => {
      const book = await openBook();
      const orphaned: string[] = [];
      book.onDidOrphan(({ tokens }) => orphaned.push(...tokens.map(({ value }) => value)));
      await book.takeBack(await book.put(id, () => record), undefined);
      for (const each of [book, await openBook()]) assert.equal(known(each), undefined);
      assert.equal(secrets.stored.size, 0);
      assert.deepEqual(orphaned, ['a']);
    });

    for (const before of [record, undefined]) {
      const where = before ? 'over another login' : 'where there was none';
      it(`changes nothing once another window has silently logged the account out or in, ${where}`, async () => {
        const [one, other] = [await openBook(), await openBook()];
        const login = await one.put(id, () => loginNamed('second'));
        await until(() => known(other) !== undefined);
        secrets.isMute = true;
        other.forget(id);
        await other.remove(id);
        await one.takeBack(login, before);
        for (const each of [one, await openBook()]) assert.equal(known(each), undefined);
        await other.put(id, () => loginNamed('third'));
        await one.takeBack(login, before);
        for (const each of [one, await openBook()]) assert.equal(known(each)?.login, 'third');
      });
    }

    it("that couldn't be stored doesn't restore an account that another window then logs out", async () => {
      const [one, other] = [await openBook(), await openBook()];
      await one.put(id, () => record);
      const login = await one.put(id, () => loginNamed('second'));
      await until(() => known(other)?.login === 'second');
      secrets.isMute = true;
      secrets.broken = ['store', 'get'];
      await one.takeBack(login, record);
      secrets.broken = [];
      other.forget(id);
      await other.remove(id);
      await one.catchUp();
      for (const each of [one, await openBook()]) assert.equal(known(each), undefined);
    });

    it("doesn't restore an account that another window logs out while it is being stored", async () => {
      const [one, other] = [await openBook(), await openBook()];
      await one.put(id, () => record);
      const login = await one.put(id, () => loginNamed('second'));
      await until(() => known(other)?.login === 'second');
      const release = secrets.holdBack('lookerAuth.');
      const takingBack = one.takeBack(login, record);
      await until(() => secrets.waiting === 1);
      other.forget(id);
      await other.remove(id);
      release();
      await takingBack;
      for (const each of [one, other, await openBook()]) assert.equal(known(each), undefined);
      assert.equal(secrets.stored.size, 0);
    });

    it('leaves what the user did last, for any order of logins, logouts and cancellations', async () => {
      const step = fc.record({
        what: fc.constantFrom('login', 'logout', 'cancel'),
        window: fc.nat(1),
        turns: fc.nat(12),
        isMute: fc.boolean(),
      });
      const check = async (
        steps: readonly (typeof step extends fc.Arbitrary<infer T> ? T : never)[],
      ) => {
        secrets = new MemorySecrets();
        const windows = [await openBook(), await openBook()] as const;
        /** The logins since the last logout, the latest last, less those that were taken back. */
        let standing: string[] = [];
        let underWay: { what: string; window: number; work: Promise<unknown> } | undefined;
        /** The last login of each window, and the login that it replaced. */
        const last: ({ login: AccountRecord; before?: AccountRecord | undefined } | undefined)[] =
          [];
        for (const [number, { what, window, turns: count, isMute }] of steps.entries()) {
          // If two windows write at the same time, either may be last. A login that waits its turn runs after a logout
          // that was requested in the meantime. Two cancellations never get in each other's way.
          const areBothCanceled = what === 'cancel' && underWay?.what === 'cancel';
          if (what === 'login' || (underWay?.window !== window && !areBothCanceled)) {
            await underWay?.work;
            await turns(20);
          }
          secrets.isMute = isMute;
          const book = windows[window as 0 | 1];
          const login = last[window];
          const value = `login-${number}`;
          let work: Promise<unknown> = Promise.resolve();
          if (what === 'login') {
            const record = loginNamed(value);
            // A window logs in to one account at a time, so its login before can't be canceled anymore.
            last[window] = undefined;
            work = book.put(id, (before) => {
              last[window] = { login: record, before };
              return record;
            });
            standing.push(`token-of-${value}`);
          } else if (what === 'logout') {
            book.forget(id);
            work = book.remove(id);
            standing = [];
          } else if (login) {
            work = book.takeBack(login.login, login.before);
            standing = standing.filter((one) => one !== `token-of-${login.login.login}`);
            last[window] = undefined;
          }
          underWay = { what, window, work: Promise.all([underWay?.work, work]) };
          await turns(count + 1);
        }
        await underWay?.work;
        for (const book of windows) await book.reload(id);
        for (const book of [...windows, await openBook()])
          assert.equal(valueIn(book), standing.at(-1));
        for (const book of books.splice(0)) book.dispose();
      };
      await fc.assert(fc.asyncProperty(fc.array(step, { maxLength: 8 }), check), {
        numRuns: 1000,
      });
    });
  });
});
