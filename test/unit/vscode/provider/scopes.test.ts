import assert from 'node:assert/strict';
import type { Account } from '../../../../src/accounts/account';
import type { AccountStatus } from '../../../../src/accounts/accountStatus';
import { isSameInstance } from '../../../../src/looker/instance/host';
import { accountsFor } from '../../../../src/vscode/provider/accountsFor';
import { matches } from '../../../../src/vscode/provider/matches';
import { parseScopes, UnknownScopeError } from '../../../../src/vscode/provider/parseScopes';
import { scopesOf } from '../../../../src/vscode/provider/scopes';

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
  label: 'Grace Hopper, sudo by Ada Lovelace (acme.cloud.looker.com)',
  user: { id: '12', name: 'Grace Hopper' },
  sudo: { adminAccountId: ada.id, admin: ada.user },
};

describe('scopes', () => {
  const matching: [scopes: string[], fitting: Account[]][] = [
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
    [['workspace:dev'], [ada, grace]],
    [['workspace:production', 'sudo:12'], [grace]],
  ];
  for (const [scopes, fitting] of matching) {
    it(`[${scopes.join(', ')}] match ${fitting.map(({ user }) => user.name).join(' and ') || 'nobody'}`, () => {
      const wanted = parseScopes(scopes);
      assert.deepEqual(
        [ada, grace].filter((account) => matches(account, wanted)),
        fitting,
      );
    });
  }

  const refused = [
    ['email'],
    ['acme.cloud.looker.com'],
    ['sudo:'],
    ['sudo:1 2'],
    ['sudo:../x'],
    [`sudo:${'9'.repeat(65)}`],
    [`${baseUrl} is ours`],
    [''],
    ['https://'],
    ['https://id:secret@acme.looker.com'],
    ['ftp://acme.looker.com'],
    ['sudo:1', 'sudo:2'],
    ['workspace:'],
    ['workspace:moon'],
    ['workspace:Dev'],
    ['workspace:dev '],
    ['workspace:dev', 'workspace:production'],
    [baseUrl, 'workspace:production', 'sudo:1', 'workspace:dev'],
    [baseUrl, 'https://other.looker.com'],
    [baseUrl, 'email'],
    [baseUrl, `${baseUrl}:9999`],
    [`${baseUrl}:19999`, 'https://other.looker.com:19999'],
  ];
  for (const scopes of refused) {
    it(`[${scopes.join(', ')}] are refused, not ignored`, () => {
      assert.throws(() => parseScopes(scopes), UnknownScopeError);
    });
  }

  it('match an instance by either of its usual ports, whichever the account has', () => {
    const old = { ...ada, baseUrl: `${baseUrl}:19999` };
    assert.ok(matches(old, parseScopes([baseUrl])));
    assert.ok(matches(old, parseScopes([`${baseUrl}:19999`])));
    const local = { ...ada, baseUrl: 'http://localhost:19999' };
    assert.ok(!matches(local, parseScopes(['http://localhost'])));
    assert.ok(!matches(local, parseScopes(['https://localhost:19999'])));
  });

  describe('lead to', () => {
    const other = 'https://other.looker.com';
    const alone: Account = {
      ...ada,
      id: `${other}#7`,
      label: 'Ada Lovelace (other)',
      baseUrl: other,
    };
    const list = [ada, grace, alone];
    /** The accounts they lead to if the second one is active, and the third one is the current one elsewhere. */
    const meant = (scopes: string[], label?: string) => {
      const accounts = {
        list,
        active: { account: grace } as AccountStatus,
        currentOn: (url: string) =>
          isSameInstance(url, baseUrl) ? grace : isSameInstance(url, other) ? alone : undefined,
      };
      return accountsFor(accounts, parseScopes(scopes), label).map(({ id }) => id);
    };

    it('the active account if there are none, in any workspace', () => {
      assert.deepEqual(meant([]), [grace.id]);
      assert.deepEqual(meant(['workspace:dev']), [grace.id]);
    });

    it('the current account of an instance, by both usual ports', () => {
      assert.deepEqual(meant([baseUrl]), [grace.id]);
      assert.deepEqual(meant([`${other}:19999`, 'workspace:dev']), [alone.id]);
      assert.deepEqual(meant(['https://nowhere.looker.com']), []);
    });

    it('a sudo account, active or not', () => {
      assert.deepEqual(meant(['sudo:12']), [grace.id]);
      assert.deepEqual(meant(['sudo:7']), []);
    });

    it('the requested account, active or not, if they match it', () => {
      assert.deepEqual(meant([], ada.label), [ada.id]);
      assert.deepEqual(meant([baseUrl], ada.label), [ada.id]);
      assert.deepEqual(meant([other], ada.label), []);
      assert.deepEqual(meant(['sudo:12'], ada.label), []);
      assert.deepEqual(meant([], 'Nobody'), []);
    });
  });

  it('of an account are its instance and the user it acts as', () => {
    assert.deepEqual(scopesOf(ada), [baseUrl]);
    assert.deepEqual(scopesOf(grace), [baseUrl, 'sudo:12']);
  });
});
