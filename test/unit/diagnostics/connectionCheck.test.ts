import assert from 'node:assert/strict';
import { lookup, type LookupAddress, type LookupOptions } from 'node:dns';
import { EventEmitter, once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Server as ProxyServer } from 'proxy-chain';
import type { Accounts } from '../../../src/accounts/accounts';
import { runConnectionCheck } from '../../../src/diagnostics/connectionCheck';
import {
  STEPS,
  verdictOf,
  type CheckStep,
  type StepName,
} from '../../../src/diagnostics/checkStep';
import type { CheckOptions } from '../../../src/diagnostics/checkSteps';
import { certificateOf } from '../../../src/looker/tls/certificate';
import { serverClocks } from '../../../src/looker/clock';
import { CanceledError } from '../../../src/looker/errors/expectedError';
import type { Fetch } from '../../../src/looker/network/http';
import type { LookerApiOptions } from '../../../src/looker/api/lookerApiOptions';
import { checkReport } from '../../../src/vscode/diagnostics/checkContent';
import {
  blackHole,
  certificate,
  DAY_MS,
  deadPort,
  httpsStranger,
  lockedProxy,
  silentStranger,
  type Certificate,
  type Stranger,
} from '../../faults/servers';
import { StandInLooker, type StandInOptions } from '../../standIn/standInLooker';
import { authority, serverCertificate } from '../../support/certificates';
import { lookerApi, machineClock } from '../../support/lookerApi';
import { MemoryMemento } from '../../support/memoryMemento';
import { MemorySecrets } from '../../support/memorySecrets';
import { fetchFor } from '../../support/nodeFetch';
import { openAccounts } from '../../support/openAccounts';
import { until } from '../../support/until';
import { loginClient, codeFor } from '../looker/oauth/harness';

const NO_PROXY = { proxy: '', noProxy: [], isOff: false };
const ALL = 'passed passed passed passed skipped passed passed passed';

