import assert from 'node:assert/strict';
import type { Accounts } from '../../../../src/accounts/accounts';
import type { Session } from '../../../../src/accounts/session';
import { accountIdIn, HandedOut } from '../../../../src/vscode/provider/issuedSessions';
import { ADA } from '../../../support/accountStatus';

describe('the sessions handed out', () => {
  const accounts = { timeLeft: () => 60_000 };
  const { account } = ADA;
  const sessionWith = (value: string): Session => ({
    account,
    token: { value, issuedAt: 0, expiresAt: 0, clockAhead: 0 },
  });

  it('are known again by id and token', () => {
    const handedOut = new HandedOut();
    const session = handedOut.handOut(accounts, sessionWith('token'));
    assert.deepEqual(handedOut.ownerOf(session), {
      accountId: account.id,
      workspace: 'production',
    });
    assert.equal(handedOut.ownerOf({ ...session, accessToken: 'guess' }), undefined);
    assert.equal(handedOut.ownerOf({ ...session, id: 'somebody else' }), undefined);
  });

  it('are sessions of their own in Development Mode, of the same account', () => {
    const handedOut = new HandedOut();
    const session = handedOut.handOut(accounts, sessionWith('one'));
    const dev = handedOut.handOut(accounts, sessionWith('other'), 'dev');
    assert.equal(dev.looker.workspace, 'dev');
    assert.equal(session.looker.workspace, 'production');
    assert.deepEqual(dev.account, session.account);
    assert.notEqual(dev.id, session.id);
    assert.equal(accountIdIn(dev.id), account.id);
    assert.equal(accountIdIn(session.id), account.id);
    assert.deepEqual(dev.scopes, [...session.scopes, 'workspace:dev']);
    assert.deepEqual(handedOut.ownerOf(dev), { accountId: account.id, workspace: 'dev' });
    assert.equal(handedOut.ownerOf({ ...dev, id: session.id }), undefined);
  });

  it('are written to the log once for each account, with few scopes, on one line', () => {
    const log: string[] = [];
    const handedOut = new HandedOut(undefined, { info: (line) => log.push(line) });
    const session = sessionWith('secret token');
    const all = { ...accounts, peek: () => session } as unknown as Accounts;
    const scopes = [`${account.baseUrl}/\n2026 [info] Nothing happened. ${'x'.repeat(1000)}`];
    handedOut.share(all, session, [...scopes, ...Array.from({ length: 100 }, () => 'sudo:1')]);
    handedOut.share(all, session, []);
    assert.equal(log.length, 1);
    const [line = ''] = log;
    assert.ok(line.startsWith(`An extension asked VS Code for a session of ${account.label}`));
    assert.ok(line.includes(account.baseUrl) && line.length < 500, line);
    assert.doesNotMatch(line, /\n|secret token/);
  });

  it('are forgotten where they have not been handed out for long, and there are many', () => {
    const handedOut = new HandedOut();
    const inUse = handedOut.handOut(accounts, sessionWith('in use'));
    const left = handedOut.handOut(accounts, sessionWith('left alone'));
    for (let n = 0; n < 999; n++) {
      handedOut.handOut(accounts, sessionWith('in use'));
      handedOut.handOut(accounts, sessionWith(`token ${n}`));
    }
    assert.equal(handedOut.ownerOf(inUse)?.accountId, account.id);
    assert.equal(handedOut.ownerOf(left), undefined);
  });
});
