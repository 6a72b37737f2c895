import assert from 'node:assert/strict';
import type { Accounts } from '../../../src/accounts/accounts';
import { UnreachableError } from '../../../src/looker/errors/network';
import { DevModeRefusedError } from '../../../src/looker/errors/refusal';
import { ServerError } from '../../../src/looker/errors/response';
import type { Workspace } from '../../../src/looker/workspace';
import type { FaultKind } from '../../standIn/standInLooker';
import { officialSdk, silenceSdk } from '../../support/officialSdk';
import { until } from '../../support/until';
import { MINUTE, setUp } from './harness';

describe('a session in Development Mode', () => {
  const harness = setUp();
  const { openWindow, openWindowOf, asked } = harness;

  const dev = (accounts: Accounts, id: string) => accounts.session(id, undefined, 'dev');
  /** The workspace of a token on the server. */
  const workspaceOf = (value: string) =>
    harness.looker.liveTokens().find((token) => token.value === value)?.workspace;
  const workspaces = () =>
    harness.looker
      .liveTokens()
      .map(({ workspace }) => workspace)
      .sort();

  it('has its own token in that workspace; every other token stays in production', async () => {
    const { accounts, id } = await openWindowOf('Ada');
    const { token } = await dev(accounts, id);
    assert.equal(workspaceOf(token.value), 'dev');
    assert.equal(workspaceOf((await accounts.session(id)).token.value), 'production');
    assert.deepEqual(workspaces(), ['dev', 'production']);
  });

  it('logs in once for any number of callers and windows', async () => {
    const { accounts, id } = await openWindowOf('Ada');
    const other = await openWindow();
    assert.equal(asked('/login').length, 1);
    const here = await Promise.all(Array.from({ length: 20 }, () => dev(accounts, id)));
    await until(() => other.peek(id, 'dev') !== undefined);
    const there = await Promise.all(Array.from({ length: 20 }, () => dev(other, id)));
    assert.equal(new Set([...here, ...there].map(({ token }) => token.value)).size, 1);
    assert.equal(asked('/login').length, 2);
    assert.equal(asked('/session').filter(({ method }) => method === 'PATCH').length, 1);
  });

  it('never shows in a production session, nor the other way around, over ten renewals', async () => {
    harness.renewal = 'background';
    const { accounts, id } = await openWindowOf('Ada');
    const seen = new Set<string>();
    const use = async (workspace: Workspace) => {
      const { token } = await accounts.session(id, undefined, workspace);
      seen.add(token.value);
      assert.equal(workspaceOf(token.value), workspace);
    };
    const useBoth = () =>
      Promise.all([use('production'), use('dev'), use('dev'), use('production')]);
    await useBoth();
    const current = () =>
      (['production', 'dev'] as const).map((each) => accounts.peek(id, each)?.token.value);
    for (let renewal = 1; renewal <= 10; renewal++) {
      const before = current();
      // Half of the tokens are renewed before they expire, the others on request after they have expired.
      harness.now += renewal % 2 ? 56 * MINUTE : 61 * MINUTE;
      if (renewal % 2) accounts.renewDueAccounts();
      await useBoth();
      await until(() => current().every((value, index) => value !== before[index]));
      await useBoth();
    }
    assert.equal(seen.size, 22);
    assert.equal(asked('/login').length, 22);
  });

  it('stays in the mode when renewed by hand, in another window, or after only its token was revoked', async () => {
    const { accounts, id } = await openWindowOf('Ada');
    const other = await openWindow();
    const first = await dev(accounts, id);
    await accounts.renew(id, undefined, 'dev');
    harness.looker.revokeToken(first.token.value);
    const production = accounts.peek(id)?.token.value;
    const current = await dev(accounts, id);
    harness.looker.revokeToken(current.token.value);
    await accounts.replaceRejected(id, current.token.value);
    const next = await dev(accounts, id);
    assert.equal(workspaceOf(next.token.value), 'dev');
    assert.equal(accounts.peek(id)?.token.value, production);
    await until(() => other.peek(id, 'dev')?.token.value === next.token.value);
  });

  it('is available to a user an admin acts as', async () => {
    const { accounts, account } = await openWindowOf('Ada');
    const alan = await accounts.loginAs(account, '3');
    const { token } = await dev(accounts, alan.id);
    const issued = harness.looker.liveTokens().find(({ value }) => value === token.value);
    assert.deepEqual([issued?.userId, issued?.sudoBy, issued?.workspace], ['3', '1', 'dev']);
  });

  it('is refused to a user without permission, with a message and without losing anything', async () => {
    const { accounts, account } = await openWindowOf('Ada');
    const katherine = await accounts.loginAs(account, '4');
    const before = workspaces();
    const host = harness.host();
    const refusal = {
      name: 'DevModeRefusedError',
      message: `${host} doesn't let this user work in Development Mode. Ask your Looker admin for the develop permission.`,
    };
    for (let times = 0; times < 20; times++) {
      await assert.rejects(dev(accounts, katherine.id), refusal);
    }
    assert.equal(asked('/login/4').length, 2, 'one login for the account, and one try');
    await until(() => workspaces().length === before.length);
    assert.deepEqual(workspaces(), before);
    assert.equal((await accounts.session(katherine.id)).account.id, katherine.id);
    assert.ok(accounts.statuses().every(({ failure }) => failure === undefined));
    harness.looker.setRoles('Katherine Johnson', ['developer']);
    await assert.rejects(dev(accounts, katherine.id), DevModeRefusedError);
    harness.now += MINUTE;
    assert.equal(workspaceOf((await dev(accounts, katherine.id)).token.value), 'dev');
  });

  const faults: readonly [
    what: string,
    method: string,
    kind: FaultKind,
    error: new (...facts: never[]) => Error,
  ][] = [
    ['the request is lost', 'PATCH', { is: 'reset' }, UnreachableError],
    ['the response is lost', 'PATCH', { is: 'reset', afterHeaders: true }, UnreachableError],
    ['the check is lost', 'GET', { is: 'reset' }, UnreachableError],
    ['the server fails', 'PATCH', { is: 'html', status: 502 }, ServerError],
    [
      'on an old version that knows no such request',
      'PATCH',
      { is: 'refusal', status: 404 },
      DevModeRefusedError,
    ],
    [
      'where Looker says yes and stays in production',
      'PATCH',
      { is: 'json', status: 200, body: { workspace_id: 'production' } },
      DevModeRefusedError,
    ],
    [
      'where the check says production',
      'GET',
      { is: 'json', status: 200, body: { workspace_id: 'production' } },
      DevModeRefusedError,
    ],
  ];
  for (const [what, method, kind, error] of faults) {
    it(`fails if ${what}: nobody gets that token, and it is revoked`, async () => {
      const { accounts, id } = await openWindowOf('Ada');
      harness.looker.fault({ method, path: '/session', kind });
      await assert.rejects(dev(accounts, id), error);
      await accounts.allRevoked();
      assert.deepEqual(workspaces(), ['production']);
      assert.equal(accounts.peek(id, 'dev'), undefined);
      assert.equal((await accounts.session(id)).account.id, id);
      harness.looker.clearFaults();
      harness.now += MINUTE;
      assert.equal(workspaceOf((await dev(accounts, id)).token.value), 'dev');
    });
  }

  it('ends with its account, also on the server', async () => {
    const { accounts, id } = await openWindowOf('Ada');
    await dev(accounts, id);
    await accounts.logout([id]);
    assert.deepEqual(workspaces(), []);
    assert.deepEqual(harness.keysStored(), []);
  });

  it('shows in Looker’s own SDK', async () => {
    const letSpeak = silenceSdk();
    try {
      const { accounts, id } = await openWindowOf('Ada');
      const told = async (workspace: Workspace) => {
        const { token } = await accounts.session(id, undefined, workspace);
        const { session, sdk } = officialSdk(
          harness.looker.baseUrl,
          harness.looker.apiKeyOf('Ada'),
        );
        session.activeToken.setToken({
          access_token: token.value,
          token_type: 'Bearer',
          expires_in: 3600,
        });
        return (await sdk.ok(sdk.session())).workspace_id;
      };
      assert.equal(await told('dev'), 'dev');
      assert.equal(await told('production'), 'production');
    } finally {
      letSpeak();
    }
  });
});
