import assert from 'node:assert/strict';
import { UnreachableError } from '../../../src/looker/errors/network';
import { until } from '../../support/until';
import { announced, MINUTE, setUp } from './harness';

describe('the tokens of an account', () => {
  const harness = setUp();
  const { openWindow, openWindowOf, login, asked } = harness;

  beforeEach(() => {
    harness.renewal = 'background';
  });

  it('are one for each workspace, and none for `dev` before one is requested', async () => {
    const { accounts, id } = await openWindowOf('Ada');
    assert.equal(accounts.peek(id, 'dev'), undefined);
    harness.now += 55 * MINUTE;
    accounts.renewDueAccounts();
    await until(() => !accounts.active?.isRenewing && !accounts.active?.isExpiring);
    assert.equal(accounts.peek(id, 'dev'), undefined);
    const dev = await accounts.session(id, undefined, 'dev');
    const production = await accounts.session(id);
    assert.notEqual(dev.token.value, production.token.value);
    assert.equal(asked('/login').length, 3);
    assert.equal((await accounts.session(id, undefined, 'dev')).token.value, dev.token.value);
    assert.equal(accounts.peek(id)?.token.value, production.token.value);
  });

  it('are each renewed on their own, once there are two', async () => {
    const { accounts, id } = await openWindowOf('Ada');
    const events = announced(accounts);
    harness.now += 30 * MINUTE;
    const dev = await accounts.session(id, undefined, 'dev');
    harness.now += 25 * MINUTE;
    const production = accounts.peek(id);
    assert.equal(accounts.renewDueAccounts(), 30 * MINUTE);
    await until(() => accounts.peek(id)?.token.value !== production?.token.value);
    assert.equal(accounts.peek(id, 'dev')?.token.value, dev.token.value);
    harness.now += 30 * MINUTE;
    accounts.renewDueAccounts();
    await until(() => accounts.peek(id, 'dev')?.token.value !== dev.token.value);
    assert.equal(asked('/login').length, 4);
    assert.deepEqual(events, [
      'renewedForDev Ada Lovelace',
      'renewed Ada Lovelace',
      'renewedForDev Ada Lovelace',
    ]);
  });

  it('fail independently: if `dev` fails, production can still be renewed', async () => {
    const { accounts, id } = await openWindowOf('Ada');
    harness.looker.fault({ path: '/login', times: 1, kind: { is: 'reset' } });
    await assert.rejects(accounts.session(id, undefined, 'dev'), UnreachableError);
    await assert.rejects(accounts.session(id, undefined, 'dev'), UnreachableError);
    assert.equal(asked('/login').length, 2, 'it is left alone for seconds');
    assert.equal(accounts.active?.failure, undefined);
    await accounts.renew(id);
    await assert.rejects(accounts.session(id, undefined, 'dev'), UnreachableError);
    harness.now += 5000;
    await accounts.session(id, undefined, 'dev');
  });

  it('are rejected independently', async () => {
    const { accounts, id } = await openWindowOf('Ada');
    const dev = await accounts.session(id, undefined, 'dev');
    const production = accounts.peek(id);
    harness.looker.revokeToken(dev.token.value);
    await accounts.replaceRejected(id, dev.token.value);
    assert.notEqual(accounts.peek(id, 'dev')?.token.value, dev.token.value);
    assert.equal(accounts.peek(id)?.token.value, production?.token.value);
  });

  it('reach all windows, and none is lost if two windows store at the same time', async () => {
    const [one, other] = [await openWindow(), await openWindow()];
    const { id } = await login(one, 'Ada');
    await until(() => other.peek(id) !== undefined);
    const goOn = harness.secrets.holdBack('lookerAuth.token:');
    const renewals = Promise.all([one.renew(id), other.session(id, undefined, 'dev')]);
    await until(() => harness.secrets.waiting === 2);
    goOn();
    const [production, dev] = await renewals;
    const third = await openWindow();
    for (const window of [one, other, third]) {
      await until(() => window.peek(id, 'dev') !== undefined);
      assert.equal(window.peek(id, 'dev')?.token.value, dev.token.value);
      assert.equal(window.peek(id)?.token.value, production.token.value);
    }
  });

  it('are all revoked and forgotten with the account, including replaced ones', async () => {
    const { accounts, id } = await openWindowOf('Ada');
    await accounts.session(id, undefined, 'dev');
    const back = harness.looker.fault({ path: '/logout', kind: { is: 'reset' } });
    await accounts.renew(id, undefined, 'dev');
    await accounts.allRevoked();
    back();
    assert.equal(harness.looker.liveTokens().length, 3);
    await accounts.logout([id]);
    assert.deepEqual(harness.looker.liveTokens(), []);
    assert.deepEqual(harness.keysStored(), []);
  });

  it('end with the login before a new one, and are revoked with it', async () => {
    const { accounts, id } = await openWindowOf('Ada');
    await accounts.session(id, undefined, 'dev');
    await login(accounts, 'Ada');
    assert.equal(accounts.peek(id, 'dev'), undefined);
    await accounts.logout([id]);
    assert.deepEqual(harness.looker.liveTokens(), []);
  });

  it("of a user an admin acts as are requested with the admin's `production` token", async () => {
    const { accounts, account: admin } = await openWindowOf('Ada');
    const { id } = await accounts.loginAs(admin, '3');
    const dev = await accounts.session(id, undefined, 'dev');
    assert.equal(asked('/login/3').length, 2);
    assert.equal(asked('/login').length, 1);
    assert.notEqual(dev.token.value, accounts.peek(id)?.token.value);
    assert.equal(accounts.peek(admin.id, 'dev'), undefined);
  });
});
