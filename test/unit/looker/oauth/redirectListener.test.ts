import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, createServer, type AddressInfo } from 'node:net';
import os from 'node:os';
import {
  listenForRedirect,
  type Receive,
  type RedirectListener,
} from '../../../../src/looker/oauth/redirectListener';
import type { RedirectPage } from '../../../../src/looker/oauth/redirectPage';
import { closed, head, open, readAll, sendRaw } from '../../../support/rawHttp';

const PAGE: RedirectPage = { title: 'Done', text: 'You can go.', language: 'en', isSuccess: true };
const FOREIGN: RedirectPage = { ...PAGE, title: 'Foreign', isSuccess: false };

/** Sends raw bytes to the port of a browser login. */
describe('the listener for the redirect', () => {
  let port: number;
  let listener: RedirectListener;
  let received: string[];
  let receive: Receive;
  const listen = async (requestMs?: number) => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    ({ port } = server.address() as AddressInfo);
    server.close();
    await once(server, 'close');
    const uri = `http://127.0.0.1:${port}/looker-auth`;
    const note: Receive = (address) => {
      received.push(address);
      return receive(address);
    };
    listener = (await listenForRedirect([uri], note, FOREIGN, requestMs)) ?? assert.fail();
  };
  beforeEach(async () => {
    received = [];
    receive = () => Promise.resolve(undefined);
    await listen();
  });
  afterEach(() => {
    listener.close(true);
  });

  const host = () => `Host: 127.0.0.1:${port}`;
  const target = '/looker-auth?code=abc&state=xyz';

  it('requires exactly one Host header, with its own host', async () => {
    const get = `GET ${target} HTTP/1.1`;
    const wrong = [
      head(get),
      head(get, 'Host:'),
      head(get, 'Host: evil.test'),
      head(get, `Host: evil.test:${port}`),
      head(get, 'Host: 127.0.0.1'),
      head(get, `Host: localhost:${port}`),
      head(get, `Host: [::1]:${port}`),
      head(get, `Host: 127.0.0.1:${port}.evil.test`),
      head(get, `Host: 127.0.0.1:${port}, evil.test`),
      head(get, host(), 'Host: evil.test'),
      head(get, 'Host: evil.test', host()),
      head(get, host(), host()),
      head(`GET ${target} HTTP/1.0`),
    ];
    for (const bytes of wrong) {
      const { status } = await sendRaw(port, bytes);
      assert.ok([400, 421, 505].includes(status), `${status} to ${bytes}`);
    }
    assert.deepEqual(received, []);
  });

  it('accepts only GET on exactly its path', async () => {
    const wrong: readonly [bytes: string, statuses: readonly number[]][] = [
      [head(`POST ${target} HTTP/1.1`, host(), 'Content-Length: 3') + 'a=b', [405]],
      [head(`PUT ${target} HTTP/1.1`, host(), 'Content-Length: 999999999999'), [405]],
      [head(`HEAD ${target} HTTP/1.1`, host()), [405]],
      [head(`OPTIONS ${target} HTTP/1.1`, host()), [405]],
      [head(`DELETE ${target} HTTP/1.1`, host()), [405]],
      [head('OPTIONS * HTTP/1.1', host()), [404]],
      [head(`CONNECT 127.0.0.1:${port} HTTP/1.1`, host()), [0]],
      [head(`GET http://127.0.0.1:${port}${target} HTTP/1.1`, host()), [404]],
      [head(`GET http://evil.test${target} HTTP/1.1`, host()), [404]],
      [head(`GET /${target} HTTP/1.1`, host()), [404]],
      [head(`GET /x/..${target} HTTP/1.1`, host()), [404]],
      [head('GET /looker-auth/?state=xyz HTTP/1.1', host()), [404]],
      [head('GET /looker%2Dauth?state=xyz HTTP/1.1', host()), [404]],
      [head('GET /LOOKER-AUTH?state=xyz HTTP/1.1', host()), [404]],
      [head(`GET ${target}`, host()), [400, 505]],
      [head(`GET ${target} HTTP/1.0`, host()), [505]],
      ['\x16\x03\x01\x02\x00\x01\x00\x01', [400]],
    ];
    for (const [bytes, statuses] of wrong) {
      const { status } = await sendRaw(port, bytes);
      assert.ok(statuses.includes(status), `${status} to ${bytes}`);
    }
    assert.deepEqual(received, []);
    assert.equal((await sendRaw(port, head(`GET ${target} HTTP/1.1`, host()))).status, 400);
    assert.deepEqual(received, [`http://127.0.0.1:${port}${target}`]);
  });

  it('responds to one request per connection', async () => {
    const one = head(`GET ${target} HTTP/1.1`, host());
    await sendRaw(port, one + one + one);
    assert.equal(received.length, 1);
  });

  it('rejects heads that are too large', async () => {
    for (const bytes of [
      head(`GET ${target} HTTP/1.1`, host(), `X-A: ${'a'.repeat(100_000)}`),
      head(`GET ${target}${'a'.repeat(100_000)} HTTP/1.1`, host()),
      head(`GET ${target} HTTP/1.1`, host(), ...Array<string>(20_000).fill('X: y')),
    ]) {
      const { status } = await sendRaw(port, bytes);
      assert.ok([0, 431].includes(status), String(status));
    }
    assert.deepEqual(received, []);
  });

  it('disconnects clients that send slowly, or nothing', async () => {
    listener.close(true);
    await listen(500);
    const slow = open(port);
    slow.write(`GET ${target} HTTP/1.1\r\nX-`);
    const dripping = setInterval(() => slow.write('a'), 200);
    const idle = open(port);
    try {
      const [{ status }] = await Promise.all([
        sendRaw(port, '\r\n\r\n\r\n'),
        closed(slow),
        closed(idle),
      ]);
      assert.ok([0, 408].includes(status), String(status));
    } finally {
      clearInterval(dripping);
    }
    assert.deepEqual(received, []);
  });

  it('limits the number of connections, and works again once they are closed', async () => {
    const many = Array.from({ length: 200 }, () => open(port));
    await Promise.all(many.slice(40).map(closed));
    const held = many.filter(({ destroyed }) => !destroyed);
    assert.ok(held.length <= 32, String(held.length));
    for (const socket of held) socket.destroy();
    receive = () => Promise.resolve(PAGE);
    let status = 0;
    while (status !== 200) {
      ({ status } = await sendRaw(port, head(`GET ${target} HTTP/1.1`, host())));
    }
  });

  it('closes at once, except for a connection that waits for the page', async () => {
    let answer: ((page: RedirectPage) => void) | undefined;
    receive = () => new Promise((resolve) => (answer = resolve));
    const waiting = open(port);
    waiting.write(head(`GET ${target} HTTP/1.1`, host()));
    const page = readAll(waiting);
    const others = [open(port), open(port)];
    others[0]?.write(`GET ${target} HTTP/1.1\r\nX-`);
    await Promise.all(others.map((socket) => once(socket, 'connect')));
    while (!answer) await new Promise(setImmediate);
    listener.close();
    await Promise.all(others.map(closed));
    const late = open(port);
    await closed(late);
    answer(PAGE);
    assert.match(await page, /^HTTP\/1\.1 200 .*You can go/s);
    await closed(waiting);
  });

  it('listens on a single address of this machine', async () => {
    const own = Object.values(os.networkInterfaces()).flatMap((each) => each ?? []);
    const others = ['127.0.0.2', '::1', ...own.map(({ address }) => address)];
    for (const address of others.filter((each) => each !== '127.0.0.1')) {
      const socket = connect({ port, host: address });
      const outcome = await once(socket, 'connect').catch(() => 'refused');
      socket.destroy();
      assert.equal(outcome, 'refused', address);
    }
  });

  it('reveals nothing to a page of another site, and does nothing for it', async () => {
    const asking = ['Origin: https://evil.test', 'Sec-Fetch-Site: cross-site'];
    const guess = head(`GET /looker-auth?state=guess HTTP/1.1`, host(), ...asking);
    const { status, text } = await sendRaw(port, guess);
    assert.equal(status, 400);
    assert.doesNotMatch(text, /access-control|guess/i);
    for (const header of [
      'Cross-Origin-Resource-Policy: same-origin',
      'Cross-Origin-Opener-Policy: same-origin',
      'X-Frame-Options: DENY',
      'Cache-Control: no-store',
      'Referrer-Policy: no-referrer',
    ]) {
      assert.ok(text.includes(header), header);
    }
    const preflight = head(`OPTIONS ${target} HTTP/1.1`, host(), ...asking);
    assert.equal((await sendRaw(port, preflight)).status, 405);
  });
});
