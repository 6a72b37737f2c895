import assert from 'node:assert/strict';
import { createServer, request as httpRequest, type Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { CanceledError } from '../../../../src/looker/errors/expectedError';
import { BrowserLogin, type BrowserLoginOptions } from '../../../../src/looker/oauth/browserLogin';
import {
  BrowserLoginDeniedError,
  BrowserLoginTimeoutError,
  CodeRejectedError,
  ForeignRedirectError,
  NoRedirectError,
} from '../../../../src/looker/oauth/errors';
import { newState } from '../../../../src/looker/oauth/pkce';
import { redeemCode, type OAuthTokens } from '../../../../src/looker/oauth/tokenEndpoint';
import { StandInLooker } from '../../../standIn/standInLooker';
import { WebBrowser } from '../../../support/webBrowser';
import { loginClient, optionsFor } from './harness';

const EMAIL = 'katherine@example.com';

describe('a browser login', () => {
  let looker: StandInLooker;
  let redirectUris: readonly [string, ...string[]];
  const logins: BrowserLogin<OAuthTokens>[] = [];
  beforeEach(async () => {
    looker = await StandInLooker.start({ oauth: { hasSeveralRedirectUris: true } });
    const ports = [await freePort(), await freePort()] as const;
    redirectUris = [redirectTo(ports[0]), redirectTo(ports[1])];
    looker.registerClient(loginClient.clientId, redirectUris);
  });
  afterEach(async () => {
    for (const login of logins.splice(0)) login.cancel();
    await looker.stop();
  });

  const begin = async (options: Partial<BrowserLoginOptions<OAuthTokens>> = {}) => {
    const login = await BrowserLogin.begin<OAuthTokens>({
      baseUrl: looker.baseUrl,
      clientId: loginClient.clientId,
      redirectUris,
      authorizationEndpoint: `${looker.baseUrl}/auth`,
      timeLimitMs: 10_000,
      language: 'en',
      complete: ({ loginClient, code, verifier }, signal) =>
        redeemCode(optionsFor(looker), loginClient, code, verifier, signal),
      nameOf: () => 'Katherine <b>Johnson</b>',
      ...options,
    });
    logins.push(login);
    return login;
  };
  /** Completes Looker's pages. @returns the URL of the redirect */
  const come = (login: BrowserLogin<OAuthTokens>, email = EMAIL) =>
    new WebBrowser(looker.baseUrl).letIn(login.address, email);
  const isClosed = async (redirectUri = redirectUris[0]) => {
    await assert.rejects(fetch(redirectUri));
  };

  it('ends with a token, and a page that confirms it, once the user is verified', async () => {
    const order: string[] = [];
    const login = await begin({
      complete: async ({ loginClient, code, verifier }) => {
        const grant = await redeemCode(optionsFor(looker), loginClient, code, verifier);
        order.push('verified');
        return grant;
      },
    });
    assert.ok(login.isListening);
    const address = await come(login);
    const answered = fetch(address).then((response) => {
      order.push('answered');
      return response;
    });
    const page = await answered;
    assert.deepEqual(order, ['verified', 'answered']);
    const { status, headers } = page;
    assert.equal(status, 200);
    const text = await page.text();
    assert.match(text, /You&#39;re logged in to Looker/);
    assert.match(text, /Katherine &#60;b&#62;Johnson/);
    for (const secret of new URL(address).searchParams.values()) assert.ok(!text.includes(secret));
    assert.equal(headers.get('cache-control'), 'no-store');
    assert.match(headers.get('content-security-policy') ?? '', /default-src 'none'/);
    assert.equal(headers.get('referrer-policy'), 'no-referrer');
    assert.equal((await login.finished).token.value, looker.liveTokens()[0]?.value);
    await isClosed();
  });

  it('shows the same page to a browser that sends the redirect twice, and redeems the code once', async () => {
    const login = await begin();
    const address = await come(login);
    const pages = await Promise.all([fetch(address), fetch(address)]);
    assert.deepEqual(
      pages.map(({ status }) => status),
      [200, 200],
    );
    assert.equal(looker.requests.filter(({ path }) => path === '/api/token').length, 1);
  });

  it('accepts the pasted URL, with or without a listener', async () => {
    const taken = await Promise.all(redirectUris.map(take));
    for (const isTaken of [true, false]) {
      const login = await begin();
      assert.equal(login.isListening, !isTaken);
      const grant = await login.paste(` <${await come(login)}>\n`);
      assert.equal(grant, await login.finished);
      if (!isTaken) await isClosed();
      for (const server of taken.splice(0)) {
        server.close();
        await once(server, 'close');
      }
    }
  });

  it('continues after an invalid paste, or one of another login', async () => {
    const other = await begin();
    const foreign = await come(other);
    other.cancel();
    await isClosed();
    const login = await begin();
    await assert.rejects(login.paste('https://acme.cloud.looker.com'), NoRedirectError);
    await assert.rejects(login.paste(foreign), ForeignRedirectError);
    await login.paste(await come(login));
  });

  it('ignores requests with another state, path, method or host', async () => {
    const login = await begin();
    const { port } = new URL(redirectUris[0]);
    const ask = async (target: string, options: { method?: string; host?: string } = {}) => {
      const { method = 'GET', host = `127.0.0.1:${port}` } = options;
      const request = httpRequest({
        host: '127.0.0.1',
        port,
        path: target,
        method,
        headers: { host },
      });
      request.end();
      const [response] = (await once(request, 'response')) as [
        { statusCode: number; resume: () => void },
      ];
      response.resume();
      return response.statusCode;
    };
    const good = new URL(await come(login));
    const target = good.pathname + good.search;
    assert.equal(await ask(target.replace('state=', 'state=x')), 400);
    assert.equal(await ask(good.pathname), 400);
    assert.equal(await ask(`/other${good.search}`), 404);
    assert.equal(await ask(`//looker-auth${good.search}`), 404);
    assert.equal(await ask('/favicon.ico'), 404);
    for (const method of ['POST', 'HEAD', 'OPTIONS', 'PUT']) {
      assert.equal(await ask(target, { method }), 405);
    }
    for (const host of ['evil.test', `localhost:${port}`, '127.0.0.1', `evil.test:${port}`]) {
      assert.equal(await ask(target, { host }), 421);
    }
    assert.equal(looker.liveTokens().length, 0);
    assert.equal(await ask(target), 200);
    await login.finished;
  });

  it('explains on the page and to the user why it failed', async () => {
    const denied = await begin();
    const browser = new WebBrowser(looker.baseUrl);
    await browser.open(denied.address);
    await browser.submit({ email: EMAIL, password: 'x' });
    const { address } = await browser.submit({ decision: 'deny' });
    const page = await fetch(address);
    assert.equal(page.status, 400);
    assert.match(await page.text(), /denied access/);
    await assert.rejects(denied.finished, BrowserLoginDeniedError);
    await isClosed();

    looker.oauth.codeLife = -1;
    const late = await begin();
    const text = await (await fetch(await come(late))).text();
    assert.match(text, /no longer accepts this login/);
    await assert.rejects(late.finished, CodeRejectedError);
    await isClosed();
  });

  it('listens on the next port if one is taken, and not at all if all are', async () => {
    const [first, second] = redirectUris;
    const taken = await take(first);
    const login = await begin();
    assert.equal(new URL(login.address).searchParams.get('redirect_uri'), second);
    const pasted = await begin();
    assert.ok(!pasted.isListening);
    assert.equal(new URL(pasted.address).searchParams.get('redirect_uri'), first);
    await fetch(await come(login));
    await login.finished;
    await pasted.paste(await come(pasted));
    taken.close();
  });

  it('continues by paste if another window listens on the only port, and its page says so', async () => {
    const [only] = redirectUris;
    const one = await begin({ redirectUris: [only] });
    const other = await begin({ redirectUris: [only] });
    assert.deepEqual([one.isListening, other.isListening], [true, false]);
    const address = await come(other);
    const page = await fetch(address);
    assert.equal(page.status, 400);
    assert.match(await page.text(), /copy the address of this page and paste it there/);
    await other.paste(address);
    await fetch(await come(one));
    await one.finished;
  });

  it("isn't ended by many requests with other states", async () => {
    const login = await begin();
    const address = await come(login);
    for (let guesses = 0; guesses < 300; guesses++) {
      const guess = address.replace(/state=[^&]+/, `state=${newState()}`);
      assert.equal((await fetch(guess)).status, 400);
    }
    await fetch(address);
    await login.finished;
    assert.equal(looker.requests.filter(({ path }) => path === '/api/token').length, 1);
  });

  it('listens only on this machine', async () => {
    for (const uri of [
      'https://127.0.0.1:17653/looker-auth',
      'http://0.0.0.0:17653/',
      'http://example.com/cb',
      'vscode://looker-auth/cb',
    ]) {
      const login = await begin({ redirectUris: [uri] });
      assert.ok(!login.isListening, uri);
    }
  });

  it('times out with a message; a code that arrived in time is still redeemed', async () => {
    const login = await begin({ timeLimitMs: 30 });
    await assert.rejects(login.finished, BrowserLoginTimeoutError);
    await isClosed();

    const slow = await begin({
      timeLimitMs: 300,
      complete: async ({ loginClient, code, verifier }) => {
        await new Promise((resolve) => setTimeout(resolve, 500));
        return redeemCode(optionsFor(looker), loginClient, code, verifier);
      },
    });
    await fetch(await come(slow));
    await slow.finished;
  });

  it('can be canceled silently at any moment, and leaves nothing open', async () => {
    const signal = new AbortController();
    const login = await begin({ signal: signal.signal });
    signal.abort();
    await assert.rejects(login.finished, CanceledError);
    await isClosed();

    const before = await begin({ signal: AbortSignal.abort() });
    await assert.rejects(before.finished, CanceledError);
    await isClosed();

    looker.fault({ path: '/api/token', kind: { is: 'halfOpen' } });
    const during = await begin();
    const answered = fetch(await come(during));
    while (!looker.requests.some(({ path }) => path === '/api/token'))
      await new Promise(setImmediate);
    during.cancel();
    assert.match(await (await answered).text(), /You canceled this login in VS Code/);
    await assert.rejects(during.finished, CanceledError);
    await isClosed();
  });
});

function redirectTo(port: number): string {
  return `http://127.0.0.1:${port}/looker-auth`;
}

async function freePort(): Promise<number> {
  const server = await take(redirectTo(0));
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

async function take(redirectUri: string): Promise<Server> {
  const server = createServer().listen(Number(new URL(redirectUri).port), '127.0.0.1');
  await once(server, 'listening');
  return server;
}
