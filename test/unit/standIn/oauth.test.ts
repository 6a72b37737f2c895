import assert from 'node:assert/strict';
import * as oauth from 'oauth4webapi';
import { OAuthSession, type ICryptoHash } from '@looker/sdk-rtl';
import { NodeTransport } from '@looker/sdk-node';
import { createHash, randomBytes } from 'node:crypto';
import { StandInLooker } from '../../standIn/standInLooker';
import { silenceSdk } from '../../support/officialSdk';
import { WebBrowser } from '../../support/webBrowser';
import { ask, logIn, messageOf } from './ask';

const REDIRECT_URI = 'http://127.0.0.1:7777/callback';
const CLIENT_ID = 'some-client';
const EMAIL = 'katherine@example.com';

/** Tested with independent clients. */
describe('stand-in Looker: login with the browser', () => {
  let looker: StandInLooker;
  beforeEach(async () => {
    looker = await StandInLooker.start();
    looker.registerClient(CLIENT_ID, [REDIRECT_URI]);
  });
  afterEach(() => looker.stop());

  describe('with oauth4webapi', () => {
    const client: oauth.Client = { client_id: CLIENT_ID };
    // eslint-disable-next-line @typescript-eslint/no-deprecated -- its warning doesn't apply to loopback
    const insecure = { [oauth.allowInsecureRequests]: true };
    const discover = async () => {
      const issuer = new URL(looker.baseUrl);
      const reply = await oauth.discoveryRequest(issuer, { algorithm: 'oauth2', ...insecure });
      return oauth.processDiscoveryResponse(issuer, reply);
    };
    const logInWith = async (server: oauth.AuthorizationServer) => {
      const verifier = oauth.generateRandomCodeVerifier();
      const state = oauth.generateRandomState();
      const address = new URL(server.authorization_endpoint ?? '');
      const parameters = {
        client_id: CLIENT_ID,
        redirect_uri: REDIRECT_URI,
        response_type: 'code',
        scope: 'cors_api',
        state,
        code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
        code_challenge_method: 'S256',
      };
      for (const [name, value] of Object.entries(parameters)) address.searchParams.set(name, value);
      const ended = await new WebBrowser(looker.baseUrl).letIn(address.href, EMAIL);
      const callback = oauth.validateAuthResponse(server, client, new URL(ended), state);
      return oauth.authorizationCodeGrantRequest(
        server,
        client,
        oauth.None(),
        callback,
        REDIRECT_URI,
        verifier,
        insecure,
      );
    };

    it('describes itself, logs in by form, refreshes, and identifies the user', async () => {
      const server = await discover();
      const reply = await oauth.processAuthorizationCodeResponse(
        server,
        client,
        await logInWith(server),
      );
      const me = await ask(looker, 'GET /api/4.0/user', { token: reply.access_token });
      assert.equal((me.json as { display_name: string }).display_name, 'Katherine Johnson');
      looker.oauth.rotation = 'new';
      const refreshing = await oauth.refreshTokenGrantRequest(
        server,
        client,
        oauth.None(),
        reply.refresh_token ?? '',
        insecure,
      );
      const next = await oauth.processRefreshTokenResponse(server, client, refreshing);
      assert.notEqual(next.access_token, reply.access_token);
      assert.notEqual(next.refresh_token, reply.refresh_token);
    });

    it('refuses with OAuth’s error codes', async () => {
      const server = await discover();
      looker.oauth.codeLife = -1;
      await assert.rejects(
        oauth.processAuthorizationCodeResponse(server, client, await logInWith(server)),
        (error: oauth.ResponseBodyError) => error.error === 'invalid_grant',
      );
    });
  });

  it('logs in and out with the official SDK, which sends JSON', async () => {
    const letSpeak = silenceSdk();
    const stored = new Map<string, string>();
    const globals = globalThis as { sessionStorage?: unknown };
    globals.sessionStorage = {
      getItem: (key: string) => stored.get(key) ?? null,
      setItem: (key: string, value: string) => stored.set(key, value),
      removeItem: (key: string) => stored.delete(key),
    };
    try {
      const config = {
        client_id: CLIENT_ID,
        redirect_uri: REDIRECT_URI,
        base_url: looker.baseUrl,
        looker_url: looker.baseUrl,
      };
      const settings = {
        ...config,
        timeout: 5,
        verify_ssl: true,
        agentTag: 'test',
        readConfig: () => config,
      };
      const crypto: ICryptoHash = {
        secureRandom: (count) => randomBytes(count).toString('hex'),
        // Like the SDK's own for browsers, but without padding, as RFC 7636 requires.
        sha256Hash: (text) =>
          Promise.resolve(createHash('sha256').update(text).digest('base64url')),
      };
      const transport = new NodeTransport(settings);
      const session = new OAuthSession({ settings, transport, crypto } as never);
      const address = await session.createAuthCodeRequestUrl('cors_api', 'a state');
      const ended = new URL(await new WebBrowser(looker.baseUrl).letIn(address, EMAIL));
      assert.equal(ended.searchParams.get('state'), 'a state');
      const token = await session.redeemAuthCode(ended.searchParams.get('code') ?? '');
      assert.equal(token.access_token, looker.liveTokens()[0]?.value);
      assert.equal(token.refresh_token, looker.liveRefreshTokens()[0]?.value);
      const { access_token, refresh_token = '', token_type } = token;
      session.activeToken.setToken({ access_token, refresh_token, token_type, expires_in: 0 });
      const renewed = await session.getToken();
      assert.ok(looker.liveTokens().some(({ value }) => value === renewed.access_token));
      assert.equal(await session.logout(), true);
      assert.deepEqual(looker.liveRefreshTokens(), []);
    } finally {
      delete globals.sessionStorage;
      letSpeak();
    }
  });

  const authorize = (change: Readonly<Record<string, string>> = {}) => {
    const parameters = {
      client_id: CLIENT_ID,
      redirect_uri: REDIRECT_URI,
      response_type: 'code',
      scope: 'cors_api',
      state: 's',
      code_challenge: 'x'.repeat(43),
      code_challenge_method: 'S256',
      ...change,
    };
    return `${looker.baseUrl}/auth?${new URLSearchParams(parameters).toString()}`;
  };

  it('shows a page without a redirect if the client or the URL is unknown', async () => {
    for (const change of [
      { client_id: 'unknown' },
      { redirect_uri: `${REDIRECT_URI}/` },
      { redirect_uri: 'https://evil.test/' },
    ]) {
      const { address, status } = await new WebBrowser(looker.baseUrl).open(authorize(change));
      assert.ok(address.startsWith(looker.baseUrl));
      assert.equal(status, 400);
    }
  });

  it('reports other errors by redirect or on a page', async () => {
    for (const [change, error] of [
      [{ scope: 'api' }, 'invalid_scope'],
      [{ response_type: 'token' }, 'unsupported_response_type'],
      [{ code_challenge: 'short' }, 'invalid_request'],
      [{ code_challenge_method: 'plain' }, 'invalid_request'],
    ] as const) {
      looker.oauth.authorizeErrors = 'redirect';
      const { address } = await new WebBrowser(looker.baseUrl).open(authorize(change));
      assert.equal(new URL(address).searchParams.get('error'), error);
      looker.oauth.authorizeErrors = 'page';
      assert.equal((await new WebBrowser(looker.baseUrl).open(authorize(change))).status, 400);
    }
  });

  it('asks for consent once, and accepts a refusal', async () => {
    const browser = new WebBrowser(looker.baseUrl);
    await browser.open(authorize());
    const consent = await browser.submit({ email: EMAIL, password: 'x' });
    assert.match(consent.text, /wants to use Looker as Katherine/);
    const denied = await browser.submit({ decision: 'deny' });
    assert.equal(new URL(denied.address).searchParams.get('error'), 'access_denied');
    await browser.open(authorize());
    await browser.submit({ decision: 'allow' });
    const again = await browser.open(authorize());
    assert.ok(new URL(again.address).searchParams.has('code'));
  });

  it('responds with 403 to users outside of the group, without a redirect', async () => {
    looker.setGroup('9', ['Ada']);
    looker.registerClient(CLIENT_ID, [REDIRECT_URI], '9');
    const browser = new WebBrowser(looker.baseUrl);
    await browser.open(authorize());
    await browser.submit({ email: EMAIL, password: 'x' });
    const { status, address } = await browser.submit({ decision: 'allow' });
    assert.equal(status, 403);
    assert.ok(address.startsWith(looker.baseUrl));
    assert.match(
      await new WebBrowser(looker.baseUrl).letIn(authorize(), 'ada@example.com'),
      /code=/,
    );
  });

  it('rejects a wrong e-mail and a disabled user', async () => {
    for (const email of ['nobody@example.com', 'edsger@example.com']) {
      const browser = new WebBrowser(looker.baseUrl);
      await browser.open(authorize());
      assert.equal((await browser.submit({ email, password: 'x' })).status, 401);
    }
  });

  it('has clients that admins manage', async () => {
    const token = await logIn(looker, 'Ada');
    const path = '/api/4.0/oauth_client_apps/new-client';
    const missing = await ask(looker, `POST ${path}`, { token, json: { display_name: 'x' } });
    assert.equal(missing.status, 422);
    const json = { redirect_uri: REDIRECT_URI, display_name: 'New', description: 'It' };
    assert.equal((await ask(looker, `POST ${path}`, { token, json })).status, 200);
    assert.equal((await ask(looker, `POST ${path}`, { token, json })).status, 409);
    const { json: all } = await ask(looker, 'GET /api/4.0/oauth_client_apps', { token });
    assert.equal((all as unknown[]).length, 2);
    const off = await ask(looker, `PATCH ${path}`, { token, json: { enabled: false } });
    assert.equal((off.json as { enabled: boolean }).enabled, false);
    assert.equal((await ask(looker, `DELETE ${path}/tokens`, { token })).status, 204);
    assert.equal((await ask(looker, `DELETE ${path}`, { token })).status, 204);
    assert.equal((await ask(looker, `GET ${path}`, { token })).status, 404);
    const grace = await logIn(looker, 'Grace');
    assert.equal((await ask(looker, `GET ${path}`, { token: grace })).status, 403);
    assert.equal(messageOf(await ask(looker, `GET ${path}`)), 'Requires authentication.');
  });
});
