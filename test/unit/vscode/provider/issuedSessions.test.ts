import assert from 'node:assert/strict';
import type { Accounts } from '../../../../src/accounts/accounts';
import type { Session } from '../../../../src/accounts/session';
import { accountIdIn, IssuedSessions } from '../../../../src/vscode/provider/issuedSessions';
import { ADA } from '../../../support/accountStatus';

describe('the issued sessions', () => {
  const accounts = { timeLeft: () => 60_000 };
  const { account } = ADA;
  const sessionWith = (value: string): Session => ({
    account,
    token: { value, issuedAt: 0, expiresAt: 0, clockAhead: 0 },
  });

  it('are recognized by ID and token', () => {
    const issued = new IssuedSessions();
    const session = issued.toSession(accounts, sessionWith('token'));
    assert.deepEqual(issued.ownerOf(session), {
      accountId: account.id,
      workspace: 'production',
    });
    assert.equal(issued.ownerOf({ ...session, accessToken: 'guess' }), undefined);
    assert.equal(issued.ownerOf({ ...session, id: 'somebody else' }), undefined);
  });

  it('are separate sessions in Development Mode, for the same account', () => {
    const issued = new IssuedSessions();
    const session = issued.toSession(accounts, sessionWith('one'));
    const dev = issued.toSession(accounts, sessionWith('other'), 'dev');
    assert.equal(dev.looker.workspace, 'dev');
    assert.equal(session.looker.workspace, 'production');
    assert.deepEqual(dev.account, session.account);
    assert.notEqual(dev.id, session.id);
    assert.equal(accountIdIn(dev.id), account.id);
    assert.equal(accountIdIn(session.id), account.id);
    assert.deepEqual(dev.scopes, [...session.scopes, 'workspace:dev']);
    assert.deepEqual(issued.ownerOf(dev), { accountId: account.id, workspace: 'dev' });
    assert.equal(issued.ownerOf({ ...dev, id: session.id }), undefined);
  });

  it('are logged once for each account, with a few scopes, on one line', () => {
    const log: string[] = [];
    const issued = new IssuedSessions(undefined, { info: (line) => log.push(line) });
    const session = sessionWith('secret token');
    const all = { ...accounts, peek: () => session } as unknown as Accounts;
    const scopes = [`${account.baseUrl}/\n2026 [info] Nothing happened. ${'x'.repeat(1000)}`];
    issued.share(all, session, [...scopes, ...Array.from({ length: 100 }, () => 'sudo:1')]);
    issued.share(all, session, []);
    assert.equal(log.length, 1);
    const [line = ''] = log;
    assert.ok(line.startsWith(`An extension asked VS Code for a session of ${account.label}`));
    assert.ok(line.includes(account.baseUrl) && line.length < 500, line);
    assert.doesNotMatch(line, /\n|secret token/);
  });

  it('are forgotten if there are many, the oldest first', () => {
    const issued = new IssuedSessions();
    const inUse = issued.toSession(accounts, sessionWith('in use'));
    const left = issued.toSession(accounts, sessionWith('left alone'));
    for (let n = 0; n < 999; n++) {
      issued.toSession(accounts, sessionWith('in use'));
      issued.toSession(accounts, sessionWith(`token ${n}`));
    }
    assert.equal(issued.ownerOf(inUse)?.accountId, account.id);
    assert.equal(issued.ownerOf(left), undefined);
  });
});
