// Data that no HTTP server should send, from an instance or from something in front of it.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { Broker } from '../../../src/broker/broker';
import { streamFor } from '../../support/nodeFetch';
import { closed, head, open, sendRaw } from '../../support/rawHttp';
import { until } from '../../support/until';

const OK = head('HTTP/1.1 200 OK', 'Content-Length: 2') + 'ok';

describe('a broker for an instance that violates HTTP', () => {
  let instance: Server;
  let broker: Broker;
  /** Its response to each request. */
  let reply: string;
  let sockets: Socket[];
  /** Everything that it has received. */
  let seen: string;

  beforeEach(async () => {
    [reply, sockets, seen] = [OK, [], ''];
    instance = createServer((socket) => {
      sockets.push(socket);
      socket.on('error', () => undefined);
      socket.on('data', (chunk) => {
        seen += chunk.toString('latin1');
        socket.write(Buffer.from(reply, 'latin1'));
      });
    }).listen(0, '127.0.0.1');
    await once(instance, 'listening');
    const baseUrl = `http://127.0.0.1:${(instance.address() as AddressInfo).port}`;
    const lease = { token: 'a-token-of-looker', timeLeft: () => 3_600_000 };
    const nothing = () => Promise.resolve();
    broker = await Broker.open({
      instance: { baseUrl, plainHttp: false, fetch: streamFor(baseUrl) },
      minting: {
        mint: () => Promise.resolve(lease),
        shared: () => Promise.resolve(lease),
        rejected: nothing,
        revoke: nothing,
      },
      log: { info: () => undefined, warn: () => undefined },
      apiVersion: '4.0',
      steady: Date.now,
    });
  });

  afterEach(async () => {
    await broker.close();
    for (const socket of sockets) socket.destroy();
    instance.close();
  });

  const request = (line = 'GET /api/4.0/user', ...headers: string[]): string =>
    head(
      `${line} HTTP/1.1`,
      `Host: 127.0.0.1:${broker.address.port}`,
      `Authorization: token ${broker.address.accessToken}`,
      ...headers,
    );
  const ask = () => sendRaw(broker.address.port, request());

  describe('responds with 502, and passes nothing on,', () => {
    for (const [what, text] of Object.entries({
      'for two lengths': head('HTTP/1.1 200 OK', 'Content-Length: 2', 'Content-Length: 3') + 'evi',
      'for a length and chunks':
        head('HTTP/1.1 200 OK', 'Content-Length: 4', 'Transfer-Encoding: chunked') + 'evil',
      'for an encoding and a length':
        head('HTTP/1.1 200 OK', 'Transfer-Encoding: identity', 'Content-Length: 4') + 'evil',
      'for bare line feeds': 'HTTP/1.1 200 OK\nContent-Length: 4\n\nevil',
      'for a split header':
        head('HTTP/1.1 200 OK', 'Content-Length: 4', 'ETag: a\rSet-Cookie: evil') + 'evil',
      'for a folded header':
        head('HTTP/1.1 200 OK', 'Content-Length: 4', 'ETag: a', ' evil') + 'evil',
      'for a header with a NUL':
        head('HTTP/1.1 200 OK', 'Content-Length: 4', 'ETag: a\0evil') + 'evil',
      'for an invalid status': head('HTTP/1.1 099 Evil', 'Content-Length: 4') + 'evil',
      'for a missing head': 'evil',
      'for another protocol':
        head('HTTP/1.1 101 Switching Protocols', 'Upgrade: evil', 'Connection: Upgrade') + 'evil',
      'for a header with a control character':
        head('HTTP/1.1 200 OK', 'Content-Length: 4', 'ETag: a\x01evil') + 'evil',
      'for an invalid header name':
        head('HTTP/1.1 200 OK', 'Content-Length: 4', 'ETag evil: a') + 'evil',
      'for a head without an end': head(
        'HTTP/1.1 200 OK',
        'Content-Length: 4',
        `ETag: ${'evil'.repeat(10_000)}`,
      ),
      'for a list of lengths': head('HTTP/1.1 200 OK', 'Content-Length: 4, 4') + 'evil',
      'for a negative length': head('HTTP/1.1 200 OK', 'Content-Length: -4') + 'evil',
      'for another version': head('HTTP/3.0 200 OK', 'Content-Length: 4') + 'evil',
      'for a redirect without a location': head('HTTP/1.1 308 Evil', 'Content-Length: 4') + 'evil',
      'for a redirect': head('HTTP/1.1 300 Evil', 'Location: /evil', 'Content-Length: 4') + 'evil',
    })) {
      it(what, async () => {
        reply = text;
        const { status, text: passed } = await ask();
        assert.equal(status, 502);
        assert.doesNotMatch(passed, /evil/);
        reply = OK;
        assert.equal((await ask()).status, 200);
      });
    }
  });

  it("keeps no connection open for a response that it can't pass on", async () => {
    for (const line of ['HTTP/1.1 099 Evil', 'HTTP/1.1 302 Evil']) {
      reply = head(line, 'Content-Length: 4000') + 'evil';
      assert.equal((await ask()).status, 502);
      await until(() => sockets.every(({ destroyed }) => destroyed));
    }
  });

  it('passes on only the response to the request', async () => {
    reply = `${head('HTTP/1.1 103 Early Hints', 'Link: </evil>; rel=preload')}${OK}${head('HTTP/1.1 200 OK', 'Content-Length: 4')}evil`;
    for (let i = 0; i < 3; i++) {
      const { text } = await ask();
      assert.match(text, /^HTTP\/1\.1 200 OK\r\n/);
      assert.match(text, /\r\n\r\nok$/);
      assert.doesNotMatch(text, /evil/);
    }
  });

  it('ignores a flood of informational responses', async () => {
    reply = head('HTTP/1.1 103 Early Hints', 'Set-Cookie: evil').repeat(5000) + OK;
    const { text } = await ask();
    assert.match(text, /^HTTP\/1\.1 200 OK\r\n/);
    assert.doesNotMatch(text, /evil/);
  });

  it('passes on no more bytes than the response announces', async () => {
    reply = `${OK}evil`;
    for (let i = 0; i < 3; i++) assert.match((await ask()).text, /\r\n\r\nok$/);
  });

  it("closes the connection if a response is cut off, so that it doesn't look complete", async () => {
    for (const part of [
      head('HTTP/1.1 200 OK', 'Content-Length: 10') + 'part',
      head('HTTP/1.1 200 OK', 'Transfer-Encoding: chunked') + '4\r\npart\r\n',
      head('HTTP/1.1 200 OK', 'Transfer-Encoding: chunked') + '4\r\npart\r\nevil\r\n',
      head('HTTP/1.1 200 OK', 'Transfer-Encoding: chunked') + '4\r\npartevil\r\n0\r\n\r\n',
    ]) {
      reply = part;
      const socket = open(broker.address.port);
      let text = '';
      socket.on('data', (chunk) => (text += chunk.toString('latin1')));
      socket.write(request());
      await until(() => text.includes('part') || socket.destroyed);
      for (const one of sockets) one.end();
      await closed(socket);
      assert.doesNotMatch(text, /evil/);
      assert.equal(text.endsWith('\r\n0\r\n\r\n'), false);
    }
  });

  it('passes on no header that makes a client store something or connect elsewhere', async () => {
    const headers = [
      'Set-Cookie: evil',
      'Set-Cookie2: evil',
      'Location: https://evil.example',
      'Content-Location: https://evil.example',
      'Refresh: 0; url=https://evil.example',
      'Alt-Svc: h2="evil.example:443"',
      'Clear-Site-Data: "evil"',
      'Strict-Transport-Security: max-age=1; evil',
      'Access-Control-Allow-Origin: https://evil.example',
      'Access-Control-Allow-Private-Network: evil',
      'Access-Control-Expose-Headers: evil',
      'Cross-Origin-Resource-Policy: evil',
      'Timing-Allow-Origin: evil',
      'Service-Worker-Allowed: /evil',
      'SourceMap: https://evil.example',
      'Report-To: evil',
      'NEL: evil',
      'WWW-Authenticate: Basic realm="evil"',
      'Proxy-Authenticate: Basic realm="evil"',
      'X-Accel-Redirect: /evil',
      'X-Sendfile: /evil',
      'Server: evil',
      'Keep-Alive: timeout=evil',
      'Link: <https://evil.example/api/4.0/looks>; rel="next", <//evil.example/>; rel="next"',
      'Link: <javascript:evil>; rel="next"',
      'Connection: etag, evil',
    ];
    reply = head('HTTP/1.1 201 Created', 'Content-Length: 2', 'ETag: "a"', ...headers) + 'ok';
    const { status, text } = await ask();
    assert.equal(status, 201);
    assert.doesNotMatch(text, /evil/);
  });

  for (const [what, line, status] of [
    ['HEAD', 'HEAD /api/4.0/user', '200 OK'],
    ['304', 'GET /api/4.0/user', '304 Not Modified'],
    ['204', 'GET /api/4.0/user', '204 No Content'],
  ] as const) {
    it(`passes on no body that ${what} can't have`, async () => {
      reply = head(`HTTP/1.1 ${status}`, 'Content-Length: 4') + 'evil';
      const socket = open(broker.address.port);
      let text = '';
      socket.on('data', (chunk) => (text += chunk.toString('latin1')));
      socket.write(request(line));
      await until(() => text.endsWith('\r\n\r\n'));
      reply = OK;
      socket.write(request(undefined, 'Connection: close'));
      await closed(socket);
      assert.doesNotMatch(text, /evil/);
      assert.match(text, /\r\n\r\nok$/);
    });
  }

  it('passes on no trailers', async () => {
    reply = `${head('HTTP/1.1 200 OK', 'Transfer-Encoding: chunked', 'Trailer: Set-Cookie')}2\r\nok\r\n0\r\nSet-Cookie: evil\r\n\r\n`;
    const { status, text } = await ask();
    assert.equal(status, 200);
    assert.doesNotMatch(text, /cookie|trailer/i);
  });

  it("passes on no length of a body that can't exist", async () => {
    reply = head('HTTP/1.1 204 No Content', 'Content-Length: 5');
    const { status, text } = await ask();
    assert.equal(status, 204);
    assert.doesNotMatch(text, /content-length/i);
  });

  describe('in the middle of a response', () => {
    for (const [what, behind] of Object.entries<() => string>({
      'an invalid request': () => 'EVIL\r\n\r\n',
      'a tunnel': () => request('CONNECT evil.example:443'),
      'another protocol': () => request(undefined, 'Connection: Upgrade', 'Upgrade: websocket'),
    })) {
      it(`closes the connection on ${what}, and sends nothing`, async () => {
        reply = head('HTTP/1.1 200 OK', 'Transfer-Encoding: chunked') + '3\r\nabc\r\n';
        const socket = open(broker.address.port);
        let text = '';
        socket.on('data', (chunk) => (text += chunk.toString('latin1')));
        // The second request waits for the response to the first one.
        socket.write(request() + request());
        await until(() => text.includes('abc'));
        socket.write(behind());
        await closed(socket);
        assert.deepEqual(text.match(/HTTP\/1\.1 \d+/g), ['HTTP/1.1 200']);
        assert.match(text, /abc\r\n$/);
      });
    }
  });

  it('forwards the whole body after thousands of headers', async () => {
    const many = Array.from({ length: 3000 }, () => 'a:');
    const headers = [...many, 'Transfer-Encoding: chunked'];
    const body = '3\r\nabc\r\n0\r\n\r\n';
    const port = broker.address.port;
    assert.equal((await sendRaw(port, request('POST /api/4.0/x', ...headers) + body)).status, 200);
    assert.ok(seen.endsWith(body), seen);
  });
});
