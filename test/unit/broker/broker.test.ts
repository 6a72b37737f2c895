import assert from 'node:assert/strict';
import { ExpectedError } from '../../../src/looker/errors/expectedError';
import { StandInLooker } from '../../standIn/standInLooker';
import { askAt, logInAt, openBroker, type OpenBroker, type Who } from '../../support/openBroker';
import { until } from '../../support/until';

const MINUTE = 60_000;

describe('a broker', () => {
  let looker: StandInLooker;
  let now = Date.now();
  const opened: OpenBroker[] = [];

  beforeEach(async () => {
    now = Date.now();
    looker = await StandInLooker.start({ now: () => now });
  });

  afterEach(async () => {
    await Promise.all(opened.splice(0).map(({ broker }) => broker.close()));
    await looker.stop();
  });

  const open = async (who: Partial<Who> = {}) => {
    const one = await openBroker(looker, { name: 'Ada', now: () => now, ...who });
    opened.push(one);
    return one;
  };
  const login = (url: string, path: string, init: RequestInit) =>
    fetch(url + path, { method: 'POST', ...init });
  const idOf = async (response: Response) => ((await response.json()) as { id: string }).id;
  const loginsOf = (path = '/api/4.0/login') =>
    looker.requests.filter((request) => request.path === path).length;
  const workspaceOf = async (one: OpenBroker, token: string) => {
    const session = (await (await askAt(one, token, '/api/4.0/session')).json()) as {
      workspace_id: string;
    };
    return session.workspace_id;
  };
  const selectDev = (one: OpenBroker, token: string) =>
    askAt(one, token, '/api/4.0/session', {
      method: 'PATCH',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ workspace_id: 'dev' }),
    });

  describe('login', () => {
    for (const path of [
      '/api/4.0/login',
      '/api/3.1/login',
      '/api/login',
      '/login',
      '//api/4.0/login',
    ]) {
      it(`accepts the terminal's credentials at ${path}, in the body and in the query`, async () => {
        const one = await open();
        const { clientId, clientSecret } = one.broker.address;
        const form = new URLSearchParams({ client_id: clientId, client_secret: clientSecret });
        const inBody = await login(one.url, path, { body: form });
        assert.equal(inBody.status, 200);
        const inQuery = await login(one.url, `${path}?${form.toString()}`, {});
        assert.equal(inQuery.status, 200);
        const reply = (await inBody.json()) as Record<string, unknown>;
        assert.equal(reply['token_type'], 'Bearer');
        assert.ok(Number(reply['expires_in']) > 3500 && Number(reply['expires_in']) <= 3600);
        assert.equal(await idOf(await askAt(one, String(reply['access_token']))), '1');
      });
    }

    it("accepts OAuth2's client credentials form, and HTTP Basic", async () => {
      const one = await open();
      const { clientId, clientSecret } = one.broker.address;
      const form = new URLSearchParams({
        grant_type: 'client_credentials',
        client_id: clientId,
        client_secret: clientSecret,
      });
      assert.equal((await login(one.url, '/api/4.0/login', { body: form })).status, 200);
      const basic = Buffer.from(`${clientId}:${clientSecret}`).toString('base64');
      const body = new URLSearchParams({ grant_type: 'client_credentials' });
      const headers = { Authorization: `Basic ${basic}` };
      assert.equal((await login(one.url, '/api/4.0/login', { body, headers })).status, 200);
    });

    it("rejects any other credentials in Looker's format, without a request to Looker", async () => {
      const one = await open();
      const { clientId, clientSecret } = one.broker.address;
      const before = looker.requests.length;
      const key = looker.apiKeyOf('Ada');
      for (const [id, secret] of [
        [clientId, 'wrong'],
        ['wrong', clientSecret],
        [clientId, clientSecret.slice(0, -1)],
        ['', ''],
        [key.clientId, key.clientSecret],
      ]) {
        const body = new URLSearchParams({ client_id: id ?? '', client_secret: secret ?? '' });
        const response = await login(one.url, '/api/4.0/login', { body });
        assert.equal(response.status, 401);
        const error = (await response.json()) as Record<string, unknown>;
        assert.match(String(error['message']), /aren't the client ID and client secret/);
        assert.ok('documentation_url' in error);
      }
      assert.equal((await login(one.url, '/api/4.0/login', {})).status, 401);
      assert.equal(looker.requests.length, before);
    });

    it('gives each login its own session on the Looker server', async () => {
      const one = await open();
      const tokens = [await logInAt(one), await logInAt(one)];
      assert.notEqual(tokens[0], tokens[1]);
      // The account's own token, and one for each login.
      assert.equal(looker.liveTokens().length, 3);
      for (const token of tokens) {
        assert.equal(
          looker.liveTokens().some(({ value }) => value === token),
          false,
        );
      }
    });

    it("reports why the account can't log in, and doesn't retry a rejected key", async () => {
      const one = await open();
      looker.revokeApiKey(looker.apiKeyOf('Ada').clientId);
      const before = loginsOf();
      const token = one.broker.address.accessToken;
      for (let i = 0; i < 5; i++) {
        const response = await askAt(one, token);
        assert.equal(response.status, 502);
        assert.match(((await response.json()) as { message: string }).message, /127\.0\.0\.1/);
      }
      const { clientId, clientSecret } = one.broker.address;
      const body = new URLSearchParams({ client_id: clientId, client_secret: clientSecret });
      assert.equal((await login(one.url, '/api/4.0/login', { body })).status, 502);
      assert.equal(loginsOf() - before, 1);
      now += MINUTE;
      assert.equal((await askAt(one, token)).status, 502);
      assert.equal(loginsOf() - before, 2);
    });

    it('reports other problems of the account in its own words', async () => {
      class LoginNeededError extends ExpectedError {
        override readonly name = 'LoginNeededError';
        readonly category = 'loggedOut';
        readonly verdict = '';
      }
      const needed = () => Promise.reject(new LoginNeededError('Log in again.'));
      const none = () => Promise.resolve();
      const lease = { token: 'a-token', timeLeft: () => 1e6 };
      const minting = {
        mint: needed,
        shared: () => Promise.resolve(lease),
        rejected: none,
        revoke: none,
      };
      const one = await openBroker(looker, { name: 'Ada' }, { minting });
      opened.push(one);
      const response = await askAt(one, one.broker.address.accessToken);
      assert.equal(response.status, 502);
      assert.equal(((await response.json()) as { message: string }).message, 'Log in again.');
    });

    it("passes on Looker's rate limit", async () => {
      const one = await open();
      looker.fault({ path: '/login', kind: { is: 'rateLimited', retryAfter: '77' } });
      const response = await askAt(one, one.broker.address.accessToken);
      assert.equal(response.status, 429);
      assert.equal(response.headers.get('retry-after'), '77');
    });

    it('keeps at most a hundred sessions, and revokes the least recently used one', async () => {
      const one = await open();
      const first = await logInAt(one);
      for (let i = 0; i < 100; i++) await logInAt(one);
      assert.equal((await askAt(one, first)).status, 401);
      await until(() => looker.liveTokens().length <= 101);
    });
  });

  describe('requests', () => {
    it("are sent with the account's token, and never with the broker's", async () => {
      const one = await open();
      const token = await logInAt(one);
      for (const scheme of ['token', 'Bearer', 'bearer', 'TOKEN']) {
        const response = await fetch(`${one.url}/api/4.0/user`, {
          headers: { Authorization: `${scheme} ${token}` },
        });
        assert.equal(await idOf(response), '1');
      }
      assert.equal(JSON.stringify(looker.requests).includes(token), false);
    });

    it('need a token of exactly this terminal', async () => {
      const [one, other] = [await open(), await open()];
      const foreign = await logInAt(other);
      const before = looker.requests.length;
      for (const token of [
        '',
        'nonsense',
        foreign,
        one.accountToken,
        other.broker.address.accessToken,
      ]) {
        const response = await askAt(one, token);
        assert.equal(response.status, 401, token);
        assert.match(((await response.json()) as { message: string }).message, /isn't valid here/);
      }
      assert.equal(looker.requests.length, before);
    });

    it('may read the versions without a token, and nothing else', async () => {
      const one = await open();
      const response = await fetch(`${one.url}/versions`);
      assert.equal(response.status, 200);
      assert.ok('supported_versions' in ((await response.json()) as object));
      assert.equal(looker.requests.at(-1)?.headers.authorization, undefined);
      assert.equal((await fetch(`${one.url}/api/4.0/versions`)).status, 401);
    });

    it('log in with the first one if the terminal has a token from the start', async () => {
      const one = await open();
      const before = loginsOf();
      const { accessToken } = one.broker.address;
      assert.equal(await idOf(await askAt(one, accessToken)), '1');
      assert.equal(await idOf(await askAt(one, accessToken)), '1');
      assert.equal(loginsOf() - before, 1);
    });

    it('act as the user that an admin acts as', async () => {
      const one = await open({ sudo: '3' });
      const token = await logInAt(one);
      assert.equal(await idOf(await askAt(one, token)), '3');
      assert.deepEqual(
        looker.liveTokens().map(({ userId, sudoBy }) => [userId, sudoBy]),
        [
          ['3', '1'],
          ['3', '1'],
        ],
      );
    });

    it('receive no redirect', async () => {
      const one = await open();
      const token = await logInAt(one);
      for (const status of [301, 302, 303, 307, 308]) {
        looker.fault({
          path: '/user',
          times: 1,
          kind: { is: 'redirect', to: `${one.url}/api/4.0/versions`, status },
        });
        const response = await askAt(one, token, '/api/4.0/user', { redirect: 'manual' });
        assert.equal(response.status, 502);
        assert.equal(response.headers.get('location'), null);
      }
    });

    it('receive no cookies or anything else that a client would store', async () => {
      const one = await open();
      const token = await logInAt(one);
      const headers = {
        'Set-Cookie': 'looker.session=1',
        'Strict-Transport-Security': 'max-age=1000',
        'Alt-Svc': 'h3=":443"',
        'Access-Control-Allow-Origin': '*',
        'Access-Control-Allow-Credentials': 'true',
        Location: 'https://evil.example',
        Refresh: '0; url=https://evil.example',
        'X-Total-Count': '7',
        Link: `<${looker.baseUrl}/api/4.0/looks?offset=2>; rel="next"`,
        'Retry-After': '3',
      };
      looker.fault({ path: '/user', kind: { is: 'json', status: 503, body: { a: 1 }, headers } });
      const response = await askAt(one, token);
      assert.equal(response.status, 503);
      const seen = Object.fromEntries(response.headers);
      for (const name of Object.keys(headers).slice(0, 7)) {
        assert.equal(seen[name.toLowerCase()], undefined, name);
      }
      assert.equal(seen['x-total-count'], '7');
      assert.equal(seen['retry-after'], '3');
      assert.equal(seen['link'], `<${one.url}/api/4.0/looks?offset=2>; rel="next"`);
    });

    it('send no cookies, forwarding headers or method overrides to Looker', async () => {
      const one = await open();
      const token = await logInAt(one);
      await askAt(one, token, '/api/4.0/user?fields=id', {
        headers: {
          Cookie: 'a=b',
          Forwarded: 'for=1.2.3.4',
          'X-Forwarded-For': '1.2.3.4',
          'X-Forwarded-Host': 'evil.example',
          'X-HTTP-Method-Override': 'DELETE',
          'Proxy-Authorization': 'Basic abc',
          'x-looker-appid': 'my-tool',
          'User-Agent': 'my-tool/1',
        },
      });
      const { headers, query } = looker.requests.at(-1) ?? assert.fail();
      for (const name of [
        'cookie',
        'forwarded',
        'x-forwarded-for',
        'x-forwarded-host',
        'x-http-method-override',
        'proxy-authorization',
      ]) {
        assert.equal(headers[name], undefined, name);
      }
      assert.equal(headers['x-looker-appid'], 'my-tool');
      assert.equal(headers['user-agent'], 'my-tool/1');
      assert.deepEqual(query, { fields: 'id' });
      assert.equal(headers.host, new URL(looker.baseUrl).host);
    });
  });

  describe('renewal', () => {
    it('gets the next token before the last one expires, and revokes the last one', async () => {
      const one = await open();
      const token = await logInAt(one);
      assert.equal(await idOf(await askAt(one, token)), '1');
      const first = looker.requests.at(-1)?.token;
      now += 59.5 * MINUTE;
      assert.equal(await idOf(await askAt(one, token)), '1');
      assert.notEqual(
        looker.requests.filter(({ path }) => path.endsWith('/user')).at(-1)?.token,
        first,
      );
      await until(() => looker.liveTokens().every(({ value }) => value !== first));
    });

    it('happens once for any number of requests', async () => {
      const one = await open();
      const token = await logInAt(one);
      const before = loginsOf();
      now += 2 * 60 * MINUTE;
      const replies = await Promise.all(Array.from({ length: 20 }, () => askAt(one, token)));
      assert.ok(replies.every(({ status }) => status === 200));
      assert.equal(loginsOf() - before, 1);
    });

    it('puts the next token into the workspace of the last one', async () => {
      const one = await open();
      const token = await logInAt(one);
      assert.equal((await selectDev(one, token)).status, 200);
      now += 2 * 60 * MINUTE;
      assert.equal(await workspaceOf(one, token), 'dev');
    });

    it('replaces a token that Looker has revoked early', async () => {
      const one = await open();
      const token = await logInAt(one);
      assert.equal(await idOf(await askAt(one, token)), '1');
      now += 5 * MINUTE;
      looker.revokeTokens();
      assert.equal(await idOf(await askAt(one, token)), '1');
    });

    it("doesn't log in repeatedly for a request that Looker always rejects", async () => {
      const one = await open();
      const token = await logInAt(one);
      await askAt(one, token);
      looker.fault({ path: '/user', kind: { is: 'refusal', status: 401 } });
      const before = loginsOf();
      for (let i = 0; i < 10; i++) assert.equal((await askAt(one, token)).status, 401);
      assert.ok(loginsOf() - before <= 1);
    });

    it("uses the last minute of a token while the next one isn't available", async () => {
      const one = await open();
      const token = await logInAt(one);
      now += 59.5 * MINUTE;
      looker.fault({ path: '/login', kind: { is: 'reset' } });
      assert.equal(await idOf(await askAt(one, token)), '1');
    });
  });

  describe('workspaces', () => {
    it('belong to one login only', async () => {
      const [one, other] = [await open(), await open()];
      const [token, sameTerminal, otherTerminal] = [
        await logInAt(one),
        await logInAt(one),
        await logInAt(other),
      ];
      assert.equal((await selectDev(one, token)).status, 200);
      assert.equal(await workspaceOf(one, token), 'dev');
      assert.equal(await workspaceOf(one, sameTerminal), 'production');
      assert.equal(await workspaceOf(other, otherTerminal), 'production');
      const account = looker.liveTokens().find(({ value }) => value === one.accountToken);
      assert.equal(account?.workspace, 'production');
    });

    it('can be selected even if Looker has revoked the token early', async () => {
      const one = await open();
      const token = await logInAt(one);
      now += 5 * MINUTE;
      looker.revokeTokens();
      assert.equal((await selectDev(one, token)).status, 200);
      assert.equal(await workspaceOf(one, token), 'dev');
    });

    it("can't be selected in a shared session, however the path is written", async () => {
      const one = await open({ isTokenOnly: true });
      const token = await logInAt(one);
      assert.equal(await idOf(await askAt(one, token)), '1');
      const response = await selectDev(one, token);
      assert.equal(response.status, 409);
      assert.match(
        ((await response.json()) as { message: string }).message,
        /can't switch workspaces/,
      );
      for (const path of [
        '/api/3.1/session',
        '/api/session',
        '/api/4.0/session/',
        '//api//4.0//session',
      ]) {
        const body = JSON.stringify({ workspace_id: 'dev' });
        assert.equal((await askAt(one, token, path, { method: 'PATCH', body })).status, 409, path);
        assert.equal((await askAt(one, token, path, { method: 'POST', body })).status, 409, path);
      }
      for (const path of [
        '/api/4.0/%73ession',
        '/api/4.0%2Fsession',
        '/api/4.0/session%2F',
        '/api/4.0/%2573ession',
      ]) {
        const { status } = await askAt(one, token, path, { method: 'PATCH' });
        assert.ok([400, 404, 409].includes(status), `${path}: ${status}`);
      }
      assert.equal(looker.liveTokens()[0]?.workspace, 'production');
    });
  });

  describe('the end', () => {
    it('of a login revokes only that one, here and on the server', async () => {
      const one = await open();
      const [token, other] = [await logInAt(one), await logInAt(one)];
      for (const path of ['/api/4.0/logout']) {
        assert.equal((await askAt(one, token, path, { method: 'DELETE' })).status, 204);
      }
      assert.equal(looker.liveTokens().length, 2);
      assert.equal((await askAt(one, token)).status, 401);
      assert.equal((await askAt(one, token, '/api/4.0/logout', { method: 'DELETE' })).status, 401);
      assert.equal(await idOf(await askAt(one, other)), '1');
      assert.equal((await askAt(one, other, '/api/logout', { method: 'DELETE' })).status, 204);
    });

    it("of a login that shares the account's session doesn't affect the account", async () => {
      const one = await open({ isTokenOnly: true });
      const token = await logInAt(one);
      assert.equal((await askAt(one, token, '/api/4.0/logout', { method: 'DELETE' })).status, 204);
      assert.equal((await askAt(one, token)).status, 401);
      await one.broker.close();
      assert.deepEqual(
        looker.liveTokens().map(({ value }) => value),
        [one.accountToken],
      );
    });

    it('of the terminal frees the port and revokes all minted tokens', async () => {
      const one = await open();
      const tokens = [await logInAt(one), await logInAt(one), one.broker.address.accessToken];
      for (const token of tokens) await askAt(one, token);
      assert.equal(looker.liveTokens().length, 4);
      await one.broker.close();
      assert.deepEqual(
        looker.liveTokens().map(({ value }) => value),
        [one.accountToken],
      );
      await assert.rejects(askAt(one, tokens[0] ?? ''));
    });

    it('of the terminal revokes a token that is just being minted', async () => {
      const one = await open();
      looker.fault({ path: '/login', kind: { is: 'slow', ms: 200 } });
      const before = loginsOf();
      const asked = askAt(one, one.broker.address.accessToken).catch(() => undefined);
      await until(() => loginsOf() > before);
      await one.broker.close();
      await asked;
      assert.deepEqual(
        looker.liveTokens().map(({ value }) => value),
        [one.accountToken],
      );
    });

    it('of a program revokes its login before it has the token', async () => {
      const one = await open();
      looker.fault({ path: '/login', kind: { is: 'slow', ms: 200 } });
      const before = loginsOf();
      const gone = new AbortController();
      const { clientId, clientSecret } = one.broker.address;
      const body = new URLSearchParams({ client_id: clientId, client_secret: clientSecret });
      const asked = fetch(`${one.url}/login`, { method: 'POST', body, signal: gone.signal });
      await until(() => loginsOf() > before);
      gone.abort();
      await assert.rejects(asked);
      await until(() => looker.requests.some(({ path }) => path.endsWith('/logout')));
      await until(() => looker.liveTokens().length === 1);
    });
  });

  it('logs method, path and status, but no values', async () => {
    const one = await open();
    const token = await logInAt(one);
    await askAt(one, token, '/api/4.0/users/search?email=ada@example.com', {
      headers: { 'x-looker-appid': 'a-value' },
    });
    await askAt(one, token, '/api/4.0/users/12345');
    await askAt(one, token, '/api/4.0/users/credential/email/ada@example.com');
    await until(() => one.log.length >= 4);
    assert.match(one.log[0] ?? '', /^Terminal \d+: POST \/api\/4\.0\/login: 200, \d+ ms$/);
    assert.match(one.log[1] ?? '', /GET \/api\/4\.0\/users\/search: 200/);
    assert.match(one.log[2] ?? '', /GET \/api\/4\.0\/users\/\*: 404/);
    assert.match(one.log[3] ?? '', /GET \/api\/4\.0\/users\/credential\/\*\/\*: 404/);
    const { clientId, clientSecret, accessToken } = one.broker.address;
    const secrets = [
      token,
      clientId,
      clientSecret,
      accessToken,
      one.accountToken,
      'example.com',
      'a-value',
    ];
    for (const secret of secrets) assert.equal(one.log.join().includes(secret), false, secret);
  });
});
