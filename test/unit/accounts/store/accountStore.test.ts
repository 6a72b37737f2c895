import assert from 'node:assert/strict';
import { withToken, type AccountRecord } from '../../../../src/accounts/store/accountRecord';
import type { Token } from '../../../../src/looker/api/token';
import { AccountStore } from '../../../../src/accounts/store/accountStore';
import { MemorySecrets } from '../../../support/memorySecrets';
import { NewerAccountError, UnreadableAccountError } from '../../../../src/accounts/errors';

/** A token with that value. */
function tokenOf(value: string): Token {
  return { value, issuedAt: 1, expiresAt: 2, clockAhead: 0 };
}

const record: AccountRecord = {
  account: {
    id: 'https://acme.looker.com#7',
    label: 'Ada Lovelace (acme.looker.com)',
    baseUrl: 'https://acme.looker.com',
    apiVersion: '4.0',
    user: { id: '7', name: 'Ada Lovelace', email: 'ada@example.com' },
  },
  login: 'first',
  credential: { kind: 'apiKey', clientId: 'client', clientSecret: 'secret' },
  credentialChanges: 0,
  tokens: { production: { token: tokenOf('token'), replaced: [] } },
};
const { id } = record.account;
const key = `lookerAuth.account:${id}`;

describe('stored accounts', () => {
  let secrets: MemorySecrets;
  let store: AccountStore;
  beforeEach(() => {
    secrets = new MemorySecrets();
    store = new AccountStore(secrets);
  });

  it('are read as they were written', async () => {
    await store.write(record);
    assert.deepEqual(await store.ids(), [id]);
    assert.deepEqual(await store.read(id), record);
  });

  it('have one secret each', async () => {
    const sudo: AccountRecord = {
      account: {
        ...record.account,
        id: `${id}>12`,
        user: { id: '12', name: 'Grace Hopper' },
        sudo: { adminAccountId: id, admin: record.account.user },
      },
      login: 'second',
      credential: { kind: 'sudo', associative: false },
      credentialChanges: 0,
      tokens: record.tokens,
    };
    await store.write(record);
    await store.write(sudo);
    assert.equal(secrets.stored.size, 2);
    assert.deepEqual(await store.read(`${id}>12`), sudo);
  });

  it('have the token of their last renewal', async () => {
    await store.write(record);
    const renewed = withToken(record, 'production', { token: tokenOf('newer'), replaced: [] });
    assert.deepEqual(await store.writeRenewal(renewed, 'production'), renewed);
    assert.deepEqual(await store.read(id), renewed);
  });

  it('have a token for each workspace, each renewed on its own', async () => {
    await store.write(record);
    const dev = withToken(record, 'dev', { token: tokenOf('dev'), replaced: [] });
    await store.writeRenewal(dev, 'dev');
    await store.writeRenewal(
      withToken(record, 'production', { token: tokenOf('b'), replaced: [] }),
      'production',
    );
    const stored = await store.read(id);
    assert.deepEqual(stored?.tokens, {
      production: { token: tokenOf('b'), replaced: [] },
      dev: { token: tokenOf('dev'), replaced: [] },
    });
  });

  it('have the credential that changed last, whichever token it came with', async () => {
    const changed = (changes: number): AccountRecord => ({
      ...record,
      credential: { kind: 'apiKey', clientId: 'client', clientSecret: `secret ${changes}` },
      credentialChanges: changes,
    });
    const secretNow = async () => {
      const stored = await store.read(id);
      return stored?.credential.kind === 'apiKey' && stored.credential.clientSecret;
    };
    await store.write(record);
    await store.writeRenewal(changed(2), 'production');
    assert.equal(await secretNow(), 'secret 2');
    await store.writeRenewal(
      { ...changed(1), tokens: { ...record.tokens, dev: record.tokens.production } },
      'dev',
    );
    assert.equal(await secretNow(), 'secret 2');
    await store.writeRenewal(
      { ...changed(3), tokens: { ...record.tokens, dev: record.tokens.production } },
      'dev',
    );
    assert.equal(await secretNow(), 'secret 3');
    await store.writeRenewal(record, 'production');
    assert.equal(await secretNow(), 'secret 3');
  });

  it('have the refusals of their tokens, and none of an earlier token', async () => {
    const refused = (token: string, isAcknowledged = false) =>
      withToken(record, 'production', {
        token: tokenOf(token),
        replaced: [],
        refusal: { message: 'Wrong key.', isAcknowledged },
      });
    await store.write(record);
    assert.deepEqual(await store.writeRefusals(refused('token')), refused('token'));
    assert.deepEqual(await store.writeRefusals(refused('token', true)), refused('token', true));
    const renewed = withToken(record, 'production', { token: tokenOf('newer'), replaced: [] });
    assert.deepEqual(await store.writeRenewal(renewed, 'production'), renewed);
    await store.writeRenewal(record, 'production');
    assert.deepEqual(await store.read(id), refused('token', true));
  });

  it('keep the token of a renewal that another window learns of only after Looker refused its own', async () => {
    await store.write(record);
    const refusal = { message: 'Wrong key.', isAcknowledged: false };
    const late = withToken(record, 'production', { ...record.tokens.production, refusal });
    const renewed = withToken(record, 'production', { token: tokenOf('newer'), replaced: [] });
    await store.writeRenewal(renewed, 'production');
    assert.deepEqual(await store.writeRefusals(late), renewed);
  });

  it('ignore a refusal after the logout or a new login', async () => {
    assert.equal(await store.writeRefusals(record), undefined);
    assert.equal(secrets.stored.size, 0);
    const newer = { ...record, login: 'newer' };
    await store.write(newer);
    assert.deepEqual(await store.writeRefusals(record), newer);
    assert.equal(secrets.stored.size, 1);
  });

  it("ignore refusals that can't be read", async () => {
    await store.write(record);
    secrets.stored.set(`lookerAuth.token:${id} first refusals`, '{"production":"no"}');
    assert.deepEqual(await store.read(id), record);
  });

  it('ignore a renewal after the logout', async () => {
    assert.equal(await store.writeRenewal(record, 'production'), undefined);
    assert.equal(secrets.stored.size, 0);
  });

  it('ignore a renewal after a new login', async () => {
    const newer = { ...record, login: 'newer', credential: { kind: 'none' as const } };
    await store.write(newer);
    assert.deepEqual(await store.writeRenewal(record, 'production'), newer);
    assert.deepEqual(await store.read(id), newer);
    assert.equal(secrets.stored.size, 1);
  });

  it("ignore a renewal that can't be read", async () => {
    await store.write(record);
    secrets.stored.set(`lookerAuth.token:${id} first production`, '{"version":3}');
    assert.deepEqual(await store.read(id), record);
  });

  it('keep the renewals of a login that was restored', async () => {
    await store.write({ ...record, login: 'second' });
    const restored = { ...record, login: 'restored' };
    assert.deepEqual(await store.takeBack(id, 'second', restored), restored);
    const renewed = withToken(restored, 'production', { token: tokenOf('newer'), replaced: [] });
    await store.writeRenewal(renewed, 'production');
    assert.deepEqual(await store.read(id), renewed);
    await store.sweep(id);
    assert.deepEqual(await store.read(id), renewed);
  });

  it("aren't deleted, and the caller knows it, while the store can't be read", async () => {
    await store.write(record);
    secrets.broken = ['get'];
    await assert.rejects(store.takeBack(id, record.login, undefined), /locked/);
    secrets.broken = [];
    assert.deepEqual(await store.read(id), record);
  });

  it('lose leftover tokens of any login', async () => {
    const leftOver = `lookerAuth.token:${id} older production`;
    secrets.stored.set(leftOver, 'x');
    await store.sweep();
    assert.equal(secrets.stored.size, 0);
    await store.write(record);
    await store.writeRenewal(record, 'production');
    secrets.stored.set(leftOver, 'x');
    await store.sweep();
    assert.equal(secrets.stored.has(leftOver), true, 'only the account can tell which is older');
    await store.sweep(id);
    assert.deepEqual([...secrets.stored.keys()], [key, `lookerAuth.token:${id} first production`]);
  });

  it('keep the tokens of the latest login, even with a late sweep', async () => {
    for (const login of ['first', 'second']) {
      await store.write({ ...record, login });
      await store.writeRenewal({ ...record, login }, 'production');
    }
    await store.sweep(id);
    assert.deepEqual([...secrets.stored.keys()], [key, `lookerAuth.token:${id} second production`]);
  });

  it('are gone when deleted', async () => {
    await store.write(record);
    await store.writeRenewal(record, 'production');
    await store.delete(id);
    assert.equal(await store.read(id), undefined);
    assert.equal(secrets.stored.size, 0);
  });

  const damages: [what: string, stored: string][] = [
    ['is empty', ''],
    ['is cut off', JSON.stringify({ version: 2, ...record }).slice(0, -9)],
    ['is of no version', JSON.stringify(record)],
    ['is of an older version', JSON.stringify({ ...record, version: 1 })],
    ['lacks its token', JSON.stringify({ version: 2, account: record.account })],
    [
      'has a word for a time',
      JSON.stringify({ version: 2, ...record }).replace('"expiresAt":2', '"expiresAt":"x"'),
    ],
    [
      'belongs to another account',
      JSON.stringify({ version: 2, ...record }).replaceAll('#7', '#8'),
    ],
    [
      'would send the key of one host to another',
      JSON.stringify({ version: 2, ...record }).replace(
        '"baseUrl":"https://acme',
        '"baseUrl":"https://evil',
      ),
    ],
    [
      'has a sudo credential and no admin',
      JSON.stringify({ version: 2, ...record, credential: { kind: 'sudo' } }),
    ],
    [
      'is its own admin',
      JSON.stringify({
        version: 2,
        ...record,
        account: { ...record.account, sudo: { adminAccountId: id, admin: record.account.user } },
        credential: { kind: 'sudo' },
      }),
    ],
    [
      'has a token that breaks headers',
      JSON.stringify({ version: 2, ...record }).replace('"value":"token"', '"value":"a\\nb"'),
    ],
  ];
  for (const [what, stored] of damages) {
    it(`are refused, and left in place, if one ${what}`, async () => {
      secrets.stored.set(key, stored);
      await assert.rejects(store.read(id), UnreadableAccountError);
      assert.equal(secrets.stored.get(key), stored);
    });
  }

  it("are refused if a sudo account would be renewed with another admin's account", async () => {
    const bob = { id: '8', name: 'Bob' };
    const account = { ...record.account, id: 'https://acme.looker.com#8>7' };
    const sudo = (adminAccountId: string): AccountRecord => ({
      ...record,
      account: { ...account, sudo: { adminAccountId, admin: bob } },
      credential: { kind: 'sudo' },
    });
    await store.write(sudo('https://acme.looker.com#8'));
    assert.deepEqual(await store.read(account.id), sudo('https://acme.looker.com#8'));
    await store.write(sudo('https://acme.looker.com#9'));
    await assert.rejects(store.read(account.id), UnreadableAccountError);
  });

  it('of a newer version are left to that version, unchanged', async () => {
    const stored = JSON.stringify({ version: 3, whatever: 'comes' });
    secrets.stored.set(key, stored);
    await assert.rejects(store.read(id), NewerAccountError);
    assert.equal(secrets.stored.get(key), stored);
  });

  it('are refused under a key that belongs to no account', async () => {
    secrets.stored.set('lookerAuth.account:garbage', '{}');
    await assert.rejects(store.read('garbage'), UnreadableAccountError);
  });

  it("don't mix with other secrets", async () => {
    secrets.stored.set('somebodyElse', 'x');
    await store.writeActive([id]);
    assert.deepEqual(await store.ids(), []);
    assert.deepEqual(await store.readActive(), [id]);
  });
});
