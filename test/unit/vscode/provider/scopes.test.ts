import assert from 'node:assert/strict';
import type { Account } from '../../../../src/accounts/account';
import {
  parseScopes,
  satisfies,
  scopesOf,
  UnknownScopeError,
} from '../../../../src/vscode/provider/scopes';

const baseUrl = 'https://acme.cloud.looker.com';
const ada: Account = {
  id: `${baseUrl}#7`,
  label: 'Ada Lovelace (acme.cloud.looker.com)',
  baseUrl,
  apiVersion: '4.0',
  user: { id: '7', name: 'Ada Lovelace' },
};
const grace: Account = {
  ...ada,
  id: `${baseUrl}#7>12`,
  user: { id: '12', name: 'Grace Hopper' },
  sudo: { adminAccountId: ada.id, admin: ada.user },
};

describe('scopes', () => {
  const matches: [scopes: string[], fitting: Account[]][] = [
    [[], [ada, grace]],
    [[baseUrl], [ada, grace]],
    [[`${baseUrl}/`], [ada, grace]],
    [['https://other.looker.com'], []],
    [['sudo:12'], [grace]],
    [['sudo:012'], [grace]],
    [['sudo:7'], []],
    [[baseUrl, 'sudo:12'], [grace]],
    [['sudo:12', baseUrl], [grace]],
    [['sudo:12', 'https://other.looker.com'], []],
    [[`${baseUrl}:443`], [ada, grace]],
    [[`${baseUrl}:19999`], [ada, grace]],
    [
      [`${baseUrl}:19999/api/4.0`, baseUrl],
      [ada, grace],
    ],
    [[`${baseUrl}:19999`, 'sudo:12'], [grace]],
    [[`${baseUrl}:9999`], []],
    [[baseUrl.replace('https', 'http')], []],
  ];
  for (const [scopes, fitting] of matches) {
    it(`[${scopes.join(', ')}] fits ${fitting.map(({ user }) => user.name).join(' and ') || 'nobody'}`, () => {
      const wanted = parseScopes(scopes);
      assert.deepEqual(
        [ada, grace].filter((account) => satisfies(account, wanted)),
        fitting,
      );
    });
  }

  const refused = [
    ['email'],
    ['acme.cloud.looker.com'],
    ['sudo:'],
    ['sudo:1 2'],
    [''],
    ['https://'],
    ['https://id:secret@acme.looker.com'],
    ['ftp://acme.looker.com'],
    ['sudo:1', 'sudo:2'],
    [baseUrl, 'https://other.looker.com'],
    [baseUrl, 'email'],
    [baseUrl, `${baseUrl}:9999`],
    [`${baseUrl}:19999`, 'https://other.looker.com:19999'],
  ];
  for (const scopes of refused) {
    it(`[${scopes.join(', ')}] is refused, not ignored`, () => {
      assert.throws(() => parseScopes(scopes), UnknownScopeError);
    });
  }

  it('name one instance by either of the usual ports, whichever the account is on', () => {
    const old = { ...ada, baseUrl: `${baseUrl}:19999` };
    assert.ok(satisfies(old, parseScopes([baseUrl])));
    assert.ok(satisfies(old, parseScopes([`${baseUrl}:19999`])));
    const local = { ...ada, baseUrl: 'http://localhost:19999' };
    assert.ok(!satisfies(local, parseScopes(['http://localhost'])));
    assert.ok(!satisfies(local, parseScopes(['https://localhost:19999'])));
  });

  it('of an account are its instance and whom it acts as', () => {
    assert.deepEqual(scopesOf(ada), [baseUrl]);
    assert.deepEqual(scopesOf(grace), [baseUrl, 'sudo:12']);
  });
});
