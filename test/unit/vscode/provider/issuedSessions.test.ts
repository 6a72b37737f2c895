import assert from 'node:assert/strict';
import type { Accounts } from '../../../../src/accounts/accounts';
import type { Session } from '../../../../src/accounts/session';
import { HandedOut } from '../../../../src/vscode/provider/issuedSessions';
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
    assert.equal(handedOut.idOf(session), account.id);
    assert.equal(handedOut.idOf({ ...session, accessToken: 'guess' }), undefined);
    assert.equal(handedOut.idOf({ ...session, id: 'somebody else' }), undefined);
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
    assert.equal(handedOut.idOf(inUse), account.id);
    assert.equal(handedOut.idOf(left), undefined);
  });
});
