import assert from 'node:assert/strict';
import type { Account } from '../../../../src/accounts/account';
import type { Accounts } from '../../../../src/accounts/accounts';
import {
  BrowserLoginEndedError,
  BrowserSudoRefusedError,
  RefreshTokenSurvivesError,
} from '../../../../src/looker/oauth/errors';
import { loginClient, codeFor } from '../../looker/oauth/harness';
import { until } from '../../../support/until';
import { MINUTE, setUp } from '../harness';

const ROTATIONS = ['none', 'new', 'newAndReuseKills', 'null'] as const;

describe('accounts with a browser login', () => {
  const harness = setUp();
  beforeEach(() => {
    harness.looker.registerClient(loginClient.clientId, [loginClient.redirectUri]);
  });

  const logIn = async (
    accounts: Accounts,
    email = 'katherine@example.com',
    terms?: Parameters<Accounts['loginWithBrowser']>[3],
  ): Promise<Account> => {
    const received = { loginClient, ...(await codeFor(harness.looker, email)) };
    return accounts.loginWithBrowser(harness.target(), received, undefined, terms);
  };
  const tokenRequests = () => harness.looker.requests.filter(({ path }) => path === '/api/token');

  it('are verified, labeled and shown like any other', async () => {
    const accounts = await harness.openWindow();
    const account = await logIn(accounts);
    assert.equal(account.label, `Katherine Johnson (${harness.host()})`);
    assert.equal(accounts.active?.account.id, account.id);
    assert.ok(accounts.active.renewsOnUse);
    assert.ok(accounts.active.canRenew);
    assert.equal(accounts.known[0]?.how, 'browser');
  });

  for (const rotation of ROTATIONS) {
    it(`renew in any window, and after a reload: rotation ${rotation}`, async () => {
      harness.looker.oauth.rotation = rotation;
      const [one, two] = [await harness.openWindow(), await harness.openWindow()];
      const { id } = await logIn(one);
      for (const window of [two, one, two, await harness.openWindow()]) {
        harness.now += 60 * MINUTE;
        const before = tokenRequests().length;
        const { token } = await window.session(id);
        assert.ok(harness.looker.liveTokens().some(({ value }) => value === token.value));
        assert.equal(tokenRequests().length, before + 1);
      }
    });
  }

  it('are renewed once for any number of windows and callers', async () => {
    harness.looker.oauth.rotation = 'newAndReuseKills';
    const windows = await Promise.all(Array.from({ length: 5 }, () => harness.openWindow()));
    const [first = assert.fail()] = windows;
    const { id } = await logIn(first);
    await Promise.all(windows.map((window) => window.catchUp()));
    harness.now += 60 * MINUTE;
    const before = tokenRequests().length;
    const sessions = await Promise.all(
      windows.flatMap((window) => [window.session(id), window.session(id)]),
    );
    assert.equal(new Set(sessions.map(({ token }) => token.value)).size, 1);
    assert.equal(tokenRequests().length, before + 1);
    assert.equal(harness.looker.liveRefreshTokens().length, 1);
  });

  it('are the same as accounts with an API key; the later login counts', async () => {
    const accounts = await harness.openWindow();
    const target = harness.target();
    const withKey = await accounts.login(target, harness.looker.apiKeyOf('Grace'));
    const withBrowser = await logIn(accounts, 'grace@example.com');
    assert.equal(withBrowser.id, withKey.id);
    assert.equal(accounts.list.length, 1);
    assert.ok(!harness.secrets.text().includes(harness.looker.apiKeyOf('Grace').clientSecret));
    harness.now += 60 * MINUTE;
    await accounts.session(withKey.id);
    assert.equal(harness.looker.requests.at(-1)?.path, '/api/token');
    await accounts.login(target, harness.looker.apiKeyOf('Grace'));
    harness.now += 60 * MINUTE;
    await accounts.session(withKey.id);
    assert.equal(harness.looker.requests.at(-1)?.path, '/api/4.0/login');
  });

  it('stay until Looker itself ends them, and then ask for a login', async () => {
    const accounts = await harness.openWindow();
    const { id } = await logIn(accounts);
    harness.now += 60 * MINUTE;
    for (const kind of [
      { is: 'html', status: 400 },
      { is: 'html', status: 502 },
      { is: 'reset' },
    ] as const) {
      const remove = harness.looker.fault({ path: '/api/token', kind });
      await assert.rejects(accounts.renew(id));
      remove();
    }
    await accounts.renew(id);
    harness.looker.endRefreshTokens();
    harness.now += 60 * MINUTE;
    await assert.rejects(accounts.session(id), BrowserLoginEndedError);
    const before = tokenRequests().length;
    harness.now += 60 * MINUTE;
    await assert.rejects(accounts.session(id), BrowserLoginEndedError);
    assert.equal(tokenRequests().length, before, 'Looker is not asked again');
    assert.equal(accounts.list.length, 1);
    const other = await harness.openWindow();
    await assert.rejects(other.session(id), /This browser login on .* was revoked/);
  });

  it('save only the token if the user wants that', async () => {
    const accounts = await harness.openWindow();
    const { id } = await logIn(accounts, 'katherine@example.com', { keepsLogin: false });
    const [refreshToken] = harness.looker.liveRefreshTokens();
    assert.ok(refreshToken && !harness.secrets.text().includes(refreshToken.value));
    assert.equal(accounts.active?.how, 'browser');
    harness.now += 61 * MINUTE;
    await assert.rejects(accounts.session(id), /the login wasn't saved/);
  });

  it('save nothing if another user logs in than expected, and revoke the login', async () => {
    const accounts = await harness.openWindow();
    const agree = () => Promise.reject(new Error('Somebody else.'));
    await assert.rejects(logIn(accounts, 'katherine@example.com', { agree }), /Somebody else/);
    await accounts.allRevoked();
    assert.deepEqual(accounts.list, []);
    assert.deepEqual(harness.looker.liveTokens(), []);
    assert.deepEqual(harness.looker.liveRefreshTokens(), []);
  });

  for (const rotation of ROTATIONS) {
    for (const isExpired of [false, true]) {
      it(`log out on the server${isExpired ? ', even if the token has expired' : ''}: rotation ${rotation}`, async () => {
        harness.looker.oauth.rotation = rotation;
        const accounts = await harness.openWindow();
        const { id } = await logIn(accounts);
        await accounts.renew(id);
        if (isExpired) harness.now += 90 * MINUTE;
        assert.deepEqual(await accounts.logout([id]), []);
        assert.deepEqual(harness.looker.liveTokens(), []);
        assert.deepEqual(harness.looker.liveRefreshTokens(), []);
        assert.deepEqual(harness.keysStored(), []);
        assert.equal(harness.turns.turns.size, 0);
      });
    }
  }

  it("report that Looker kept the refresh token, or couldn't be reached", async () => {
    harness.looker.oauth.logout = { current: 'access', versionless: 'unknown' };
    const accounts = await harness.openWindow();
    const { id } = await logIn(accounts);
    const [survivor] = await accounts.logout([id]);
    assert.ok(survivor?.error instanceof RefreshTokenSurvivesError);
    const again = await logIn(accounts);
    harness.looker.fault({ kind: { is: 'reset' } });
    assert.equal((await accounts.logout([again.id])).length, 1);
    assert.deepEqual(harness.keysStored(), []);
  });

  it('are also revoked on the server if another window logs out during a renewal', async () => {
    harness.looker.oauth.rotation = 'new';
    const [one, two] = [await harness.openWindow(), await harness.openWindow()];
    const { id } = await logIn(one);
    await two.catchUp();
    harness.now += 60 * MINUTE;
    const held = harness.looker.fault({
      path: '/api/token',
      times: 1,
      kind: { is: 'slow', ms: 200 },
    });
    const renewing = one.renew(id).catch((error: unknown) => error);
    while (tokenRequests().length < 2) await new Promise(setImmediate);
    await two.logout([id]);
    held();
    assert.ok((await renewing) instanceof Error);
    await one.allRevoked();
    assert.deepEqual(harness.looker.liveRefreshTokens(), []);
    assert.deepEqual(harness.keysStored(), []);
  });

  it('act as other users if Looker allows it', async () => {
    const accounts = await harness.openWindow();
    const admin = await logIn(accounts, 'ada@example.com');
    const grace = await accounts.loginAs(admin, '2');
    assert.equal(grace.user.name, 'Grace Hopper');
    harness.now += 60 * MINUTE;
    await accounts.session(grace.id);
    harness.looker.oauth.allowsSudo = false;
    await assert.rejects(accounts.loginAs(admin, '3'), BrowserSudoRefusedError);
  });

  it("lose no refresh token if Looker doesn't let the user into Development Mode", async () => {
    harness.looker.oauth.rotation = 'newAndReuseKills';
    const accounts = await harness.openWindow();
    const { id } = await logIn(accounts, 'grace@example.com');
    const { token } = await accounts.session(id, undefined, 'dev');
    assert.equal(
      harness.looker.liveTokens().find(({ value }) => value === token.value)?.workspace,
      'dev',
    );
    harness.now += 60 * MINUTE;
    const kind = { is: 'refusal', status: 403 } as const;
    const mend = harness.looker.fault({ method: 'PATCH', path: '/session', kind });
    await assert.rejects(accounts.session(id, undefined, 'dev'));
    mend();
    harness.now += 60 * MINUTE;
    await accounts.session(id);
    await accounts.session(id, undefined, 'dev');
    assert.equal(harness.looker.liveRefreshTokens().length, 1);
  });

  it('lose no refresh token with a window that goes while it enters Development Mode', async () => {
    harness.looker.oauth.rotation = 'newAndReuseKills';
    let waited = 0;
    const pause = (ms: number) => Promise.resolve((waited += ms));
    const gone = await harness.openWindow();
    const other = await harness.openWindow({ taking: { uptime: () => waited, pause } });
    const { id } = await logIn(gone, 'grace@example.com');
    await other.catchUp();
    harness.looker.fault({ path: '/session', times: 1, kind: { is: 'halfOpen' } });
    const entering = gone.session(id, undefined, 'dev').catch((error: unknown) => error);
    await until(() => harness.asked('/session').length > 0);
    harness.turns.crash();
    await other.session(id, undefined, 'dev');
    harness.now += 60 * MINUTE;
    await other.session(id);
    assert.equal(harness.looker.liveRefreshTokens().length, 1);
    await entering;
  });

  it('lose no refresh token to a keyring that is locked while Development Mode is entered', async () => {
    harness.looker.oauth.rotation = 'newAndReuseKills';
    const accounts = await harness.openWindow();
    const { id } = await logIn(accounts, 'grace@example.com');
    harness.secrets.broken = ['store'];
    const kind = { is: 'refusal', status: 403 } as const;
    harness.looker.fault({ method: 'PATCH', path: '/session', times: 1, kind });
    await assert.rejects(accounts.session(id, undefined, 'dev'));
    harness.secrets.broken = [];
    await accounts.catchUp();
    harness.now += 60 * MINUTE;
    await (await harness.openWindow()).session(id);
    assert.equal(harness.looker.liveRefreshTokens().length, 1);
    await accounts.logout([id]);
    assert.deepEqual(harness.looker.liveTokens(), [], 'what was never used is ended with the rest');
  });

  it("revoke with the account a token that couldn't enter Development Mode", async () => {
    harness.looker.oauth.rotation = 'new';
    harness.looker.oauth.logout = { current: 'access', versionless: 'unknown' };
    const accounts = await harness.openWindow();
    const { id } = await logIn(accounts, 'grace@example.com');
    const kind = { is: 'refusal', status: 403 } as const;
    harness.looker.fault({ method: 'PATCH', path: '/session', times: 1, kind });
    await assert.rejects(accounts.session(id, undefined, 'dev'));
    await accounts.renew(id);
    await accounts.logout([id]);
    assert.deepEqual(harness.looker.liveTokens(), []);
  });

  it('put no secret into the log', async () => {
    const accounts = await harness.openWindow();
    const { code, verifier } = await codeFor(harness.looker, 'katherine@example.com');
    const { id } = await accounts.loginWithBrowser(harness.target(), {
      loginClient,
      code,
      verifier,
    });
    harness.looker.oauth.rotation = 'new';
    await accounts.renew(id);
    const secrets = [
      code,
      verifier,
      ...harness.looker.liveRefreshTokens().map(({ value }) => value),
    ];
    harness.looker.endRefreshTokens();
    harness.now += 60 * MINUTE;
    await assert.rejects(accounts.renew(id));
    await accounts.logout([id]);
    for (const secret of secrets) assert.ok(!harness.log.join().includes(secret));
  });
});
