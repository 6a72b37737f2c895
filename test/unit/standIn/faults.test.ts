import assert from 'node:assert/strict';
import { EventEmitter, once } from 'node:events';
import { setImmediate as nextTurn, setTimeout as wait } from 'node:timers/promises';
import { type FaultKind, StandInLooker } from '../../standIn/standInLooker';
import { ask, formOf, logIn, messageOf, until } from './ask';

describe('stand-in Looker: faults', () => {
  let looker: StandInLooker;
  beforeEach(async () => (looker = await StandInLooker.start()));
  afterEach(() => looker.stop());

  const askWith = (kind: FaultKind, what = 'GET /versions') => {
    looker.fault({ kind });
    return ask(looker, what);
  };

  /** Checks that nothing arrives for a while, and then only the end of the connection. */
  const silenceOf = async (owed: Promise<unknown> | undefined) => {
    assert.equal(await Promise.race([owed, wait(100, 'silence')]), 'silence');
    await Promise.all([looker.stop(), assert.rejects(owed ?? Promise.resolve())]);
  };

  it('html: the page for the status, or another', async () => {
    const pages = [
      [{ is: 'html', status: 404 }, 'Looker Not Found (404)'],
      [{ is: 'html', status: 502 }, 'Looker Unavailable'],
      [{ is: 'html', status: 200 }, 'Looker'],
      [{ is: 'html', status: 404, page: 'unavailable' }, 'Looker Unavailable'],
    ] as const;
    for (const [kind, title] of pages) {
      const answer = await askWith(kind);
      assert.equal(answer.status, kind.status);
      assert.match(String(answer.headers.get('content-type')), /^text\/html/);
      assert.equal(/<title>(.*)<\/title>/.exec(answer.text)?.[1], title);
      looker.clearFaults();
    }
  });

  it('json: any status, body and headers', async () => {
    const answer = await askWith({
      is: 'json',
      status: 503,
      body: { access_token: 42 },
      headers: { 'Retry-After': '5' },
    });
    assert.equal(answer.status, 503);
    assert.deepEqual(answer.json, { access_token: 42 });
    assert.equal(answer.headers.get('retry-after'), '5');
  });

  it('refusal: any status, in Looker’s own format', async () => {
    const answer = await askWith(
      { is: 'refusal', status: 403, message: 'No' },
      'GET /api/4.0/user',
    );
    assert.equal(answer.status, 403);
    assert.deepEqual(answer.json, {
      message: 'No',
      documentation_url: 'https://cloud.google.com/looker/docs/r/err/4.0/403/get/user',
    });
  });

  it('text: any status, body and headers', async () => {
    const answer = await askWith({
      is: 'text',
      status: 200,
      body: '{"broken',
      headers: { 'Content-Type': 'application/json' },
    });
    assert.deepEqual([answer.status, answer.text], [200, '{"broken']);
    assert.match(String(answer.headers.get('content-type')), /^application\/json/);
  });

  it('redirect: 302 or another', async () => {
    const moved = await askWith({ is: 'redirect', to: 'https://elsewhere.example/login' });
    assert.equal(moved.status, 302);
    assert.equal(moved.headers.get('location'), 'https://elsewhere.example/login');
    looker.clearFaults();
    assert.equal((await askWith({ is: 'redirect', to: '/', status: 308 })).status, 308);
  });

  it('slow: the correct response, late', async () => {
    const asked = performance.now();
    const { status } = await askWith({ is: 'slow', ms: 150 });
    assert.equal(status, 200);
    assert.ok(performance.now() - asked >= 145);
  });

  it('slow: acts even if the client is gone', async () => {
    looker.fault({ kind: { is: 'slow', ms: 50 } });
    const patience = new AbortController();
    const owed = fetch(`${looker.baseUrl}/api/4.0/login`, {
      method: 'POST',
      body: new URLSearchParams(formOf(looker.apiKeyOf('Ada'))),
      signal: patience.signal,
    });
    await until(() => looker.requests.length === 1);
    patience.abort();
    await assert.rejects(owed);
    await until(() => looker.liveTokens().length === 1);
  });

  it('held: the correct response, once something has happened', async () => {
    const held = new EventEmitter();
    looker.fault({ kind: { is: 'held', until: once(held, 'go') } });
    const owed = fetch(`${looker.baseUrl}/versions`);
    await until(() => looker.requests.length === 1);
    await nextTurn();
    assert.equal(looker.requests[0]?.status, undefined);
    held.emit('go');
    assert.equal((await owed).status, 200);
  });

  it('halfOpen: no response', async () => {
    looker.fault({ kind: { is: 'halfOpen' } });
    await silenceOf(fetch(`${looker.baseUrl}/versions`));
  });

  it('halfOpen: silence after the headers and a part of the body', async () => {
    looker.fault({ kind: { is: 'halfOpen', afterHeaders: true } });
    const response = await fetch(`${looker.baseUrl}/versions`);
    assert.equal(response.status, 200);
    const reader = response.body?.getReader();
    assert.equal((await reader?.read())?.done, false);
    await silenceOf(reader?.read());
  });

  it('reset: the connection is reset', async () => {
    await assert.rejects(askWith({ is: 'reset' }), { message: 'fetch failed' });
  });

  it('reset: the connection is reset during the response', async () => {
    looker.fault({ kind: { is: 'reset', afterHeaders: true } });
    const response = await fetch(`${looker.baseUrl}/versions`);
    assert.equal(response.status, 200);
    await assert.rejects(response.text(), { message: 'terminated' });
  });

  it('huge: the given number of bytes, as valid JSON', async () => {
    const { status, text, json } = await askWith({ is: 'huge', bytes: 1_000_000 });
    assert.equal(status, 200);
    assert.equal(text.length, 1_000_000);
    assert.equal(typeof json, 'string');
  });

  it("text: bytes that aren't text", async () => {
    const body = Buffer.from('{"a":1}', 'utf16le');
    looker.fault({ kind: { is: 'text', status: 200, body } });
    const response = await fetch(`${looker.baseUrl}/versions`);
    assert.deepEqual(Buffer.from(await response.arrayBuffer()), body);
  });

  it('gzipBomb: the given number of bytes once unpacked', async () => {
    const { headers, text } = await askWith({ is: 'gzipBomb', bytes: 1_000_000 });
    assert.equal(headers.get('content-encoding'), 'gzip');
    assert.equal(text.length, 1_000_000);
  });

  it('headers: the given number of headers', async () => {
    const { headers, json } = await askWith({ is: 'headers', count: 100 });
    assert.equal([...headers.keys()].filter((name) => name.startsWith('x-header-')).length, 100);
    assert.deepEqual(json, {});
  });

  it('rateLimited: 429 with the given Retry-After', async () => {
    const answer = await askWith({ is: 'rateLimited', retryAfter: '7' }, 'POST /api/4.0/login/2');
    assert.equal(answer.status, 429);
    assert.equal(answer.headers.get('retry-after'), '7');
    assert.deepEqual(answer.json, {
      message: messageOf(answer),
      documentation_url: 'https://cloud.google.com/looker/docs/r/err/4.0/429/post/login/:user_id',
    });
  });

  it("rateLimited: 503 with a date, counted from the response's date", async () => {
    const now = Date.parse('2001-02-03T04:05:06.789Z');
    const past = await StandInLooker.start({ now: () => now });
    past.fault({ kind: { is: 'rateLimited', status: 503, retryAfter: { afterMs: 2000 } } });
    const { status, headers } = await ask(past, 'POST /api/4.0/login');
    await past.stop();
    assert.equal(status, 503);
    assert.equal(headers.get('date'), 'Sat, 03 Feb 2001 04:05:06 GMT');
    assert.equal(headers.get('retry-after'), 'Sat, 03 Feb 2001 04:05:08 GMT');
  });

  it('are dated by the clock like everything else', async () => {
    const { headers } = await askWith({ is: 'html', status: 502 });
    assert.ok(Math.abs(Date.parse(String(headers.get('date'))) - Date.now()) < 5000);
  });

  describe('apply', () => {
    const BAD = { is: 'html', status: 502 } as const;
    const statusOf = async (what: string) => (await ask(looker, what)).status;

    it('only to the given method', async () => {
      looker.fault({ method: 'delete', kind: BAD });
      assert.equal(await statusOf('GET /versions'), 200);
      assert.equal(await statusOf('DELETE /api/4.0/logout'), 502);
    });

    it('only to paths with the given ending', async () => {
      looker.fault({ path: '/login', kind: BAD });
      assert.equal(await statusOf('POST /api/3.0/login'), 502);
      assert.equal(await statusOf('POST /api/4.0/login?client_id=x'), 502);
      assert.equal(await statusOf('POST /api/4.0/login/2'), 401);
    });

    it('only to matching paths', async () => {
      looker.fault({ path: /^\/api\/4\.0\//g, kind: BAD });
      assert.equal(await statusOf('GET /api/4.0/user'), 502);
      assert.equal(await statusOf('GET /api/4.0/user'), 502);
      assert.equal(await statusOf('GET /api/3.1/user'), 401);
    });

    it('the given number of times', async () => {
      looker.fault({ times: 2, kind: BAD });
      assert.deepEqual(
        [
          await statusOf('GET /versions'),
          await statusOf('GET /versions'),
          await statusOf('GET /versions'),
        ],
        [502, 502, 200],
      );
    });

    it('in the order of installation', async () => {
      looker.fault({ times: 1, kind: BAD });
      looker.fault({ times: 1, kind: { is: 'html', status: 404 } });
      assert.deepEqual(
        [
          await statusOf('GET /versions'),
          await statusOf('GET /versions'),
          await statusOf('GET /versions'),
        ],
        [502, 404, 200],
      );
    });

    it('until removed', async () => {
      const remove = looker.fault({ kind: BAD });
      looker.fault({ path: '/', kind: BAD });
      remove();
      remove();
      assert.equal(await statusOf('GET /versions'), 200);
      assert.equal(await statusOf('GET /'), 502);
      looker.clearFaults();
      assert.equal(await statusOf('GET /'), 200);
    });

    it('without affecting the tokens', async () => {
      const token = await logIn(looker, 'Ada');
      looker.fault({ path: '/logout', kind: BAD });
      await ask(looker, 'DELETE /api/4.0/logout', { token });
      assert.equal(looker.liveTokens().length, 1);
    });
  });
});
