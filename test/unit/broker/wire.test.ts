// Data on a connection that no HTTP client would send.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { networkInterfaces } from 'node:os';
import { setTimeout as wait } from 'node:timers/promises';
import { connect as connectTls } from 'node:tls';
import { StandInLooker } from '../../standIn/standInLooker';
import { streamFor } from '../../support/nodeFetch';
import { logInAt, openBroker, type OpenBroker } from '../../support/openBroker';
import { closed, head, open, readAll, sendRaw } from '../../support/rawHttp';
import { until } from '../../support/until';

describe('a broker on the wire', () => {
  let looker: StandInLooker;
  let one: OpenBroker;
  let port: number;
  let host: string;
  let auth: string;
  let before: number;

  beforeEach(async () => {
    looker = await StandInLooker.start();
    one = await openBroker(looker, { name: 'Ada' }, { limits: { headMs: 300, connections: 20 } });
    ({ port } = one.broker.address);
    host = `Host: 127.0.0.1:${port}`;
    auth = `Authorization: token ${await logInAt(one)}`;
    before = looker.requests.length;
  });

  afterEach(async () => {
    await one.broker.close();
    await looker.stop();
  });

  const nothingReachedLooker = () => {
    assert.equal(looker.requests.length, before);
  };
  const get = (...headers: string[]) => head('GET /api/4.0/user HTTP/1.1', ...headers);

  it('responds to a valid request', async () => {
    const { status, text } = await sendRaw(port, get(host, auth));
    assert.equal(status, 200);
    assert.match(text, /"id":"1"/);
    assert.equal(/^(x-powered-by|server|set-cookie|access-control-)/im.test(text), false);
  });

  it('listens on loopback only', async function () {
    const outside = Object.values(networkInterfaces())
      .flat()
      .find((address) => address && !address.internal && address.family === 'IPv4');
    if (!outside) return this.skip();
    const socket = connect(port, outside.address);
    const [error] = (await once(socket, 'error')) as [NodeJS.ErrnoException];
    assert.equal(error.code, 'ECONNREFUSED');
  });

  describe('refuses', () => {
    const refused = (what: string, status: number, request: () => string) => {
      it(`${what} with ${status}`, async () => {
        const reply = await sendRaw(port, request());
        assert.equal(reply.status, status, reply.text);
        assert.equal(/access-control-/i.test(reply.text), false);
        nothingReachedLooker();
      });
    };
    refused('another host', 403, () => get(`Host: localhost:${port}`, auth));
    refused('the host of a web page that resolves to this machine', 403, () =>
      get(`Host: evil.example:${port}`, auth),
    );
    refused('two hosts', 403, () => get(host, 'Host: evil.example', auth));
    refused('the same host twice', 403, () => get(host, host, auth));
    refused('no host', 400, () => get(auth));
    refused('HTTP/1.0 without a host', 403, () => head('GET /api/4.0/user HTTP/1.0', auth));
    refused('an origin', 403, () => get(host, auth, 'Origin: https://evil.example'));
    refused('the origin null', 403, () => get(host, auth, 'Origin: null'));
    refused('an origin behind thousands of headers', 403, () =>
      get(host, auth, ...Array.from({ length: 3000 }, () => 'a:'), 'Origin: https://evil.example'),
    );
    refused('a fetch of a web page', 403, () => get(host, auth, 'Sec-Fetch-Site: same-site'));
    refused('a CORS preflight', 403, () =>
      head(
        'OPTIONS /api/4.0/user HTTP/1.1',
        host,
        'Origin: https://evil.example',
        'Access-Control-Request-Method: GET',
      ),
    );
    refused('OPTIONS', 405, () => head('OPTIONS /api/4.0/user HTTP/1.1', host, auth));
    refused('TRACE', 405, () => head('TRACE /api/4.0/user HTTP/1.1', host, auth));
    refused('CONNECT', 405, () => head(`CONNECT acme.cloud.looker.com:443 HTTP/1.1`, host, auth));
    refused('an upgrade to WebSocket', 405, () =>
      get(host, auth, 'Connection: Upgrade', 'Upgrade: websocket'),
    );
    refused('an upgrade to HTTP/2', 405, () =>
      get(
        host,
        auth,
        'Connection: Upgrade, HTTP2-Settings',
        'Upgrade: h2c',
        'HTTP2-Settings: AAMAAABkAAQAAP__',
      ),
    );
    refused('a proxy request', 400, () =>
      head(`GET ${looker.baseUrl}/api/4.0/user HTTP/1.1`, host, auth),
    );
    refused('dot segments', 400, () => head('GET /api/4.0/../../admin HTTP/1.1', host, auth));
    refused('two tokens', 400, () => get(host, auth, 'Authorization: token abc'));
    refused('no token', 401, () => get(host));
    refused('the token in the query', 401, () =>
      head(`GET /api/4.0/user?access_token=${auth.slice(21)} HTTP/1.1`, host),
    );
    refused('an expectation that nobody has', 417, () => get(host, auth, 'Expect: the-unexpected'));
    refused('a byte of another alphabet in a path', 400, () =>
      head('GET /api/4.0/us\xe9r HTTP/1.1', host, auth),
    );
    refused('a header with a NUL', 400, () => get(host, auth, 'X-A: b\0c'));
    refused('a header that is split', 400, () => get(host, auth, 'X-A: b\rX-B: c'));
    refused('a body with GET', 400, () => `${get(host, auth, 'Content-Length: 3')}abc`);
    refused(
      'a bare line feed in a head',
      400,
      () => `GET /api/4.0/user HTTP/1.1\n${host}\n${auth}\n\n`,
    );
    refused('a head that is folded', 400, () => get(host, auth, 'X-A: b', ' c'));
    refused('a space before a colon', 400, () => get(host, auth, 'Content-Length : 0'));
    refused('an endless head', 431, () => get(host, auth, `X-A: ${'a'.repeat(20_000)}`));
    refused('a line that is no request', 400, () => 'HELO looker\r\n\r\n');
    refused('HTTP/2', 400, () => 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');
    refused('another version', 400, () => head('GET /api/4.0/user HTTP/9.9', host, auth));
    refused('HTTP/0.9', 403, () => 'GET /api/4.0/user\r\n\r\n');
    refused('a tab in place of a space', 400, () =>
      head('GET\t/api/4.0/user\tHTTP/1.1', host, auth),
    );
    refused('two words in place of a target', 400, () =>
      head('GET /api/4.0/user /api/4.0/users/2 HTTP/1.1', host, auth),
    );
    refused('a method in lower case', 400, () => head('get /api/4.0/user HTTP/1.1', host, auth));
    refused('a header in front of the host', 400, () => get(' X-A: b', host, auth));
    refused('a header without a name', 400, () => get(host, auth, ': b'));
    refused('a name that is no token', 400, () => get(host, auth, 'Host\0: evil.example'));
    refused('a name with a space', 400, () => get(host, auth, 'Transfer Encoding: chunked'));
    refused('a host that is empty', 403, () => get('Host:', auth));
    refused('the host of IPv6', 403, () => get(`Host: [::1]:${port}`, auth));
    refused('the host of IPv4 within IPv6', 403, () =>
      get(`Host: [::ffff:127.0.0.1]:${port}`, auth),
    );
    refused('the host in letters of another width', 403, () =>
      get(Buffer.from(`Host: １２７.0.0.1:${port}`).toString('latin1'), auth),
    );
    refused('a private network preflight', 403, () =>
      head(
        'OPTIONS /api/4.0/user HTTP/1.1',
        host,
        'Origin: https://evil.example',
        'Access-Control-Request-Private-Network: true',
      ),
    );
    refused('a token behind a tab', 401, () => get(host, auth.replace('token ', 'token\t')));
    refused('a token in a cookie', 401, () =>
      get(host, auth.replace(/^.*token /, 'Cookie: token=')),
    );
    refused('a token as Basic', 401, () =>
      get(host, `Authorization: Basic ${Buffer.from(`${auth.slice(21)}:`).toString('base64')}`),
    );
  });

  describe('prevents request smuggling', () => {
    const hidden = () => head('GET /api/4.0/users/2 HTTP/1.1', host, auth);
    const smuggled = (what: string, request: () => string) => {
      it(what, async () => {
        const { status } = await sendRaw(port, request());
        assert.equal(status, 400);
        nothingReachedLooker();
      });
    };
    const post = (...headers: string[]) =>
      head('POST /api/4.0/session HTTP/1.1', host, auth, ...headers);
    smuggled(
      'by two lengths',
      () => `${post('Content-Length: 0', 'Content-Length: 40')}${hidden()}`,
    );
    smuggled(
      'by a length and chunks',
      () => `${post('Content-Length: 5', 'Transfer-Encoding: chunked')}0\r\n\r\n${hidden()}`,
    );
    smuggled(
      'by chunks and a length',
      () => `${post('Transfer-Encoding: chunked', 'Content-Length: 5')}0\r\n\r\n${hidden()}`,
    );
    smuggled(
      'by chunks twice',
      () =>
        `${post('Transfer-Encoding: chunked', 'Transfer-Encoding: identity')}0\r\n\r\n${hidden()}`,
    );
    smuggled(
      'by an unknown encoding',
      () => `${post('Transfer-Encoding: xchunked')}0\r\n\r\n${hidden()}`,
    );
    smuggled(
      'by an encoding after a tab',
      () => `${post('Transfer-Encoding:\tchunked, identity')}0\r\n\r\n${hidden()}`,
    );
    smuggled('by a length that is none', () => `${post('Content-Length: +5')}abcde`);
    smuggled('by a list of lengths', () => `${post('Content-Length: 0, 40')}${hidden()}`);
    smuggled(
      'by a chunk that ends with a bare line feed',
      () => `${post('Transfer-Encoding: chunked')}0\n\n${hidden()}`,
    );
    smuggled(
      'by a chunk extension that never ends',
      () => `${post('Transfer-Encoding: chunked')}3;a="b\r\nabc\r\n0\r\n\r\n`,
    );
    smuggled(
      'by a chunk size that is too large for a number',
      () => `${post('Transfer-Encoding: chunked')}10000000000000003\r\nabc\r\n0\r\n\r\n`,
    );
    smuggled('by a length below zero', () => `${post('Content-Length: -1')}abcde`);
    smuggled(
      'by a length with a zero in front',
      () => `${post('Content-Length: 010')}${'a'.repeat(10)}`,
    );
    smuggled('by a length that is empty', () => `${post('Content-Length:')}${hidden()}`);
    smuggled('by a length in hexadecimal', () => `${post('Content-Length: 0x5')}abcde`);
    smuggled('by a length that is folded', () => `${post('Content-Length: 0', ' 5')}abcde`);
    smuggled(
      'by a length that is too large for a number',
      () => `${post('Content-Length: 18446744073709551621')}abcde`,
    );
    smuggled('by an empty encoding', () => `${post('Transfer-Encoding:')}0\r\n\r\n${hidden()}`);
    smuggled(
      'by an encoding in quotes',
      () => `${post('Transfer-Encoding: "chunked"')}0\r\n\r\n${hidden()}`,
    );
    smuggled(
      'by an encoding after a vertical tab',
      () => `${post('Transfer-Encoding: \vchunked')}0\r\n\r\n${hidden()}`,
    );
    smuggled(
      'by an encoding with a space before the colon',
      () => `${post('Transfer-Encoding : chunked')}0\r\n\r\n${hidden()}`,
    );
    smuggled(
      'by chunks twice in one header',
      () => `${post('Transfer-Encoding: chunked, chunked')}0\r\n\r\n${hidden()}`,
    );
    for (const [what, size] of [
      ['a prefix', '0x3'],
      ['a sign', '+3'],
      ['a blank in front', ' 3'],
      ['an underscore', '0_3'],
      ['no digits', ''],
    ] as const) {
      smuggled(
        `by the size of a chunk with ${what}`,
        () => `${post('Transfer-Encoding: chunked')}${size}\r\nabc\r\n0\r\n\r\n${hidden()}`,
      );
    }
    smuggled(
      'by a chunk that is longer than it says',
      () => `${post('Transfer-Encoding: chunked')}3\r\nabcdef\r\n0\r\n\r\n`,
    );
    smuggled(
      'by a chunk extension with a bare line feed',
      () => `${post('Transfer-Encoding: chunked')}3;a=\nabc\r\n0\r\n\r\n`,
    );
    smuggled(
      'by a bare carriage return after the size of a chunk',
      () => `${post('Transfer-Encoding: chunked')}3\rabc\r\n0\r\n\r\n`,
    );

    it('with a chunk extension or trailers, and forwards neither', async () => {
      const body = `3;a=b\r\n{  \r\n1;c="d"\r\n}\r\n0\r\nX-Looker-AppId: evil\r\nAuthorization: token evil\r\n\r\n`;
      const request = head(
        'POST /api/4.0/looks HTTP/1.1',
        host,
        auth,
        'Transfer-Encoding: chunked',
        'Content-Type: application/json',
        'Trailer: Authorization, X-Looker-AppId',
      );
      assert.equal((await sendRaw(port, request + body)).status, 404);
      const [seen, ...more] = looker.requests.slice(before);
      assert.deepEqual(more, []);
      assert.deepEqual(seen?.form, {});
      assert.equal(JSON.stringify(seen).includes('evil'), false);
      assert.equal('trailer' in seen.headers, false);
    });

    it('with a request in the body of a logout', async () => {
      const body = hidden();
      const request = head(
        'DELETE /api/4.0/logout HTTP/1.1',
        host,
        `Authorization: token ${await logInAt(one)}`,
        `Content-Length: ${body.length}`,
      );
      before = looker.requests.length;
      const socket = open(port);
      socket.write(`${request}${body}${get(host, auth, 'Connection: close')}`);
      let text = '';
      socket.on('data', (chunk) => (text += String(chunk)));
      await closed(socket);
      assert.deepEqual(text.match(/HTTP\/1\.1 \d+/g), ['HTTP/1.1 204', 'HTTP/1.1 200']);
      assert.deepEqual(
        looker.requests
          .slice(before)
          .map(({ path }) => path)
          .sort(),
        ['/api/4.0/logout', '/api/4.0/user'],
      );
    });

    it('with headers that name another method, URL, host or client', async () => {
      const request = get(
        host,
        auth,
        'X-HTTP-Method-Override: DELETE',
        'X-HTTP-Method: DELETE',
        'X-Method-Override: DELETE',
        'X-Original-URL: /api/4.0/users/2',
        'X-Rewrite-URL: /api/4.0/users/2',
        'X-Forwarded-Host: evil.example',
        'X-Forwarded-For: 10.0.0.1',
        'Forwarded: host=evil.example',
        'Proxy-Authorization: Basic evil',
        'Cookie: evil',
        'Upgrade: h2c',
        'HTTP2-Settings: AAMAAABkAAQAAP__',
        'Via: evil',
        'Proxy-Connection: keep-alive',
      );
      assert.equal((await sendRaw(port, request)).status, 200);
      const { headers, method, path } = looker.requests.at(-1) ?? assert.fail();
      assert.deepEqual([method, path], ['GET', '/api/4.0/user']);
      assert.deepEqual(
        Object.keys(headers).sort(),
        ['accept', 'accept-encoding', 'authorization', 'connection', 'host', 'user-agent'].filter(
          (name) => name in headers,
        ),
      );
    });

    it('with a length that the Connection header names', async () => {
      const request = head(
        'POST /api/4.0/looks HTTP/1.1',
        host,
        auth,
        'Content-Type: application/json',
        'Content-Length: 2',
        'Connection: content-length, transfer-encoding, content-type, host',
      );
      assert.equal((await sendRaw(port, `${request}{}`)).status, 404);
      assert.equal(looker.requests.length, before + 1);
      assert.equal(looker.requests.at(-1)?.headers.host, new URL(looker.baseUrl).host);
    });

    it('with a body that is cut off: the instance gets no complete request', async () => {
      const socket = open(port);
      socket.write(
        `${head('POST /api/4.0/looks HTTP/1.1', host, auth, 'Content-Type: application/json', 'Content-Length: 50')}{"a":`,
      );
      await until(() => looker.requests.length > before);
      socket.destroy();
      await until(() => one.log.some((line) => line.includes('broken off')));
      assert.deepEqual(looker.requests.at(-1)?.form, {});
    });

    it('with chunks in HTTP/1.0: the response has none', async () => {
      const request = head(
        'POST /api/4.0/looks HTTP/1.0',
        host,
        auth,
        'Content-Type: application/json',
        'Transfer-Encoding: chunked',
      );
      const { text } = await sendRaw(port, `${request}2\r\n{}\r\n0\r\n\r\n${hidden()}`);
      assert.equal(
        looker.requests.slice(before).filter(({ path }) => path.endsWith('/2')).length,
        0,
      );
      assert.doesNotMatch(text, /transfer-encoding/i);
    });

    it('with a header meant for one connection', async () => {
      const request = get(
        host,
        auth,
        'Connection: close, x-looker-appid, authorization',
        'x-looker-appid: mine',
        'TE: trailers',
        'Keep-Alive: timeout=5',
      );
      assert.equal((await sendRaw(port, request)).status, 200);
      const { headers } = looker.requests.at(-1) ?? assert.fail();
      assert.equal(headers['x-looker-appid'], undefined);
      assert.equal(headers['te'], undefined);
      assert.match(String(headers.authorization), /^token \w{40}$/);
      assert.equal(String(headers.authorization).includes(auth.slice(-44)), false);
    });

    it('with a second request after the first one: each is checked', async () => {
      const socket = open(port);
      socket.write(
        get(host, auth) + head('GET /api/4.0/users/2 HTTP/1.1', host, 'Connection: close'),
      );
      let text = '';
      socket.on('data', (chunk) => (text += String(chunk)));
      await closed(socket);
      assert.deepEqual(text.match(/HTTP\/1\.1 \d+/g), ['HTTP/1.1 200', 'HTTP/1.1 401']);
      assert.deepEqual(
        looker.requests.slice(before).map(({ path }) => path),
        ['/api/4.0/user'],
      );
    });
  });

  describe('with a program that sends requests without waiting for responses', () => {
    /** An instance that never responds. */
    let silent: Server;
    let asked: number;
    let waiting: Set<Socket>;
    let other: OpenBroker;

    beforeEach(async () => {
      [asked, waiting] = [0, new Set()];
      silent = createServer((socket) => {
        waiting.add(socket);
        socket.on('error', () => undefined).once('close', () => waiting.delete(socket));
        socket.on('data', () => asked++);
      }).listen(0, '127.0.0.1');
      await once(silent, 'listening');
      const baseUrl = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`;
      const instance = { baseUrl, plainHttp: false, fetch: streamFor(baseUrl) };
      other = await openBroker(looker, { name: 'Ada' }, { instance });
    });

    afterEach(async () => {
      await other.broker.close();
      for (const socket of waiting) socket.destroy();
      silent.close();
    });

    const start = (line: string, times: number, ...headers: string[]) => {
      const socket = open(other.broker.address.port);
      const addressee = `Host: 127.0.0.1:${other.broker.address.port}`;
      socket.write(head(`${line} HTTP/1.1`, addressee, ...headers).repeat(times));
      return socket;
    };

    for (const [what, line, hasToken] of [
      ['without a token', 'GET /versions', false],
      ['with a token', 'GET /api/4.0/user', true],
    ] as const) {
      it(`${what}: the instance gets one at a time, and none once the program is gone`, async () => {
        const token = `Authorization: token ${other.broker.address.accessToken}`;
        const socket = start(line, 5, ...(hasToken ? [token] : []));
        await until(() => asked > 0);
        // The others would have reached it by then.
        await wait(50);
        assert.equal(waiting.size, 1);
        socket.destroy();
        await until(() => waiting.size === 0);
        await wait(50);
        assert.deepEqual([asked, waiting.size], [1, 0]);
      });
    }

    it('closes a connection with more requests than any program sends', async () => {
      await closed(start('GET /versions', 100));
      await until(() => waiting.size === 0);
      assert.ok(asked <= 1);
    });

    it('responds in order', async () => {
      const socket = open(port);
      socket.write(get(host, auth).repeat(10) + get(host, auth, 'Connection: close'));
      let text = '';
      socket.on('data', (chunk) => (text += String(chunk)));
      await closed(socket);
      assert.equal(text.match(/HTTP\/1\.1 200/g)?.length, 11);
    });
  });

  describe('lets nobody log in', () => {
    const login = async (body: string, type = 'application/x-www-form-urlencoded') => {
      const request = head(
        'POST /api/4.0/login HTTP/1.1',
        host,
        `Content-Type: ${type}`,
        `Content-Length: ${Buffer.byteLength(body)}`,
      );
      return (await sendRaw(port, request + body)).status;
    };
    const bodies = (): Readonly<Record<string, string>> => {
      const { clientId, clientSecret } = one.broker.address;
      return {
        'with a wrong secret before the right one': `client_id=${clientId}&client_secret=a&client_secret=${clientSecret}`,
        'with a wrong ID before the right one': `client_id=a&client_id=${clientId}&client_secret=${clientSecret}`,
        'with lists': `client_id[]=${clientId}&client_secret[]=${clientSecret}`,
        'with a secret that ends too early': `client_id=${clientId}&client_secret=${clientSecret.slice(0, -1)}`,
        'with a secret and a NUL': `client_id=${clientId}&client_secret=${clientSecret}%00`,
        'with the key of the account': `client_id=${looker.apiKeyOf('Ada').clientId}&client_secret=${looker.apiKeyOf('Ada').clientSecret}`,
        'with nothing': '',
      };
    };
    for (const what of [
      'with a wrong secret before the right one',
      'with a wrong ID before the right one',
      'with lists',
      'with a secret that ends too early',
      'with a secret and a NUL',
      'with the key of the account',
      'with nothing',
    ]) {
      it(what, async () => {
        assert.equal(await login(bodies()[what] ?? assert.fail()), 401);
        nothingReachedLooker();
      });
    }

    it('with invalid JSON, or with JSON of other types', async () => {
      for (const body of ['{', '[]', '{"client_id":{"$ne":1},"client_secret":{"$ne":1}}', 'null']) {
        assert.equal(await login(body, 'application/json'), 401);
      }
      nothingReachedLooker();
    });
  });

  describe('has a limit', () => {
    it('for the length of a login', async () => {
      const body = `client_id=${'a'.repeat(10_000)}`;
      const request = head('POST /login HTTP/1.1', host, `Content-Length: ${body.length}`) + body;
      assert.equal((await sendRaw(port, request)).status, 413);
      const chunk = `${(8000).toString(16)}\r\n${'a'.repeat(8000)}\r\n`;
      const chunked =
        head('POST /login HTTP/1.1', host, 'Transfer-Encoding: chunked') + chunk.repeat(3);
      assert.equal((await sendRaw(port, chunked)).status, 413);
    });

    it('for an unwanted body: it closes the connection without reading the rest', async () => {
      const socket = open(port);
      const isClosed = closed(socket);
      socket.write(head('POST /api/4.0/looks HTTP/1.1', host, 'Content-Length: 1000000000'));
      const flood = setInterval(() => socket.writable && socket.write('a'.repeat(65_536)), 1);
      await isClosed;
      clearInterval(flood);
      nothingReachedLooker();
    });

    it('for a head that never ends, and for a silent connection', async () => {
      const slow = open(port);
      slow.write('GET /api/4.0/user HTTP/1.1\r\nX-A: b');
      await Promise.all([closed(slow), closed(open(port))]);
    });

    it('for the body of a request that is refused', async () => {
      const slow = open(port);
      slow.write(head('POST /api/4.0/looks HTTP/1.1', host, 'Content-Length: 60000') + '{');
      assert.match(await readAll(slow), /^HTTP\/1\.1 401 /);
      await closed(slow);
    });

    it('only for strangers if they use all connections', async () => {
      const slow = head('POST /api/4.0/login HTTP/1.1', host, 'Content-Length: 9') + 'client_id';
      const refused = get(host);
      for (const begun of ['', slow, refused]) {
        const strangers = Array.from({ length: 25 }, () => open(port));
        for (const stranger of strangers) stranger.write(begun);
        await wait(100);
        assert.equal((await sendRaw(port, get(host, auth))).status, 200);
        for (const stranger of strangers) stranger.destroy();
      }
    });

    it('for strangers, and closes no connection of a program with a token in their favor', async () => {
      const programs = Array.from({ length: 15 }, () => open(port));
      const answered = programs.map((program) => readAll(program));
      for (const program of programs) program.write(get(host, auth));
      await Promise.all(answered);
      const strangers = Array.from({ length: 40 }, () => open(port));
      await until(() => strangers.filter(({ destroyed }) => destroyed).length >= 35);
      for (const stranger of strangers) stranger.destroy();
      assert.ok(programs.every(({ destroyed }) => !destroyed));
      for (const program of programs) program.destroy();
    });

    it('for the number of connections', async () => {
      const sockets = Array.from({ length: 40 }, () => open(port));
      await until(() => sockets.filter(({ destroyed }) => destroyed).length >= 20);
      for (const socket of sockets) socket.destroy();
    });
  });

  it('refuses a request that waits for 100 Continue, without its body', async () => {
    const socket = open(port);
    const expect = ['Content-Length: 100000', 'Expect: 100-continue'];
    socket.write(head('POST /api/4.0/looks HTTP/1.1', host, ...expect));
    let text = '';
    socket.on('data', (chunk) => (text += String(chunk)));
    await closed(socket);
    assert.deepEqual(text.match(/HTTP\/1\.1 \d+/g)?.at(-1), 'HTTP/1.1 401');
    nothingReachedLooker();
  });

  it('survives connections that are reset while it refuses a protocol upgrade', async () => {
    const requests = [
      head('CONNECT acme.cloud.looker.com:443 HTTP/1.1', host),
      get(host, auth, 'Connection: Upgrade', 'Upgrade: websocket'),
    ];
    for (const request of requests.flatMap((one) => Array.from({ length: 20 }, () => one))) {
      const socket = open(port);
      await once(socket, 'connect');
      socket.write(request, () => socket.resetAndDestroy());
      await closed(socket);
    }
    assert.equal((await sendRaw(port, get(host, auth))).status, 200);
  });

  it("logs once why https doesn't work", async () => {
    for (let i = 0; i < 3; i++) {
      const socket = connectTls({ port, host: '127.0.0.1', rejectUnauthorized: false });
      await new Promise((resolve) => socket.once('error', resolve).once('close', resolve));
    }
    const hints = one.log.filter((line) => line.includes('looker-cli needs --ssl=false'));
    assert.equal(hints.length, 1);
  });

  it('is silent once it has been closed, and disconnects everyone', async () => {
    const idle = open(port);
    const reading = readAll(idle);
    idle.write(get(host, auth));
    await reading;
    const isClosed = closed(idle);
    await one.broker.close();
    await isClosed;
    assert.equal((await sendRaw(port, get(host, auth))).status, 0);
  });
});
