import assert from 'node:assert/strict';
import type { Account } from '../../../../src/accounts/account';
import type { Accounts } from '../../../../src/accounts/accounts';
import { Broker } from '../../../../src/broker/broker';
import { mintingOf } from '../../../../src/vscode/terminal/accountMinting';
import { OpenBrokers } from '../../../../src/vscode/terminal/openBrokers';
import { streamFor } from '../../../support/nodeFetch';
import { askAt, logInAt, type OpenBroker } from '../../../support/openBroker';
import { until } from '../../../support/until';
import { MINUTE, setUp } from '../../accounts/harness';
import { loginClient, codeFor } from '../../looker/oauth/harness';

describe('a terminal of a browser login', () => {
  const harness = setUp();
  let accounts: Accounts;
  let account: Account;
  let brokers: OpenBrokers;
  let one: OpenBroker;

  const openTerminal = async (as: Account): Promise<OpenBroker> => {
    const { baseUrl } = harness.looker;
    const log: string[] = [];
    const note = (line: string) => void log.push(line);
    const opening = Broker.open({
      instance: { baseUrl, plainHttp: false, fetch: streamFor(baseUrl) },
      minting: mintingOf(accounts, as),
      log: { info: note, warn: note },
      apiVersion: '4.0',
      steady: () => harness.now,
    });
    const broker = await brokers.add(as, opening);
    const accountToken = accounts.peek(as.id)?.token.value ?? '';
    return { broker, log, accountToken, url: `http://127.0.0.1:${broker.address.port}` };
  };

  beforeEach(async () => {
    harness.looker.registerClient(loginClient.clientId, [loginClient.redirectUri]);
    accounts = await harness.openWindow();
    const received = { loginClient, ...(await codeFor(harness.looker, 'ada@example.com')) };
    account = await accounts.loginWithBrowser(harness.target(), received);
    brokers = new OpenBrokers(accounts, { info: () => undefined });
    one = await openTerminal(account);
  });

  afterEach(() => brokers.close());

  const idOf = async (response: Response) => ((await response.json()) as { id: string }).id;
  const own = () => accounts.peek(account.id)?.token.value;
  const selectDev = (terminal: OpenBroker, token: string) =>
    askAt(terminal, token, '/api/4.0/session', {
      method: 'PATCH',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ workspace_id: 'dev' }),
    });
  const refreshes = () => harness.asked('/api/token').length;

  it("shares the account's token with all programs, without further logins", async () => {
    const before = refreshes();
    for (const token of [one.broker.address.accessToken, await logInAt(one), await logInAt(one)]) {
      assert.equal(await idOf(await askAt(one, token)), '1');
      assert.equal(harness.asked('/user').at(-1)?.token, own());
    }
    assert.equal(refreshes(), before);
    assert.deepEqual(harness.asked('/api/4.0/login'), []);
    assert.equal(harness.looker.liveTokens().length, 1);
  });

  it("doesn't switch workspaces, and says why", async () => {
    const token = await logInAt(one);
    const response = await selectDev(one, token);
    assert.equal(response.status, 409);
    assert.match(
      ((await response.json()) as { message: string }).message,
      /shares the session of its account.*Log in with an API key/,
    );
    assert.equal(harness.looker.liveTokens()[0]?.workspace, 'production');
    assert.equal(await idOf(await askAt(one, token)), '1');
  });

  it('works for days, with one renewal an hour, however many programs use it', async () => {
    harness.looker.oauth.rotation = 'newAndReuseKills';
    const tokens = [one.broker.address.accessToken, await logInAt(one)];
    const used = new Set<string | undefined>();
    const before = refreshes();
    for (let hours = 0; hours < 48; hours++) {
      harness.now += 60 * MINUTE;
      const replies = await Promise.all([...tokens, ...tokens].map((token) => askAt(one, token)));
      assert.ok(replies.every(({ status }) => status === 200));
      used.add(own());
    }
    assert.equal(refreshes() - before, 48);
    assert.equal(used.size, 48);
    assert.equal(harness.looker.liveRefreshTokens().length, 1);
  });

  it('works after Looker has revoked a token early', async () => {
    const token = await logInAt(one);
    const first = own();
    harness.looker.revokeToken(first ?? '');
    assert.equal(await idOf(await askAt(one, token)), '1');
    assert.notEqual(own(), first);
  });

  it('leaves the account unchanged when a program logs out, and when it is closed', async () => {
    const token = await logInAt(one);
    assert.equal((await askAt(one, token, '/api/4.0/logout', { method: 'DELETE' })).status, 204);
    assert.equal((await askAt(one, token)).status, 401);
    await brokers.close();
    assert.deepEqual(
      harness.looker.liveTokens().map(({ value }) => value),
      [own()],
    );
    assert.equal(harness.looker.liveRefreshTokens().length, 1);
  });

  it('ends with the account: nothing responds, and no token stays valid', async () => {
    const token = await logInAt(one);
    const subscription = accounts.onDidChange(({ removed }) => {
      const ids = removed.map(({ id }) => id);
      brokers.end(({ accountId }) => ids.includes(accountId));
    });
    await accounts.logout([account.id]);
    await until(() => !brokers.has(one.broker.address.clientId));
    await assert.rejects(askAt(one, token));
    await accounts.allRevoked();
    assert.deepEqual(harness.looker.liveTokens(), []);
    assert.deepEqual(harness.looker.liveRefreshTokens(), []);
    subscription.dispose();
  });

  it('says so in words if Looker has ended the login', async () => {
    const token = await logInAt(one);
    harness.looker.endRefreshTokens();
    harness.now += 60 * MINUTE;
    const response = await askAt(one, token);
    assert.equal(response.status, 502);
    assert.match(
      ((await response.json()) as { message: string }).message,
      /This browser login on .* was revoked/,
    );
  });

  it('has separate sessions for a user that the account acts as', async () => {
    const alan = await openTerminal(await accounts.loginAs(account, '3'));
    const token = await logInAt(alan);
    assert.equal(await idOf(await askAt(alan, token)), '3');
    assert.equal((await selectDev(alan, token)).status, 200);
    assert.deepEqual(
      harness.looker.liveTokens().map(({ userId, workspace }) => [userId, workspace]),
      [
        ['1', 'production'],
        ['3', 'production'],
        ['3', 'dev'],
      ],
    );
  });
});
