import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { LookerApi } from '../../../../src/looker/api/lookerApi';
import { ProxyError } from '../../../../src/looker/errors/network';
import { codeOf, toLookerError } from '../../../../src/looker/network/http';
import { lookerApi } from '../../../support/lookerApi';

describe('a connection that the server closes just as it is used again', () => {
  /** The requests, each with the number of its connection. */
  let received: string[];
  let baseUrl: string;
  let stop: () => void;
  beforeEach(async () => {
    received = [];
    let connections = 0;
    const used = new WeakSet<object>();
    const server = createServer((_request, response) => response.end(BODY));
    server.on('connection', () => connections++);
    server.prependListener('request', ({ method, url, socket }, response) => {
      received.push(`${connections} ${method} ${url?.replace(/\?.*/, '')}`);
      if (used.has(socket)) socket.destroy();
      used.add(socket);
      if (method === 'DELETE') response.statusCode = 204;
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    stop = () => server.close();
  });
  afterEach(() => {
    stop();
  });

  const KEY = { clientId: 'id', clientSecret: 'secret' };

  /** Fits every response. */
  const BODY = JSON.stringify({
    id: '7',
    access_token: 'fresh',
    expires_in: 3600,
    workspace_id: 'dev',
    supported_versions: [{ version: '4.0' }],
  });

  for (const [what, again, ...requests] of [
    ['a login', (api) => api.login(KEY), 'POST /api/4.0/login'],
    ['a logout', (api) => api.logout('token'), 'DELETE /api/4.0/logout'],
    ['a question', (api) => api.me('token'), 'GET /api/4.0/user'],
    [
      'a change',
      (api) => api.enterDevMode('token'),
      'PATCH /api/4.0/session',
      'GET /api/4.0/session',
    ],
  ] as const satisfies [string, (api: LookerApi) => Promise<unknown>, ...string[]][]) {
    it(`doesn't cost ${what}, and nothing is sent twice`, async () => {
      const api = lookerApi(baseUrl);
      await api.release();
      await again(api);
      assert.deepEqual(
        received,
        ['GET /versions', ...requests].map((request, index) => `${index + 1} ${request}`),
      );
    });
  }
});

describe("OpenSSL's reason in an error without a code of its own", () => {
  const because = (reason: string) =>
    Object.assign(new Error(`0:error:0A000126:SSL routines:tls_x:${reason}:ssl/x.c:1:`), {
      code: 'EPROTO',
    });

  for (const reason of ['wrong version number', 'packet length too long', 'http request']) {
    it(`is a server without HTTPS: ${reason}`, () => {
      const { message, verdict } = toLookerError('https://acme.test', because(reason));
      assert.match(message, /doesn't use HTTPS/);
      assert.match(verdict, /doesn't use HTTPS/);
    });
  }

  for (const reason of [
    'decryption failed or bad record mac',
    'KEY_USAGE_BIT_INCORRECT',
    'unexpected message',
    'wrong signature type',
  ]) {
    it(`isn't taken for a server without HTTPS: ${reason}`, () => {
      const code = `ERR_SSL_${reason.replaceAll(' ', '_').toUpperCase()}`;
      assert.equal(codeOf(because(reason)), code);
      const { message, verdict } = toLookerError('https://acme.test', because(reason));
      assert.equal(
        message,
        `Couldn't reach acme.test (${code}). Check the URL, your network, or your VPN.`,
      );
      assert.equal(
        verdict,
        `The connection to acme.test failed (${code}), perhaps because of a firewall or proxy.`,
      );
    });
  }
});

describe('a proxy that opens no tunnel', () => {
  for (const [status, what] of [
    [403, 'blocked the request'],
    [405, 'blocked the request'],
    [502, "can't reach that host"],
    [503, "can't reach that host"],
    [504, "can't reach that host"],
  ] as const) {
    it(`${what}: ${status}`, () => {
      assert.equal(
        new ProxyError('https://acme.test', status).message,
        `The proxy for acme.test ${what}. Check the URL, and the proxy settings in VS Code.`,
      );
    });
  }
});

describe("VS Code's word for a proxy that doesn't work", () => {
  it("blames the proxy alone only if it can't be the URL", () => {
    for (const proxy of ['PROXY p.test:3128', 'HTTPS p.test:443', 'SOCKS p.test:1080']) {
      const error = new Error(`Failed to establish a socket connection to proxies: ${proxy}`);
      assert.equal(
        toLookerError('https://acme.test', error).message,
        "The proxy for acme.test isn't responding, isn't trusted, or can't reach that host. Check the URL, and the proxy settings in VS Code.",
      );
    }
  });
});