describe('a connection check', () => {
  let accounts: Accounts;
  let secrets: MemorySecrets;
  const lookers: StandInLooker[] = [];
  const strangers: { stop: () => Promise<unknown> }[] = [];

  beforeEach(async () => {
    secrets = new MemorySecrets();
    accounts = await openAccounts(secrets, new MemoryMemento());
  });
  afterEach(async () => {
    accounts.dispose();
    for (const { stop } of [...strangers.splice(0), ...lookers.splice(0).map(stoppable)]) {
      await stop();
    }
  });

  const start = async (options?: StandInOptions) => {
    const looker = await StandInLooker.start(options);
    lookers.push(looker);
    return looker;
  };
  const meet = async (stranger: Promise<Stranger>) => {
    strangers.push(await stranger);
    return (await stranger).port;
  };
  const logIn = (looker: StandInLooker, name: string, keepsKey = true) =>
    accounts.login(
      { baseUrl: looker.baseUrl, apiVersion: '4.0' },
      looker.apiKeyOf(name),
      undefined,
      { keepsKey },
    );
  const optionsFor = (
    options: Partial<CheckOptions>,
    api: Partial<LookerApiOptions> = {},
  ): CheckOptions => {
    const serverClock = serverClocks(machineClock);
    return {
      accounts,
      connect: (baseUrl, apiVersion) =>
        lookerApi(baseUrl, {
          apiVersion,
          timeoutMs: options.timeoutMs ?? 2000,
          serverClock: serverClock(baseUrl),
          ...api,
        }),
      proxy: NO_PROXY,
      env: {},
      timeoutMs: 2000,
      clock: machineClock,
      serverClock,
      usualPorts: [],
      ...options,
    };
  };
  /** Runs all steps. @returns their results, and everything reported on the way */
  const check = async (
    url: string,
    options: Partial<CheckOptions> = {},
    api?: Partial<LookerApiOptions>,
  ) => {
    const steps = new Map<StepName, CheckStep>();
    const told: CheckStep[] = [];
    const { signal } = new AbortController();
    for await (const step of runConnectionCheck(url, optionsFor(options, api), signal)) {
      told.push(step);
      steps.set(step.name, step);
    }
    const all = [...steps.values()];
    const report = checkReport(
      { asked: url, steps: all, isDone: true },
      { product: '1', vscode: '1', system: '', remote: undefined, time: new Date() },
    );
    return {
      told,
      report,
      outcomes: all.map(({ outcome }) => outcome).join(' '),
      verdict: verdictOf(all).sentence,
      of: (name: StepName) => all[STEPS.indexOf(name)] ?? assert.fail(name),
    };
  };

  it('goes through all steps, reports each at its start and end, and changes nothing', async () => {
    const looker = await start();
    await logIn(looker, 'Ada');
    await until(() => secrets.stored.has('lookerAuth.active'));
    const before = looker.liveTokens();
    const stored = new Map(secrets.stored);
    const { outcomes, told, verdict, of } = await check(` ${looker.baseUrl}/explore/x `);
    assert.equal(outcomes, ALL);
    assert.deepEqual(
      told.filter(({ outcome }) => outcome === 'running').map(({ name }) => name),
      STEPS,
    );
    assert.match(verdict, /^No problems found \([\d,]+ ms\)\.$/);
    assert.match(of('versions').sentence, /^Looker 26\.12\.3 with API 4\.0, 3\.1, 3\.0\.$/);
    assert.match(of('user').sentence, /^The token belongs to Ada Lovelace \(user ID 1\)\.$/);
    assert.deepEqual(looker.liveTokens(), before);
    assert.deepEqual(secrets.stored, stored);
    assert.ok(looker.requests.some(({ method, path }) => method + path === 'POST/api/4.0/login'));
  });

  it('reports that there is no account on the instance', async () => {
    const looker = await start();
    const other = await start();
    await logIn(other, 'Ada');
    const { outcomes, of } = await check(looker.baseUrl);
    assert.equal(outcomes, 'passed passed passed passed skipped passed skipped skipped');
    assert.match(of('login').sentence, /not logged in/);
  });

  it("tests only the token if the key wasn't saved", async () => {
    const looker = await start();
    await logIn(looker, 'Ada', false);
    const before = looker.requests.length;
    const { outcomes, of } = await check(looker.baseUrl);
    assert.equal(outcomes, 'passed passed passed passed skipped passed skipped passed');
    assert.match(of('login').sentence, /Ada Lovelace wasn't saved/);
    assert.deepEqual(
      looker.requests.slice(before).map(({ method, path }) => `${method} ${path}`),
      ['GET /versions', 'GET /api/4.0/user'],
    );
    looker.revokeTokens();
    assert.match((await check(looker.baseUrl)).verdict, /no longer accepts the token/);
  });

  for (const keepsLogin of [true, false]) {
    it(`tests only the token after a browser login that is ${keepsLogin ? '' : 'not '}saved, and says why`, async () => {
      const looker = await start();
      looker.registerClient(loginClient.clientId, [loginClient.redirectUri]);
      const received = { loginClient, ...(await codeFor(looker, 'ada@example.com')) };
      const target = { baseUrl: looker.baseUrl, apiVersion: '4.0' } as const;
      const ada = await accounts.loginWithBrowser(target, received, undefined, { keepsLogin });
      const before = looker.requests.length;
      const expectOnlyToken = async () => {
        const { outcomes, of, report } = await check(looker.baseUrl);
        assert.equal(outcomes, 'passed passed passed passed skipped passed skipped passed');
        assert.equal(of('login').sentence, 'Ada Lovelace logged in with the browser.');
        const said = 'is logged in with the browser, so this check only tries the token.';
        assert.ok(report.includes(`The user with ID ${ada.user.id} ${said}`));
        assert.doesNotMatch(report, /wasn't saved|Ada/);
      };
      await expectOnlyToken();
      // An account that is acted as has the login of its admin.
      await accounts.activate((await accounts.loginAs(ada, '3')).id);
      await expectOnlyToken();
      assert.ok(looker.requests.slice(before).every(({ path }) => path !== '/api/token'));
    });
  }

  it("tests the admin's key for an account that acts as another user", async () => {
    const looker = await start();
    await accounts.loginAs(await logIn(looker, 'Ada'), '3');
    const before = looker.liveTokens();
    const { outcomes, of } = await check(looker.baseUrl);
    assert.equal(outcomes, ALL);
    assert.match(of('login').sentence, /Ada Lovelace/);
    assert.deepEqual(looker.liveTokens(), before);
  });

  it("reports that a token couldn't be revoked", async () => {
    const looker = await start();
    await logIn(looker, 'Ada');
    looker.fault({ path: '/logout', kind: { is: 'reset' } });
    const { of, verdict } = await check(looker.baseUrl);
    assert.equal(of('user').outcome, 'warning');
    assert.match(verdict, /^The connection works, with a warning\. .*stays valid until it expires/);
  });

  describe('names the problem and stops at', () => {
    const faults: [what: string, at: () => Promise<string>, step: StepName, verdict: RegExp][] = [
      ['no URL', () => Promise.resolve('looker'), 'url', /isn't the URL of a Looker instance/],
      [
        'a URL with a password',
        () => Promise.resolve('https://ada:hush@looker.test'),
        'url',
        /isn't the URL of a Looker instance/,
      ],
      [
        'a closed port',
        async () => `http://127.0.0.1:${await deadPort()}`,
        'tcp',
        /^Port \d+ on 127\.0\.0\.1 is closed\.$/,
      ],
      [
        'a firewall that drops packets',
        async () => `http://127.0.0.1:${await meet(blackHole())}`,
        'tcp',
        /^127\.0\.0\.1:\d+ doesn't respond\. Check your VPN, or whether a firewall blocks the connection\.$/,
      ],
      [
        'a server without a TLS handshake',
        async () => `https://127.0.0.1:${await meet(silentStranger())}`,
        'tls',
        /doesn't respond\. Check your VPN/,
      ],
      [
        'a server that only speaks http',
        async () => (await start()).baseUrl.replace('http:', 'https:'),
        'tls',
        /responds, but doesn't use HTTPS/,
      ],
      [
        'a self-signed certificate',
        async () => (await start({ https: true })).baseUrl,
        'tls',
        /^The certificate of 127\.0\.0\.1:\d+ is self-signed\.$/,
      ],
      [
        'an unknown CA',
        async () => {
          const looker = await start({ https: true });
          looker.changeCertificate(await serverCertificate({ signedBy: await authority() }));
          return looker.baseUrl;
        },
        'tls',
        /is from an untrusted CA, or intermediate certificates are missing/,
      ],
    ];
    for (const [what, at, step, verdict] of faults) {
      it(what, async () => {
        const result = await check(await at(), { timeoutMs: 300 });
        const index = STEPS.indexOf(step);
        assert.equal(result.of(step).outcome, 'failed');
        assert.match(result.verdict, verdict);
        assert.doesNotMatch(result.outcomes.split(' ').slice(0, index).join(' '), /failed/);
        for (const later of STEPS.slice(index + 1)) {
          assert.equal(result.of(later).outcome, 'skipped');
          assert.match(result.of(later).sentence, /^An earlier step failed\.$/);
        }
        assert.doesNotMatch(result.report, /hush/);
      });
    }

    it("a name that doesn't resolve, not even for VS Code’s own requests", async () => {
      const { of, verdict } = await check('https://looker.invalid');
      assert.equal(of('dns').outcome, 'failed');
      assert.equal(of('tcp').outcome, 'skipped');
      assert.equal(of('versions').outcome, 'failed');
      assert.equal(of('login').outcome, 'skipped');
      assert.equal(
        verdict,
        "This machine can't resolve the name looker.invalid. Check your VPN or DNS.",
      );
    });

    it('the wrong port, if the right one responds', async () => {
      const looker = await start();
      const usualPort = Number(new URL(looker.baseUrl).port);
      const { verdict } = await check(`https://127.0.0.1:${await deadPort()}`, {
        usualPorts: [usualPort],
      });
      const right = `port ${usualPort} responds\\. Use https://127\\.0\\.0\\.1:${usualPort}\\.$`;
      assert.match(verdict, new RegExp(`^Port \\d+ on 127\\.0\\.0\\.1 is closed, but ${right}`));
    });

    const certificates: [what: string, made: Promise<Certificate>, verdict: RegExp][] = [
      [
        'an expired certificate',
        certificate({ to: new Date(Date.now() - DAY_MS / 2) }),
        /has expired/,
      ],
      [
        "a certificate that isn't valid yet",
        certificate({ from: new Date(Date.now() + DAY_MS / 2) }),
        /isn't valid yet/,
      ],
      [
        'a certificate for another host',
        certificate({ host: 'elsewhere.test' }),
        /is for another host/,
      ],
    ];
    for (const [what, made, verdict] of certificates) {
      it(what, async () => {
        const { cert, key } = await made;
        const port = await meet(httpsStranger({ cert, key }));
        const caFile = path.join(await mkdtemp(path.join(tmpdir(), 'looker-auth-')), 'ca.pem');
        await writeFile(caFile, cert);
        const result = await check(`https://localhost:${port}`, { trustIn: () => ({ caFile }) });
        await rm(path.dirname(caFile), { recursive: true });
        assert.equal(result.of('tls').outcome, 'failed');
        assert.match(result.verdict, verdict);
        assert.match(result.report, /SHA-256 fingerprint: ([0-9A-F]{2}:){31}[0-9A-F]{2}/);
        assert.match(result.report, /Trusted: no \([A-Z_]+\)/);
      });
    }

    it('a certificate other than the trusted one', async () => {
      const [trusted, shown] = [await certificate({}), await certificate({})];
      const port = await meet(httpsStranger(shown));
      const { of, verdict, report } = await check(`https://localhost:${port}`, {
        trustIn: () => ({ certificate: certificateOf(trusted.cert) }),
      });
      assert.equal(of('tls').outcome, 'failed');
      assert.match(of('tls').sentence, /The certificate of .* changed, so nothing was sent/);
      assert.match(verdict, /isn't the one you trusted/);
      const { fingerprint } = certificateOf(shown.cert);
      assert.ok(report.includes(`SHA-256 fingerprint: ${fingerprint}`));
    });

    it('a web page in place of Looker’s API', async () => {
      const looker = await start();
      looker.fault({ kind: { is: 'html', status: 200, page: 'login' } });
      const { of, verdict } = await check(looker.baseUrl);
      assert.equal(of('versions').outcome, 'failed');
      assert.match(verdict, /shows a login page instead of Looker's API/);
    });

    it('another product’s API', async () => {
      const looker = await start();
      looker.fault({ kind: { is: 'json', status: 404, body: { message: 'Not found' } } });
      assert.match((await check(looker.baseUrl)).verdict, /not with Looker's API/);
    });

    it('an instance that hangs, after the timeout', async () => {
      const looker = await start();
      looker.fault({ kind: { is: 'halfOpen' } });
      const { of } = await check(looker.baseUrl, { timeoutMs: 100 });
      assert.match(of('versions').sentence, /didn't respond within 0\.1 seconds/);
    });

    it('a rejected key', async () => {
      const looker = await start();
      await logIn(looker, 'Ada');
      looker.revokeApiKey(looker.apiKeyOf('Ada').clientId);
      const { of, verdict } = await check(looker.baseUrl);
      assert.equal(of('login').outcome, 'failed');
      assert.equal(of('user').outcome, 'skipped');
      assert.match(verdict, /^Looker rejected the API key/);
    });

    it("a user that can't be read: the token is still revoked", async () => {
      const looker = await start();
      await logIn(looker, 'Ada');
      looker.fault({ path: '/user', kind: { is: 'json', status: 500, body: {} } });
      const { verdict, of } = await check(looker.baseUrl);
      assert.match(verdict, /is reachable, but responds with an error/);
      assert.deepEqual(of('user').facts, ['HTTP 500']);
      await until(() => looker.liveTokens().length === 1);
    });
  });

  it("accepts a Looker that doesn't report its release", async () => {
    const looker = await start();
    looker.fault({ path: '/versions', kind: { is: 'redirect', to: '/login' } });
    const { of } = await check(looker.baseUrl);
    assert.match(of('versions').sentence, /doesn't report its release/);
    assert.equal(of('versions').outcome, 'passed');
  });

  it('warns of a wrong clock, and of its direction', async () => {
    const ahead = await start({ now: () => Date.now() + 7 * 60_000 });
    const { of, verdict } = await check(ahead.baseUrl);
    assert.equal(of('versions').outcome, 'warning');
    assert.match(verdict, /clock is 7 minutes behind Looker's/);
    const behind = await start({ now: () => Date.now() - 7 * 60_000 });
    assert.match((await check(behind.baseUrl)).verdict, /7 minutes ahead of/);
    const nearly = await start({ now: () => Date.now() - 50_000 });
    assert.match((await check(nearly.baseUrl)).verdict, /^No problems found/);
  });

  describe('with a proxy', () => {
    const wayThrough = async (password?: string) => {
      const server = new ProxyServer({
        port: 0,
        host: '127.0.0.1',
        prepareRequestFunction: (request) => ({
          requestAuthentication: password !== undefined && request.password !== password,
          dnsLookup: toLoopback,
        }),
      });
      await server.listen();
      strangers.push({ stop: () => server.close(true) });
      return server.port;
    };
    /** An instance that only the proxy can reach. */
    const hidden = async () => {
      const looker = await start({ https: true });
      const trust = { certificate: certificateOf(looker.certificate ?? '') };
      const fetch = fetchFor(looker.baseUrl, trust);
      // The part of VS Code, which leads node-fetch through its proxy.
      const byVsCode: Fetch = (url, init) => fetch(url.replace('looker.test', 'localhost'), init);
      return {
        url: looker.baseUrl.replace('127.0.0.1', 'looker.test'),
        trustIn: () => trust,
        byVsCode,
      };
    };

    it('leaves looking up the name to the proxy, and goes through it', async () => {
      const { url, trustIn, byVsCode } = await hidden();
      const proxy = { ...NO_PROXY, proxy: `http://ada:hush@127.0.0.1:${await wayThrough('hush')}` };
      const result = await check(url, { proxy, trustIn }, { fetch: byVsCode });
      assert.equal(result.outcomes, 'passed passed skipped passed passed passed skipped skipped');
      assert.match(result.of('dns').sentence, /The proxy resolves the host name/);
      assert.match(
        result.of('tcp').sentence,
        /^The proxy http:\/\/127\.0\.0\.1:\d+ can connect to/,
      );
      assert.match(
        result.of('tls').sentence,
        /^TLSv1\.\d, trusted certificate from localhost, valid until \w{3} \d+, \d{4}\.$/,
      );
      assert.match(result.report, /Trusted: yes/);
      assert.doesNotMatch(JSON.stringify(result.told) + result.report, /hush|ada/);
    });

    it('signs in with a password as typed, even with a % in it', async () => {
      const { url, trustIn, byVsCode } = await hidden();
      const port = await wayThrough('50%off');
      const proxy = { ...NO_PROXY, proxy: `http://ada:50%off@127.0.0.1:${port}` };
      const { of } = await check(url, { proxy, trustIn }, { fetch: byVsCode });
      assert.equal(of('tcp').outcome, 'passed');
    });

    it('reports that the proxy requires a sign-in', async () => {
      const refuse: Fetch = () =>
        Promise.reject(Object.assign(new Error(), { code: 'ECONNRESET' }));
      for (const port of [await wayThrough('hush'), await meet(lockedProxy())]) {
        const proxy = { ...NO_PROXY, proxy: `http://127.0.0.1:${port}` };
        const { of, verdict } = await check('https://looker.test', { proxy }, { fetch: refuse });
        assert.equal(of('tcp').outcome, 'failed');
        assert.equal(verdict, 'The proxy for looker.test requires authentication.');
      }
    });

    it('reports that only VS Code can sign in to the proxy', async () => {
      const { url, byVsCode } = await hidden();
      const proxy = { ...NO_PROXY, proxy: `http://127.0.0.1:${await meet(lockedProxy())}` };
      const { outcomes, of } = await check(url, { proxy }, { fetch: byVsCode });
      assert.equal(outcomes, 'passed passed skipped warning skipped passed skipped skipped');
      assert.match(of('tcp').sentence, /requires authentication.* Looker still responds/);
    });

    it("reports that the proxy can't be reached", async () => {
      const proxy = { ...NO_PROXY, proxy: `http://127.0.0.1:${await deadPort()}` };
      const { verdict, of } = await check('https://looker.test', { proxy });
      assert.match(verdict, /^The proxy http:\/\/127\.0\.0\.1:\d+ doesn't respond\.$/);
      assert.deepEqual(of('tcp').facts, ['ECONNREFUSED']);
    });

    it("warns of a proxy that VS Code can't use", async () => {
      const proxy = { ...NO_PROXY, proxy: 'proxy.acme.test:3128' };
      const { of } = await check('https://127.0.0.2:1', { proxy });
      assert.equal(of('proxy').outcome, 'warning');
      assert.match(of('proxy').sentence, /can't use the proxy in http\.proxy/);
    });

    it("infers a proxy of the system that it can't see", async () => {
      const { url, byVsCode } = await hidden();
      const { outcomes, verdict } = await check(url, {}, { fetch: byVsCode });
      assert.equal(outcomes, 'passed passed warning skipped skipped passed skipped skipped');
      assert.match(verdict, /^The connection works, with a warning\. .*such as a system proxy/);
    });
  });

  describe('stops when canceled', () => {
    const hanging: [what: string, url: () => Promise<string>, step: StepName][] = [
      ['while connecting', async () => `http://127.0.0.1:${await meet(blackHole())}`, 'tcp'],
      [
        'during the TLS handshake',
        async () => `https://127.0.0.1:${await meet(silentStranger())}`,
        'tls',
      ],
      [
        'during a login, and leaves no valid token',
        async () => {
          const looker = await start();
          await logIn(looker, 'Ada');
          looker.fault({ path: '/user', kind: { is: 'halfOpen' } });
          return looker.baseUrl;
        },
        'user',
      ],
    ];
    for (const [what, url, at] of hanging) {
      it(what, async () => {
        const stop = new AbortController();
        const going = (async () => {
          for await (const { name } of runConnectionCheck(
            await url(),
            optionsFor({ timeoutMs: 60_000 }),
            stop.signal,
          )) {
            if (name === at)
              setTimeout(() => {
                stop.abort();
              }, 20);
          }
        })();
        await assert.rejects(going, CanceledError);
        for (const looker of lookers) assert.equal(looker.liveTokens().length, 1);
      });
    }
  });

  it("doesn't wait for a slow revocation when canceled, which still happens", async () => {
    const looker = await start();
    await logIn(looker, 'Ada');
    looker.fault({ path: '/user', kind: { is: 'halfOpen' } });
    const revocation = new EventEmitter();
    looker.fault({ path: '/logout', kind: { is: 'held', until: once(revocation, 'go') } });
    const cancel = new AbortController();
    const checking = (async () => {
      const options = optionsFor({ timeoutMs: 60_000 });
      for await (const { name } of runConnectionCheck(looker.baseUrl, options, cancel.signal)) {
        assert.ok(name);
      }
    })();
    const asked = () => looker.requests.filter(({ path }) => path.endsWith('/user')).length;
    const before = asked();
    await until(() => asked() > before);
    cancel.abort();
    await assert.rejects(checking, CanceledError);
    assert.equal(looker.liveTokens().length, 2);
    revocation.emit('go');
    await until(() => looker.liveTokens().length === 1);
  });

  it('has no secret, token, key, name or e-mail in its report', async () => {
    const looker = await start();
    for (const name of ['Ada', 'Grace Hopper']) await logIn(looker, name);
    const { people } = looker;
    const { told, report } = await check(looker.baseUrl);
    looker.revokeApiKey(looker.apiKeyOf('Grace Hopper').clientId);
    const refused = await check(looker.baseUrl);
    const keys = people.flatMap(({ apiKey }) =>
      apiKey ? [apiKey.clientId, apiKey.clientSecret] : [],
    );
    const tokens = looker.requests.flatMap(({ token }) => token ?? []);
    const names = people
      .flatMap(({ firstName, lastName, email }) => [firstName, lastName, email])
      .filter((name) => typeof name === 'string');
    assert.ok(keys.length > 4 && tokens.length > 3 && names.includes('Hopper'));
    const reports = report + refused.report;
    const shown = JSON.stringify([told, refused.told]);
    const found = (texts: readonly string[], where: string) =>
      texts.filter((text) => where.includes(text));
    assert.deepEqual(found([...keys, ...tokens], shown + reports), []);
    assert.deepEqual(found(names, reports), []);
    // Checks that the search itself works.
    assert.ok(found(names, shown).includes('Hopper'));
    assert.match(report, /The token belongs to the user with ID 2\./);
  });
});

function stoppable(looker: StandInLooker) {
  return { stop: () => looker.stop() };
}

/** Resolves every name to this machine. */
const toLoopback = ((
  _host: string,
  options: LookupOptions,
  answer: (error: Error | null, address: string | LookupAddress[], family?: number) => void,
) => {
  if (options.all) answer(null, [{ address: '127.0.0.1', family: 4 }]);
  else answer(null, '127.0.0.1', 4);
}) as typeof lookup;
