import assert from 'node:assert/strict';
import { once } from 'node:events';
import net, { type AddressInfo } from 'node:net';
import { CanceledError } from '../../../../src/looker/errors/expectedError';
import { TimeoutError, UnreachableError } from '../../../../src/looker/errors/network';
import {
  InterceptedError,
  NotLookerApiError,
  ApiElsewhereError,
  RedirectedError,
} from '../../../../src/looker/errors/notLooker';
import { ServerError } from '../../../../src/looker/errors/response';
import { UntrustedCertificateError } from '../../../../src/looker/errors/tls';
import { otherUsualUrl, probe, type ProbeOptions } from '../../../../src/looker/api/probe';
import { StandInLooker, type FaultKind } from '../../../standIn/standInLooker';
import { lookerApi } from '../../../support/lookerApi';

describe('looking for Looker', () => {
  let looker: StandInLooker;
  let other: StandInLooker;
  let dead: string;

  before(async () => {
    looker = await StandInLooker.start({ release: '26.12.3' });
    other = await StandInLooker.start({ release: '7.20.1', apiVersions: ['3.0', '3.1'] });
    dead = await deadBaseUrl();
  });
  after(() => Promise.all([looker.stop(), other.stop()]));
  afterEach(() => {
    looker.clearFaults();
    other.clearFaults();
  });

  const look = (baseUrl: string, options: Partial<ProbeOptions> = {}, signal = never()) =>
    probe(
      baseUrl,
      {
        connect: (baseUrl, apiVersion) => lookerApi(baseUrl, { apiVersion, timeoutMs: 400 }),
        configuredVersion: () => undefined,
        otherUrl: () => undefined,
        ...options,
      },
      signal,
    );
  const hideVersions = (kind: FaultKind) => {
    looker.fault({ path: '/versions', kind });
  };

  it('returns the release, the API versions and the one to use, and sends nothing secret', async () => {
    const asked = looker.requests.length;
    const found = await look(looker.baseUrl);
    assert.deepEqual(found, {
      baseUrl: looker.baseUrl,
      apiVersion: '4.0',
      release: {
        release: '26.12.3',
        apiVersions: ['4.0', '3.1', '3.0'],
        webUrl: looker.baseUrl,
      },
      isLooker: true,
    });
    assert.deepEqual(
      looker.requests
        .slice(asked)
        .map(({ method, path, form, token }) => [method, path, form, token]),
      [['GET', '/versions', {}, undefined]],
    );
  });

  it('prefers the configured API version', async () => {
    const found = await look(looker.baseUrl, { configuredVersion: () => '3.1' });
    assert.equal(found.apiVersion, '3.1');
  });

  it('chooses the best version an old server lists', async () => {
    assert.equal((await look(other.baseUrl)).apiVersion, '3.1');
  });

  for (const [how, kind] of [
    ['with a page', { is: 'html', status: 404 }],
    ['with a refusal', { is: 'refusal', status: 403 }],
    ['by redirecting to its sign-in page', { is: 'redirect', to: '/login' }],
  ] as const) {
    it(`recognizes a Looker that hides its versions ${how} by its own error`, async () => {
      hideVersions(kind);
      const { isLooker, apiVersion, release } = await look(looker.baseUrl);
      assert.deepEqual([isLooker, apiVersion, release], [true, '4.0', undefined]);
    });
  }

  for (const [how, kind] of [
    ['sends something else', { is: 'json', status: 200, body: { ok: true } }],
    ['sends a refusal', { is: 'refusal', status: 403 }],
    ['is rate-limiting requests', { is: 'rateLimited', retryAfter: '60' }],
  ] as const) {
    it(`doesn't recognize a server that ${how}`, async () => {
      looker.fault({ kind });
      assert.equal((await look(looker.baseUrl)).isLooker, false);
    });
  }

  const failures: [what: string, kind: FaultKind, error: new (...args: never[]) => Error][] = [
    ['pages', { is: 'html', status: 200, page: 'login' }, NotLookerApiError],
    ['pages that are not found', { is: 'html', status: 404 }, NotLookerApiError],
    ['a gateway without Looker', { is: 'html', status: 502 }, ServerError],
    [
      'a redirect to another host',
      { is: 'redirect', to: 'https://other.example/' },
      RedirectedError,
    ],
    ['a sign-in page for every request', { is: 'redirect', to: '/login' }, RedirectedError],
    ['a firewall in front of it', { is: 'html', status: 403 }, InterceptedError],
    [
      'a firewall in front of it that sends an error',
      { is: 'text', status: 503, body: '<title>Web Page Blocked</title>' },
      InterceptedError,
    ],
    [
      'a gateway in front of it',
      { is: 'json', status: 401, body: { message: 'No key' } },
      InterceptedError,
    ],
    ['nothing to send and keeps the connection open', { is: 'halfOpen' }, TimeoutError],
    ['a connection that is reset', { is: 'reset' }, UnreachableError],
  ];
  for (const [what, kind, error] of failures) {
    it(`fails if the server has ${what}`, async () => {
      looker.fault({ kind });
      await assert.rejects(look(looker.baseUrl), error);
    });
  }

  it('leaves web pages to the login if an API version is configured', async () => {
    looker.fault({ kind: { is: 'html', status: 404 } });
    const found = await look(looker.baseUrl, { configuredVersion: () => '3.0' });
    assert.deepEqual([found.isLooker, found.apiVersion], [false, '3.0']);
  });

  describe('if the server names the URL of its API', () => {
    const namesApi = (apiUrl: unknown) => {
      looker.fault({
        path: '/versions',
        kind: {
          is: 'json',
          status: 200,
          body: { supported_versions: [{ version: '4.0' }], api_server_url: apiUrl },
        },
      });
    };
    const isWebServer = (kind: FaultKind = { is: 'html', status: 404 }) => {
      looker.fault({ path: /^\/api\//, kind });
    };
    const askedOfApi = () => other.requests.length;

    for (const [what, kind] of [
      ['has no API', { is: 'html', status: 404 }],
      ['redirects to its sign-in page', { is: 'redirect', to: '/login' }],
      ['always shows its sign-in page', { is: 'html', status: 200, page: 'login' }],
    ] as const) {
      it(`offers that if it ${what} itself, and sends nothing there`, async () => {
        namesApi(other.baseUrl);
        isWebServer(kind);
        const before = askedOfApi();
        await assert.rejects(look(looker.baseUrl), (error: Error) => {
          assert.ok(error instanceof ApiElsewhereError);
          assert.equal(error.otherBaseUrl, other.baseUrl);
          return true;
        });
        assert.equal(askedOfApi(), before);
      });
    }

    it('shows another host that it names for the API', async () => {
      namesApi('https://api.acme.example:19999/api/4.0');
      isWebServer();
      await assert.rejects(look(looker.baseUrl), {
        name: 'ApiElsewhereError',
        otherBaseUrl: 'https://api.acme.example:19999',
        message:
          /doesn't respond with Looker's API\. It says that the API is at api\.acme\.example:19999\.$/,
      });
    });

    it('stays if the API also responds here', async () => {
      namesApi('https://api.acme.example:19999');
      assert.equal((await look(looker.baseUrl)).baseUrl, looker.baseUrl);
    });

    for (const apiUrl of ['nonsense', '', 7, null, 'ftp://acme.example', 'file:///etc/passwd']) {
      it(`ignores ${JSON.stringify(apiUrl)}`, async () => {
        namesApi(apiUrl);
        isWebServer();
        assert.ok((await look(looker.baseUrl)).isLooker);
      });
    }
  });

  it('stops when canceled', async () => {
    looker.fault({ kind: { is: 'halfOpen' } });
    await assert.rejects(look(looker.baseUrl, {}, AbortSignal.timeout(50)), CanceledError);
  });

  it('offers HTTPS if a server on this machine has Looker there, and not over HTTP', async () => {
    assert.equal(otherUsualUrl('http://localhost:9999'), 'https://localhost:9999');
    for (const other of ['http://localhost', 'https://localhost:9999', 'http://acme.dev:9999']) {
      assert.equal(otherUsualUrl(other), undefined);
    }
    const secure = await StandInLooker.start({ https: true });
    const typed = secure.baseUrl.replace('https:', 'http:');
    await assert.rejects(look(typed, { otherUrl: otherUsualUrl }), {
      name: 'ApiElsewhereError',
      otherBaseUrl: secure.baseUrl,
      message: /doesn't respond with Looker's API over HTTP, but responds over HTTPS\.$/,
    });
    await secure.stop();
    assert.ok((await look(looker.baseUrl, { otherUrl: otherUsualUrl })).isLooker);
    await assert.rejects(look(dead, { otherUrl: otherUsualUrl }), UnreachableError);
  });

  describe('the other usual port', () => {
    const elsewhere = (baseUrl: string) => ({ otherUrl: () => baseUrl });

    it('is 19999 for 443, and the other way around, over HTTPS only', () => {
      assert.equal(otherUsualUrl('https://acme.dev'), 'https://acme.dev:19999');
      assert.equal(otherUsualUrl('https://acme.dev:19999'), 'https://acme.dev');
      assert.equal(otherUsualUrl('https://acme.dev:8443'), undefined);
      assert.equal(otherUsualUrl('http://acme.dev:19999'), undefined);
    });

    it('is offered if there is no response', async () => {
      await assert.rejects(look(dead, elsewhere(other.baseUrl)), (error: unknown) => {
        assert.ok(error instanceof ApiElsewhereError);
        assert.equal(error.otherBaseUrl, other.baseUrl);
        const { port } = new URL(other.baseUrl);
        assert.match(
          error.message,
          new RegExp(`doesn't respond with Looker's API, but port ${port} `),
        );
        return true;
      });
    });

    it('is offered if there are only web pages or a sign-in page', async () => {
      for (const kind of [
        { is: 'html', status: 200, page: 'login' },
        { is: 'redirect', to: '/login' },
      ] as const) {
        looker.clearFaults();
        looker.fault({ kind });
        await assert.rejects(look(looker.baseUrl, elsewhere(other.baseUrl)), ApiElsewhereError);
      }
    });

    it('is offered if its certificate still needs to be trusted', async () => {
      const secure = await StandInLooker.start({ https: true });
      await assert.rejects(look(dead, elsewhere(secure.baseUrl)), ApiElsewhereError);
      await assert.rejects(
        look(secure.baseUrl, elsewhere(secure.baseUrl)),
        UntrustedCertificateError,
      );
      await secure.stop();
    });

    it('is checked at the same time, so that the user waits once', async () => {
      looker.fault({ kind: { is: 'halfOpen' } });
      other.fault({ path: '/versions', kind: { is: 'slow', ms: 300 } });
      const started = performance.now();
      await assert.rejects(look(looker.baseUrl, elsewhere(other.baseUrl)), ApiElsewhereError);
      assert.ok(performance.now() - started < 650);
    });

    it("doesn't delay a response from Looker", async () => {
      other.fault({ kind: { is: 'halfOpen' } });
      const started = performance.now();
      assert.ok((await look(looker.baseUrl, elsewhere(other.baseUrl))).isLooker);
      assert.ok(performance.now() - started < 300);
    });

    it("isn't offered if there is no response there either, or no Looker", async () => {
      await assert.rejects(look(dead, elsewhere(dead)), UnreachableError);
      other.fault({ kind: { is: 'html', status: 200, page: 'login' } });
      await assert.rejects(look(dead, elsewhere(other.baseUrl)), UnreachableError);
    });
  });
});

function never(): AbortSignal {
  return new AbortController().signal;
}

async function deadBaseUrl(): Promise<string> {
  const gone = net.createServer().listen(0, '127.0.0.1');
  await once(gone, 'listening');
  const { port } = gone.address() as AddressInfo;
  gone.close();
  return `http://127.0.0.1:${port}`;
}
