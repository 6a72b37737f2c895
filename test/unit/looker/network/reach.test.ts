import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:https';
import {
  createServer as createTcpServer,
  type AddressInfo,
  type Server,
  type Socket,
} from 'node:net';
import { ProxyError, UnreachableError } from '../../../../src/looker/errors/network';
import { inspectViaConfiguredRoute, tcpConnect } from '../../../../src/looker/network/reach';
import { UNVERIFIED, unverified } from '../../../faults/unverified';
import { serverCertificate } from '../../../support/certificates';
import { withDeadFirstAddress } from '../../../support/deadFirstAddress';

describe('a route through an HTTPS proxy', () => {
  /** The targets that the proxy was asked for. */
  let asked: string[];
  /** The server names (SNI) that it received. */
  let named: string[];
  let proxy: URL;
  let stop: () => Promise<unknown>;
  before(async () => {
    const certificate = await serverCertificate({ hosts: ['127.0.0.1'] });
    const server = createServer({
      ...certificate,
      SNICallback: (name, done) => {
        named.push(name);
        done(null);
      },
    });
    server.on('connect', ({ url = '' }, socket: Socket) => {
      asked.push(url);
      socket.end('HTTP/1.1 200 Connected\r\n\r\n');
    });
    server.on('tlsClientError', () => undefined);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    proxy = new URL(`https://ada:hush@127.0.0.1:${(server.address() as AddressInfo).port}`);
    stop = async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    };
  });
  after(() => stop());
  beforeEach(() => {
    [asked, named] = [[], []];
  });

  const target = () => ({
    baseUrl: 'https://looker.test',
    proxy,
    timeoutMs: 2000,
    signal: new AbortController().signal,
  });

  for (const how of [undefined, ...UNVERIFIED]) {
    it(`ends at a proxy with an unknown certificate${how ? `, even if ${how}` : ''}`, async () => {
      await assert.rejects(
        unverified(how, () => tcpConnect(target())),
        ProxyError,
      );
      assert.deepEqual(asked, []);
    });
  }

  it('sends no server name to a proxy that is named by its address', async () => {
    await assert.rejects(tcpConnect(target()), ProxyError);
    assert.deepEqual(named, []);
    proxy.hostname = 'localhost';
    await assert.rejects(tcpConnect(target()), ProxyError);
    assert.deepEqual(named, ['localhost']);
  });
});

describe("a proxy's own response", () => {
  let server: Server;
  let answer: string;
  before(async () => {
    server = createTcpServer((socket) => {
      socket.on('error', () => undefined);
      socket.once('data', () => socket.write(answer, 'latin1'));
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  after(() => {
    server.close();
  });

  for (const [what, text, error] of [
    ['a page with 200', 'HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n<html>', ProxyError],
    ['a page with 403', 'HTTP/1.1 403 Forbidden\r\n\r\n<html>', ProxyError],
    ['a redirect', 'HTTP/1.1 302 Found\r\nLocation: https://sso.test/\r\n\r\n', ProxyError],
    ['407 without a way to log in', 'HTTP/1.1 407 Who?\r\n\r\n', ProxyError],
    ['a head without an end', `HTTP/1.1 200 OK\r\nX: ${'x'.repeat(20_000)}`, UnreachableError],
    ['another protocol', 'SSH-2.0-OpenSSH\r\n\r\n', UnreachableError],
  ] as const) {
    it(`is never the instance's: ${what}`, async () => {
      answer = text;
      const { port } = server.address() as AddressInfo;
      const target = {
        baseUrl: 'https://looker.test',
        proxy: new URL(`http://ada:hush@127.0.0.1:${port}`),
        timeoutMs: 2000,
        signal: new AbortController().signal,
      };
      for (const reach of [tcpConnect, inspectViaConfiguredRoute]) {
        await assert.rejects(reach(target), (thrown: Error) => {
          assert.ok(thrown instanceof error, String(thrown));
          assert.doesNotMatch(thrown.message, /ada|hush|127\.0/);
          return true;
        });
      }
    });
  }
});

describe('a route to a host whose first address is dead', () => {
  it('ends at the next address, as a request does', async function () {
    const server = createServer(await serverCertificate({ hosts: ['far.acme.test'] }));
    await withDeadFirstAddress(this, server, async (port) => {
      const target = {
        baseUrl: `https://far.acme.test:${port}`,
        timeoutMs: 5000,
        signal: new AbortController().signal,
      };
      await tcpConnect(target);
      const { subject } = await inspectViaConfiguredRoute(target);
      assert.match(subject, /far\.acme\.test/);
    });
  });
});
