import assert from 'node:assert/strict';
import * as v from 'valibot';
import type { Account } from '../../../../src/accounts/account';
import type { TokenRequest } from '../../../../src/accounts/credentials/credential';
import {
  canRenew,
  endCredential,
  nextToken,
  StoredCredential,
} from '../../../../src/accounts/credentials/storedCredential';
import { LoginNeededError } from '../../../../src/accounts/errors';
import type { Api } from '../../../../src/looker/api/api';
import type { Token } from '../../../../src/looker/api/token';

const API_KEY: StoredCredential = { kind: 'apiKey', clientId: 'client', clientSecret: 'secret' };
const SUDO: StoredCredential = { kind: 'sudo', associative: false };
const NONE: StoredCredential = { kind: 'none' };

const account: Account = {
  id: 'https://acme.looker.com#7>12',
  label: 'Grace',
  baseUrl: 'https://acme.looker.com',
  apiVersion: '4.0',
  user: { id: '12', name: 'Grace' },
};
const token = (value: string): Token => ({ value, issuedAt: 0, expiresAt: 1, clockAhead: 0 });

describe('a credential', () => {
  let asked: string[];
  /** Records the requests to Looker. */
  const api = {
    login: (key: object) => {
      asked.push(`login ${JSON.stringify(key)}`);
      return Promise.resolve(token('own'));
    },
    loginAs: (...how: unknown[]) => {
      asked.push(`loginAs ${how.join()}`);
      return Promise.resolve(token('sudo'));
    },
  } as unknown as Api;
  const request: TokenRequest = {
    account,
    api,
    asAdmin: (work) => work({ account, token: token("admin's") }),
  };

  beforeEach(() => {
    asked = [];
  });

  it('that is an API key logs in with the key, and stays the same', async () => {
    assert.deepEqual(await nextToken(API_KEY, request), { token: token('own') });
    assert.deepEqual(asked, ['login {"clientId":"client","clientSecret":"secret"}']);
  });

  it("that is an admin's account logs in as the user with the admin's token", async () => {
    assert.deepEqual(await nextToken(SUDO, request), { token: token('sudo') });
    assert.deepEqual(asked, ["loginAs 12,admin's,false"]);
  });

  it("that wasn't saved asks for a new login", async () => {
    await assert.rejects(nextToken(NONE, request), LoginNeededError);
    assert.deepEqual(asked, []);
  });

  it('has nothing to revoke except its tokens', async () => {
    for (const stored of [API_KEY, SUDO, NONE]) await endCredential(stored, api, undefined);
    assert.deepEqual(asked, []);
  });

  const renewing: [
    what: string,
    own: StoredCredential,
    admin: StoredCredential | undefined,
    boolean,
  ][] = [
    ['an API key gets tokens', API_KEY, undefined, true],
    ['none gets no token', NONE, undefined, false],
    ["an admin's account gets tokens with the admin's API key", SUDO, API_KEY, true],
    ["an admin's account gets none without the admin's key", SUDO, NONE, false],
    ["an admin's account gets none without the admin", SUDO, undefined, false],
    ['a sudo account gets no tokens for another sudo account', SUDO, SUDO, false],
  ];
  for (const [what, own, admin, expected] of renewing) {
    it(`reports whether it can get tokens without the user: ${what}`, () => {
      assert.equal(canRenew(own, admin), expected);
    });
  }

  const unfit: [what: string, stored: unknown][] = [
    ['no kind', { clientId: 'client', clientSecret: 'secret' }],
    ['a kind that does not exist', { kind: 'carrierPigeon' }],
    ['a key without secret', { kind: 'apiKey', clientId: 'client' }],
    ['a key with an empty ID', { kind: 'apiKey', clientId: '', clientSecret: 'secret' }],
    ['a word in place of the flag `associative`', { kind: 'sudo', associative: 'yes' }],
  ];
  for (const [what, stored] of unfit) {
    it(`isn't read from ${what}`, () => {
      assert.equal(v.safeParse(StoredCredential, stored).success, false);
    });
  }
  for (const stored of [API_KEY, SUDO, NONE, { kind: 'sudo' }]) {
    it(`is read as it was stored: ${JSON.stringify(stored)}`, () => {
      assert.deepEqual(v.parse(StoredCredential, stored), stored);
    });
  }
});
