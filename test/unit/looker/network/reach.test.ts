import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { UnreachableError } from '../../../../src/looker/errors/network';
import { tcpConnect } from '../../../../src/looker/network/reach';
import { UNVERIFIED, unverified } from '../../../faults/unverified';
import { serverCertificate } from '../../../support/certificates';

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
        UnreachableError,
      );
      assert.deepEqual(asked, []);
    });
  }

  it('sends no server name to a proxy that is named by its address', async () => {
    await assert.rejects(tcpConnect(target()), UnreachableError);
    assert.deepEqual(named, []);
    proxy.hostname = 'localhost';
    await assert.rejects(tcpConnect(target()), UnreachableError);
    assert.deepEqual(named, ['localhost']);
  });
});
