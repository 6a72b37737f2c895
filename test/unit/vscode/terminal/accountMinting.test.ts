import assert from 'node:assert/strict';
import type { Account } from '../../../../src/accounts/account';
import type { Accounts } from '../../../../src/accounts/accounts';
import { mintingOf } from '../../../../src/vscode/terminal/accountMinting';
import { StandInLooker } from '../../../standIn/standInLooker';
import { MemoryMemento } from '../../../support/memoryMemento';
import { MemorySecrets } from '../../../support/memorySecrets';
import { openAccounts } from '../../../support/openAccounts';
import { until } from '../../../support/until';

describe('tokens for a terminal', () => {
  let looker: StandInLooker;
  let accounts: Accounts;
  let ada: Account;

  beforeEach(async () => {
    looker = await StandInLooker.start();
    accounts = await openAccounts(new MemorySecrets(), new MemoryMemento());
    ada = await accounts.login(
      { baseUrl: looker.baseUrl, apiVersion: '4.0' },
      looker.apiKeyOf('Ada'),
    );
  });

  afterEach(async () => {
    accounts.dispose();
    await looker.stop();
  });

  const mintingFor = (account: Account) => mintingOf(accounts, account);
  const issued = (token: string | undefined) =>
    looker.liveTokens().find(({ value }) => value === token);

  it("come from separate logins, don't change the account, and can be revoked", async () => {
    const minting = mintingFor(ada);
    const own = accounts.peek(ada.id)?.token.value;
    const [one, two] = [await minting.mint('production'), await minting.mint('production')];
    assert.equal(new Set([own, one?.token, two?.token]).size, 3);
    assert.equal(issued(one?.token)?.userId, '1');
    assert.ok((one?.timeLeft() ?? 0) > 3_500_000);
    assert.equal(accounts.peek(ada.id)?.token.value, own);
    await minting.revoke(one?.token ?? '');
    assert.deepEqual(
      looker.liveTokens().map(({ value }) => value),
      [own, two?.token],
    );
  });

  it('are in Development Mode on request, without changing the account', async () => {
    const lease = await mintingFor(ada).mint('dev');
    assert.equal(issued(lease?.token)?.workspace, 'dev');
    assert.equal(issued(accounts.peek(ada.id)?.token.value)?.workspace, 'production');
  });

  it("are revoked if Development Mode can't be entered", async () => {
    looker.fault({ method: 'PATCH', kind: { is: 'refusal', status: 403 } });
    await assert.rejects(mintingFor(ada).mint('dev'));
    await until(() => looker.liveTokens().length === 1);
  });

  it('act as the user for a sudo account', async () => {
    const alan = await accounts.loginAs(ada, '3');
    const lease = await mintingFor(alan).mint('production');
    assert.deepEqual([issued(lease?.token)?.userId, issued(lease?.token)?.sudoBy], ['3', '1']);
  });

  it("work after Looker has revoked the admin's token", async () => {
    const alan = await accounts.loginAs(ada, '3');
    looker.revokeToken(accounts.peek(ada.id)?.token.value ?? '');
    const lease = await mintingFor(alan).mint('production');
    assert.equal(issued(lease?.token)?.userId, '3');
  });

  it("are the account's own if its API key isn't saved", async () => {
    const target = { baseUrl: looker.baseUrl, apiVersion: '4.0' } as const;
    const grace = await accounts.login(target, looker.apiKeyOf('Grace'), undefined, {
      keepsKey: false,
    });
    const minting = mintingFor(grace);
    assert.equal(await minting.mint('production'), undefined);
    assert.equal((await minting.shared()).token, accounts.peek(grace.id)?.token.value);
  });

  it('are no longer issued after a logout', async () => {
    const minting = mintingFor(ada);
    await accounts.logout([ada.id]);
    await assert.rejects(minting.mint('production'));
    await assert.rejects(minting.shared());
    assert.deepEqual(looker.liveTokens(), []);
  });
});
