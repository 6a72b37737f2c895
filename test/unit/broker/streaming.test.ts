import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, request as httpRequest, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { gzipSync } from 'node:zlib';
import { Broker, type BrokerParts } from '../../../src/broker/broker';
import { StandInLooker } from '../../standIn/standInLooker';
import { openBroker } from '../../support/openBroker';
import { streamFor } from '../../support/nodeFetch';
import { head, open as openSocket, readAll, sendRaw } from '../../support/rawHttp';
import { until } from '../../support/until';

const MB = 1024 * 1024;

describe('a streaming broker', () => {
  let instance: Server;
  let broker: Broker;
  let url: string;

  /** An instance that runs this for each request, with a broker in front of it. */
  const serve = async (listener: RequestListener, parts: Partial<BrokerParts> = {}) => {
    instance = createServer(listener).listen(0, '127.0.0.1');
    await once(instance, 'listening');
    const baseUrl = `http://127.0.0.1:${(instance.address() as AddressInfo).port}`;
    const lease = { token: 'a-token-of-looker', timeLeft: () => 3_600_000 };
    broker = await Broker.open({
      instance: { baseUrl, plainHttp: false, fetch: streamFor(baseUrl) },
      minting: {
        mint: () => Promise.resolve(lease),
        shared: () => Promise.resolve(lease),
        rejected: () => Promise.resolve(),
        revoke: () => Promise.resolve(),
      },
      log: { info: () => undefined, warn: () => undefined },
      apiVersion: '4.0',
      steady: Date.now,
      ...parts,
    });
    url = `http://127.0.0.1:${broker.address.port}/api/4.0/looks`;
  };
  const headers = () => ({ Authorization: `token ${broker.address.accessToken}` });
  const ask = (init: RequestInit = {}) => fetch(url, { ...init, headers: headers() });
  const post = () => httpRequest(url, { method: 'POST', headers: headers() });

  afterEach(async () => {
    await broker.close();
    instance.closeAllConnections();
    instance.close();
  });

  it('passes on a large result without buffering it', async function () {
    this.timeout(60_000);
    const bytes = 200 * MB;
    const piece = Buffer.alloc(64 * 1024, 'a');
    await serve((_request, response) => {
      void pipeline(Readable.from(pieces(piece, bytes)), response);
    });
    const memory = () => {
      const { heapUsed, external } = process.memoryUsage();
      return heapUsed + external;
    };
    let read = 0;
    let most = 0;
    const atFirst = memory();
    for await (const chunk of (await ask()).body ?? []) {
      read += (chunk as Uint8Array).length;
      most = Math.max(most, memory() - atFirst);
    }
    assert.equal(read, bytes);
    assert.ok(most < 100 * MB, `${Math.round(most / MB)} MB`);
  });

  it('reads no faster than the program', async () => {
    let written = 0;
    await serve((_request, response) => {
      const piece = Buffer.alloc(64 * 1024);
      const more = () => {
        while (written < 500 * MB) {
          written += piece.length;
          if (!response.write(piece)) {
            response.once('drain', more);
            return;
          }
        }
      };
      more();
    });
    const socket = openSocket(broker.address.port);
    socket.write(
      head(
        'GET /api/4.0/looks HTTP/1.1',
        `Host: 127.0.0.1:${broker.address.port}`,
        `Authorization: ${headers().Authorization}`,
      ),
    );
    socket.pause();
    await until(() => written > MB);
    let last = -1;
    while (last !== written) {
      last = written;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    assert.ok(written < 100 * MB, `${Math.round(written / MB)} MB`);
    socket.destroy();
  });

  it('passes on each chunk at once, in both directions', async () => {
    await serve((request, response) => {
      // Echoes the body at once.
      request.pipe(response);
    });
    const sent = post();
    sent.write('one');
    const [response] = (await once(sent, 'response')) as [Readable];
    assert.equal(String(((await once(response, 'data')) as [Buffer])[0]), 'one');
    sent.write('two');
    assert.equal(String(((await once(response, 'data')) as [Buffer])[0]), 'two');
    sent.end();
    await once(response, 'end');
  });

  it('waits for a long query, without a time limit of its own', async () => {
    await serve((_request, response) => setTimeout(() => response.end('[]'), 800), {
      limits: { headMs: 200, connections: 20 },
    });
    assert.equal(await (await ask()).text(), '[]');
  });

  it('leaves compressed content and its length unchanged', async () => {
    const squeezed = gzipSync('x'.repeat(10_000));
    await serve((request, response) => {
      assert.equal(request.headers['accept-encoding'], 'gzip');
      response.writeHead(200, { 'Content-Encoding': 'gzip', 'Content-Length': squeezed.length });
      response.end(squeezed);
    });
    const sent = httpRequest(url, { headers: { ...headers(), 'Accept-Encoding': 'gzip' } }).end();
    const [response] = (await once(sent, 'response')) as [import('node:http').IncomingMessage];
    assert.equal(response.headers['content-length'], String(squeezed.length));
    const chunks: Buffer[] = [];
    for await (const chunk of response) chunks.push(chunk as Buffer);
    assert.deepEqual(Buffer.concat(chunks), squeezed);
  });

  it('requests nothing compressed unless the program does', async () => {
    await serve((request, response) => response.end(request.headers['accept-encoding'] ?? 'none'));
    const sent = httpRequest(url, { headers: headers() }).end();
    const [response] = (await once(sent, 'response')) as [Readable];
    assert.equal(String(((await once(response, 'data')) as [Buffer])[0]), 'none');
  });

  it('passes on the length of a body, and bodies without a length', async () => {
    await serve((request, response) => {
      const { 'content-length': length, 'transfer-encoding': coding } = request.headers;
      request.resume().on('end', () => response.end(`${length} ${coding}`));
    });
    assert.equal(await (await ask({ method: 'POST', body: 'abc' })).text(), '3 undefined');
    const sent = post();
    sent.write('abc');
    sent.end();
    const [response] = (await once(sent, 'response')) as [Readable];
    assert.equal(String(((await once(response, 'data')) as [Buffer])[0]), 'undefined chunked');
  });

  for (const method of ['POST', 'PUT', 'PATCH', 'DELETE']) {
    for (const [what, header] of Object.entries({
      'without a length': undefined,
      'with a length for one connection': 'Connection: close, content-length',
    })) {
      it(`says where the body of a ${method} ends: ${what}`, async () => {
        const seen: string[] = [];
        await serve((request, response) => {
          let body = '';
          request.on('data', (chunk) => (body += String(chunk)));
          request.on('end', () => {
            seen.push(`${request.method} ${request.url} ${body}`);
            response.end();
          });
        });
        const { port } = broker.address;
        const hidden = head('GET /hidden HTTP/1.1', 'Host: looker.example');
        const length = hidden.length;
        await sendRaw(
          port,
          head(
            `${method} /api/4.0/looks HTTP/1.1`,
            `Host: 127.0.0.1:${port}`,
            `Authorization: ${headers().Authorization}`,
            ...(header ? [header, `Content-Length: ${length}`] : ['Transfer-Encoding: chunked']),
          ) + (header ? hidden : `${length.toString(16)}\r\n${hidden}\r\n0\r\n\r\n`),
        );
        // On the same connection to the instance, where a hidden response would come first.
        await ask();
        assert.deepEqual(seen, [`${method} /api/4.0/looks ${hidden}`, 'GET /api/4.0/looks ']);
      });
    }
  }

  it('knows responses without a body', async () => {
    await serve((request, response) => {
      if (request.method === 'HEAD') response.writeHead(200, { 'Content-Length': 7 });
      else response.writeHead(request.method === 'DELETE' ? 204 : 304, { ETag: '"a"' });
      response.end();
    });
    const asked = await ask({ method: 'HEAD' });
    assert.deepEqual([asked.status, asked.headers.get('content-length')], [200, '7']);
    assert.equal((await ask({ method: 'DELETE' })).status, 204);
    const unchanged = await ask();
    assert.deepEqual([unchanged.status, unchanged.headers.get('etag')], [304, '"a"']);
  });

  describe('cancels the request to the instance once the program is gone', () => {
    const stops = (what: string, listener: RequestListener, leave: () => Promise<void>) => {
      it(what, async () => {
        let isStopped = false;
        await serve((request, response) => {
          response.once('close', () => {
            isStopped = true;
          });
          listener(request, response);
        });
        await leave();
        await until(() => isStopped);
      });
    };
    const leaving = async (start: (signal: AbortSignal) => Promise<unknown>) => {
      const gone = new AbortController();
      const asked = start(gone.signal);
      await new Promise((resolve) => instance.once('request', resolve));
      gone.abort();
      await assert.rejects(asked);
    };
    stops(
      'before it has answered',
      () => undefined,
      () => leaving((signal) => ask({ signal })),
    );
    stops(
      'in the middle of the answer',
      (_request, response) => response.write('['),
      () => leaving(async (signal) => (await ask({ signal })).text()),
    );
    stops(
      'in the middle of a body',
      (request) => request.resume(),
      async () => {
        const sent = post();
        sent.on('error', () => undefined);
        sent.write('abc');
        await once(instance, 'request');
        sent.destroy();
      },
    );
    stops(
      'because the terminal is closed',
      (_request, response) => response.write('['),
      async () => {
        const response = await ask();
        await broker.close();
        await assert.rejects(response.text());
      },
    );
  });

  it("cuts off the program's response if the instance's is cut off", async () => {
    await serve((request, response) => {
      if (request.headers['x-looker-appid']) response.setHeader('Content-Length', 100);
      response.write('[1', () => request.socket.destroy());
    });
    await assert.rejects(async () => (await ask()).text());
    await assert.rejects(async () =>
      (await fetch(url, { headers: { ...headers(), 'x-looker-appid': 'a' } })).text(),
    );
  });

  it('explains why there is no response', async () => {
    await serve((request) => request.socket.destroy());
    const response = await ask();
    assert.equal(response.status, 502);
    assert.match(((await response.json()) as { message: string }).message, /127\.0\.0\.1/);
    const posted = await ask({ method: 'POST', body: 'a'.repeat(MB) });
    assert.equal(posted.status, 502);
  });

  it('passes on a response that arrives before the body has been sent', async () => {
    await serve((_request, response) => {
      response.writeHead(413, { 'Content-Length': 2, Connection: 'close' });
      response.end('{}');
    });
    const { port } = broker.address;
    const socket = openSocket(port);
    socket.write(
      head(
        'POST /api/4.0/looks HTTP/1.1',
        `Host: 127.0.0.1:${port}`,
        `Authorization: ${headers().Authorization}`,
        'Content-Length: 1000000',
      ) + 'the beginning',
    );
    assert.match(await readAll(socket), /^HTTP\/1\.1 413 /);
    socket.destroy();
  });
});

describe('a broker for an instance with its own certificate', () => {
  let looker: StandInLooker;

  beforeEach(async () => {
    looker = await StandInLooker.start({ https: true });
  });

  afterEach(() => looker.stop());

  const open = (isTrusted: boolean) => {
    const { baseUrl, certificate = '' } = looker;
    const fetch = streamFor(baseUrl, isTrusted ? { caCertificates: [certificate] } : undefined);
    const lease = { token: 'none', timeLeft: () => 1e6 };
    const none = () => Promise.resolve();
    return openBroker(
      looker,
      { name: 'Ada' },
      {
        instance: { baseUrl, plainHttp: false, fetch },
        minting: {
          mint: () => Promise.resolve(lease),
          shared: () => Promise.resolve(lease),
          rejected: none,
          revoke: none,
        },
      },
    );
  };

  it('reaches the instance if the certificate is trusted', async () => {
    const { broker, url } = await open(true);
    assert.equal((await fetch(`${url}/versions`)).status, 200);
    await broker.close();
  });

  it("sends nothing if the certificate isn't trusted", async () => {
    const { broker, url } = await open(false);
    const response = await fetch(`${url}/versions`);
    assert.equal(response.status, 502);
    assert.match(((await response.json()) as { message: string }).message, /certificate/);
    assert.equal(looker.requests.length, 0);
    await broker.close();
  });
});

function* pieces(piece: Buffer, bytes: number): Generator<Buffer> {
  for (let left = bytes; left > 0; left -= piece.length)
    yield piece.subarray(0, Math.min(left, piece.length));
}
