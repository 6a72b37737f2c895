import assert from 'node:assert/strict';
import { LoggedOutError } from '../../../src/accounts/errors';
import { SudoMismatchError, SudoRefusedError } from '../../../src/looker/errors/refusal';
import { lookerApi } from '../../support/lookerApi';
import { until } from '../../support/until';
import { announced, labels, setUp } from './harness';

describe('acting as another user', () => {
  const harness = setUp();
  const { openWindowOf, host, asked } = harness;

  it('adds a separate account under the admin', async () => {
    const { accounts, account: admin } = await openWindowOf('Ada');
    const sudo = await accounts.loginAs(admin, '3');
    assert.equal(sudo.label, `Alan Turing, sudo by Ada Lovelace (${host()})`);
    assert.deepEqual(labels(accounts), [admin.label, sudo.label]);
    assert.equal(accounts.active?.account.id, sudo.id);
    const { token } = await accounts.session(sudo.id);
    assert.equal((await lookerApi(harness.looker.baseUrl).me(token.value)).name, 'Alan Turing');
  });

  it('is refused if Looker refuses it, and leaves the admin logged in', async () => {
    const { accounts, account: grace } = await openWindowOf('Grace Hopper');
    await assert.rejects(accounts.loginAs(grace, '3'), SudoRefusedError);
    assert.deepEqual(labels(accounts), [grace.label]);
  });

  it('asks Looker to confirm both users', async () => {
    const { accounts, account: admin } = await openWindowOf('Ada');
    await accounts.loginAs(admin, '3');
    assert.equal(asked('/session').length, 1);
  });

  const lies: [what: string, path: string, body: object, sentence: RegExp][] = [
    ['another user', '/user', { id: '9' }, /issued a token for user 9 instead of user 3/],
    [
      'another admin',
      '/session',
      { sudo_user_id: 9 },
      /user 9 acting as user 3, but you're user 1/,
    ],
  ];
  for (const [what, path, body, sentence] of lies) {
    it(`saves nothing if Looker then says it is ${what}, and revokes the token`, async () => {
      const { accounts, account: admin } = await openWindowOf('Ada');
      harness.looker.fault({ path, kind: { is: 'json', status: 200, body } });
      await assert.rejects(accounts.loginAs(admin, '3'), (error: Error) => {
        assert.ok(error instanceof SudoMismatchError);
        assert.match(error.message, sentence);
        return true;
      });
      assert.deepEqual(labels(accounts), [admin.label]);
      await until(() => harness.looker.liveTokens().length === 1);
    });
  }

  it('accepts the user as the acting one, as some versions of Looker report', async () => {
    const { accounts, account: admin } = await openWindowOf('Ada');
    harness.looker.fault({
      path: '/session',
      kind: { is: 'json', status: 200, body: { sudo_user_id: 3 } },
    });
    assert.equal((await accounts.loginAs(admin, '3')).user.name, 'Alan Turing');
  });

  it("continues if Looker doesn't say, and logs that", async () => {
    const { accounts, account: admin } = await openWindowOf('Ada');
    harness.looker.fault({ path: '/session', kind: { is: 'html', status: 403 } });
    await accounts.loginAs(admin, '3');
    assert.ok(harness.log.some((line) => line.includes("doesn't report who acts as which user")));
  });

  it('treats an ID with leading zeros as the same user', async () => {
    const { accounts, account: admin } = await openWindowOf('Ada');
    assert.equal((await accounts.loginAs(admin, '003')).user.name, 'Alan Turing');
  });

  it('saves nothing if the admin logs out in the meantime', async () => {
    const { accounts, account: admin } = await openWindowOf('Ada');
    harness.looker.fault({ path: '/user', kind: { is: 'slow', ms: 100 } });
    const sudo = accounts.loginAs(admin, '3');
    await until(() => asked('/user').length === 2);
    await accounts.logout([admin.id]);
    const events = announced(accounts);
    await assert.rejects(sudo, LoggedOutError);
    assert.deepEqual(events, []);
    await until(() => harness.looker.liveTokens().length === 0);
    assert.deepEqual(accounts.statuses(), []);
  });

  it('first gets the admin a new token if theirs was revoked', async () => {
    const { accounts, account: admin } = await openWindowOf('Ada');
    harness.looker.revokeTokens();
    await accounts.loginAs(admin, '3');
    assert.equal(asked('/login').length, 2);
    assert.equal(asked('/login/3').length, 2);
  });
});
