import assert from 'node:assert/strict';
import type { Account } from '../../../src/accounts/account';
import { parseScopes, satisfies, scopesOf, UnknownScopeError } from '../../../src/vscode/scopes';

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
  ];
  for (const scopes of refused) {
    it(`[${scopes.join(', ')}] is refused, not ignored`, () => {
      assert.throws(() => parseScopes(scopes), UnknownScopeError);
    });
  }

  it('of an account are its instance and whom it acts as', () => {
    assert.deepEqual(scopesOf(ada), [baseUrl]);
    assert.deepEqual(scopesOf(grace), [baseUrl, 'sudo:12']);
  });
});
