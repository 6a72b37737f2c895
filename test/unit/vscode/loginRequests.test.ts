import assert from 'node:assert/strict';
import type { Accounts } from '../../../src/accounts/accounts';
import { LoginRequests } from '../../../src/vscode/loginRequests';
import { MemoryMemento } from '../../support/memoryMemento';
import { MemorySecrets } from '../../support/memorySecrets';
import { openAccounts } from '../../support/openAccounts';

describe('a log-in that another extension waits for', () => {
  let accounts: Accounts;
  beforeEach(async () => {
    accounts = await openAccounts(new MemorySecrets(), new MemoryMemento());
  });
  afterEach(() => {
    accounts.dispose();
  });

  it('comes to an end though the user walks away, and holds up no later one', async () => {
    const wanted: unknown[] = [];
    const walksAway = () => new Promise<never>((_resolve) => wanted.push(_resolve));
    const requests = new LoginRequests(accounts, walksAway, 20);
    const asked = [requests.ask({}), requests.ask({ sudoUserId: '3' }), requests.ask({})];
    for (const request of asked) await assert.rejects(request, /Nobody has logged in to Looker/);
    assert.equal(wanted.length, 2);
    await assert.rejects(requests.ask({}), /Nobody has logged in to Looker/);
    assert.equal(wanted.length, 3);
  });
});
