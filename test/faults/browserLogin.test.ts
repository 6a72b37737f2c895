import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import type { Account } from '../../src/accounts/account';
import type { Accounts } from '../../src/accounts/accounts';
import { CanceledError } from '../../src/looker/errors/expectedError';
import { ProxyError, UnreachableError, TimeoutError } from '../../src/looker/errors/network';
import {
  InterceptedError,
  NotLookerApiError,
  RedirectedError,
} from '../../src/looker/errors/notLooker';
import { RefusedError } from '../../src/looker/errors/refusal';
import {
  RateLimitedError,
  ServerError,
  UnexpectedResponseError,
} from '../../src/looker/errors/response';
import { BrowserLogin, type BrowserLoginOptions } from '../../src/looker/oauth/browserLogin';
import {
  BrowserLoginDeniedError,
  BrowserLoginEndedError,
  BrowserLoginFailedError,
  BrowserLoginForbiddenError,
  BrowserLoginNotSetUpError,
  BrowserLoginTimeoutError,
  BrowserLoginUnsupportedError,
  CodeRejectedError,
  MetadataElsewhereError,
  OtherUserError,
  RefreshTokenSurvivesError,
} from '../../src/looker/oauth/errors';
import { OWN_CLIENT } from '../../src/looker/oauth/client';
import { findOffer } from '../../src/looker/oauth/offer';
import { endLogin } from '../../src/looker/oauth/revocation';
import { redeemCode } from '../../src/looker/oauth/tokenEndpoint';
import type { RenewalTurnsOptions } from '../../src/accounts/browserLogin/renewalTurns';
import type { Turn, TurnLog } from '../../src/accounts/browserLogin/turn';
import type { MemoryTurns } from '../support/memoryTurns';
import type { FaultKind, StandInLooker } from '../standIn/standInLooker';
import { until } from '../support/until';
import { WebBrowser } from '../support/webBrowser';
import { loginClient, codeFor, optionsFor } from '../unit/looker/oauth/harness';
import { MINUTE, setUp } from '../unit/accounts/harness';

type ErrorType = new (...given: never[]) => Error;

/** The result of a fault at each moment: the error that the user reads, if any. */
interface Row {
  readonly fault: string;
  readonly strike: (looker: StandInLooker) => void;
  readonly login?: ErrorType;
  readonly renewal?: ErrorType;
  /** Whether only a new login helps afterwards; otherwise the next attempt works as soon as the fault is over. */
  readonly ends?: boolean;
  readonly logout?: ErrorType;
}

const TOKEN = '/api/token';
const at =
  (path: string | RegExp, kind: FaultKind) =>
  (looker: StandInLooker): void => {
    looker.fault({ path, kind });
  };
/** At the token endpoint, and at the logout endpoints. */
const everywhere = (kind: FaultKind) => at(/^\/api\/(token|4\.0\/logout|logout)$/, kind);
const atLogouts = (kind: FaultKind) => at(/^\/api\/(4\.0\/)?logout$/, kind);
const botChallenge = (status: number): FaultKind => ({
  is: 'text',
  status,
  body: '<title>Just a moment...</title>',
  headers: { 'Content-Type': 'text/html', 'CF-Mitigated': 'challenge', 'Retry-After': '1' },
});

const ROWS: readonly Row[] = [
  { fault: 'none', strike: () => undefined },
  {
    fault: 'Looker ends codes and refresh tokens, in OAuth’s words',
    strike: (looker) => {
      looker.oauth.codeLife = -1;
      looker.endRefreshTokens();
    },
    login: CodeRejectedError,
    renewal: BrowserLoginEndedError,
    ends: true,
  },
  {
    fault: 'Looker ends codes and refresh tokens, in its own words',
    strike: (looker) => {
      looker.oauth.errors = 'looker';
      looker.oauth.codeLife = -1;
      looker.endRefreshTokens();
    },
    login: CodeRejectedError,
    renewal: BrowserLoginEndedError,
    ends: true,
  },
  {
    fault: 'a page says so in Looker’s place',
    strike: (looker) => {
      looker.oauth.errors = 'html';
      looker.oauth.codeLife = -1;
      looker.endRefreshTokens();
    },
    login: NotLookerApiError,
    renewal: NotLookerApiError,
    ends: true,
    logout: NotLookerApiError,
  },
  {
    fault: 'an admin has switched the client off',
    strike: (looker) => {
      looker.disableClient(loginClient.clientId);
    },
    login: BrowserLoginNotSetUpError,
    renewal: BrowserLoginNotSetUpError,
    ends: true,
  },
  {
    fault: 'the user may not use the client (403)',
    strike: at(TOKEN, { is: 'refusal', status: 403 }),
    login: BrowserLoginForbiddenError,
    renewal: BrowserLoginForbiddenError,
    logout: BrowserLoginForbiddenError,
  },
  {
    fault: 'the release has no OAuth any more (404)',
    strike: at(TOKEN, { is: 'refusal', status: 404 }),
    login: BrowserLoginUnsupportedError,
    renewal: BrowserLoginUnsupportedError,
    logout: BrowserLoginUnsupportedError,
  },
  {
    fault: 'OAuth’s word for something else',
    strike: at(TOKEN, { is: 'json', status: 400, body: { error: 'invalid_request' } }),
    login: BrowserLoginFailedError,
    renewal: BrowserLoginFailedError,
    logout: BrowserLoginFailedError,
  },
  {
    fault: 'a firewall’s page (403)',
    strike: everywhere({ is: 'html', status: 403 }),
    login: InterceptedError,
    renewal: InterceptedError,
    logout: InterceptedError,
  },
  {
    fault: 'a page in place of JSON (200)',
    strike: everywhere({ is: 'html', status: 200 }),
    login: InterceptedError,
    renewal: InterceptedError,
    logout: InterceptedError,
  },
  {
    fault: 'JSON that is not Looker’s',
    strike: at(TOKEN, { is: 'json', status: 200, body: {} }),
    login: UnexpectedResponseError,
    renewal: UnexpectedResponseError,
    logout: UnexpectedResponseError,
  },
  {
    fault: 'busy (429)',
    strike: everywhere({ is: 'rateLimited', retryAfter: '60' }),
    login: RateLimitedError,
    renewal: RateLimitedError,
    logout: RateLimitedError,
  },
  {
    fault: 'down (502)',
    strike: everywhere({ is: 'html', status: 502 }),
    login: ServerError,
    renewal: ServerError,
    logout: ServerError,
  },
  ...[403, 429, 503].flatMap((status): readonly Row[] => [
    {
      fault: `a bot challenge (${status})`,
      strike: everywhere(botChallenge(status)),
      login: InterceptedError,
      renewal: InterceptedError,
      logout: InterceptedError,
    },
    {
      fault: `a bot challenge to logouts alone (${status})`,
      strike: atLogouts(botChallenge(status)),
      logout: InterceptedError,
    },
  ]),
  {
    fault: 'logouts alone are busy (429)',
    strike: atLogouts({ is: 'rateLimited', retryAfter: '60' }),
    logout: RateLimitedError,
  },
  {
    fault: 'logouts alone are down (502)',
    strike: atLogouts({ is: 'html', status: 502 }),
    logout: ServerError,
  },
  {
    fault: 'a proxy that passes on everything but logouts (407)',
    strike: atLogouts({ is: 'html', status: 407 }),
    logout: ProxyError,
  },
  {
    fault: 'a gateway’s refusal of logouts alone (401, JSON of its own)',
    strike: atLogouts({ is: 'json', status: 401, body: { error: 'Blocked' } }),
    logout: InterceptedError,
  },
  {
    fault: 'a firewall that deletes nothing (405)',
    strike: atLogouts({ is: 'html', status: 405 }),
    logout: NotLookerApiError,
  },
  {
    fault: 'logouts that a page confirms (200)',
    strike: atLogouts({ is: 'html', status: 200 }),
    logout: InterceptedError,
  },
  {
    fault: 'logouts that Looker refuses (403)',
    strike: atLogouts({ is: 'refusal', status: 403 }),
    logout: RefusedError,
  },
  {
    fault: 'a network’s own sign-in page (511)',
    strike: everywhere({ is: 'html', status: 511 }),
    login: InterceptedError,
    renewal: InterceptedError,
    logout: InterceptedError,
  },
  {
    fault: 'a gateway that wants its own login (401)',
    strike: everywhere({ is: 'html', status: 401 }),
    login: InterceptedError,
    renewal: InterceptedError,
    logout: InterceptedError,
  },
  {
    fault: 'a proxy that wants a password (407)',
    strike: everywhere({ is: 'html', status: 407 }),
    login: ProxyError,
    renewal: ProxyError,
    logout: ProxyError,
  },
  {
    fault: 'closed for a while (503)',
    strike: everywhere({ is: 'rateLimited', status: 503, retryAfter: '60' }),
    login: RateLimitedError,
    renewal: RateLimitedError,
    logout: RateLimitedError,
  },
  {
    fault: 'a redirect elsewhere',
    strike: everywhere({ is: 'redirect', to: 'https://evil.test/' }),
    login: RedirectedError,
    renewal: RedirectedError,
    logout: RedirectedError,
  },
  {
    fault: 'the connection breaks off',
    strike: everywhere({ is: 'reset' }),
    login: UnreachableError,
    renewal: UnreachableError,
    logout: UnreachableError,
  },
  {
    fault: 'no answer at all',
    strike: everywhere({ is: 'halfOpen' }),
    login: TimeoutError,
    renewal: TimeoutError,
    logout: TimeoutError,
  },
  { fault: 'slow', strike: everywhere({ is: 'slow', ms: 200 }) },
  {
    fault: 'metadata that lies about its host, once somebody is logged in',
    strike: (looker) => {
      looker.oauth.metadata = () => ({
        issuer: 'https://evil.test',
        authorization_endpoint: 'https://evil.test/auth',
        token_endpoint: 'https://evil.test/api/token',
      });
    },
  },
  {
    fault: 'a logout that ends no refresh token',
    strike: (looker) => {
      looker.oauth.logout = { current: 'access', versionless: 'unknown' };
    },
    logout: RefreshTokenSurvivesError,
  },
];

describe('faults of browser logins', () => {
  const harness = setUp();
  beforeEach(() => {
    harness.looker.registerClient(loginClient.clientId, [loginClient.redirectUri]);
    harness.looker.oauth.rotation = 'newAndReuseKills';
  });

  const logIn = async (accounts: Accounts, strike: Row['strike'] = () => undefined) => {
    // Disabling the client also affects users who are on Looker's pages at that moment.
    const received = { loginClient, ...(await codeFor(harness.looker, 'katherine@example.com')) };
    strike(harness.looker);
    return accounts.loginWithBrowser(harness.target(), received);
  };
  const heal = () => {
    harness.looker.clearFaults();
    harness.looker.oauth.errors = 'oauth';
    harness.looker.oauth.codeLife = 60;
    harness.looker.registerClient(loginClient.clientId, [loginClient.redirectUri]);
  };
  const saysNoSecret = (error: unknown, secrets: readonly string[]) => {
    for (const secret of secrets) assert.ok(!String(error).includes(secret));
  };

  it('Esc during a renewal: only the waiting ends, and the new refresh token is kept', async () => {
    const { looker } = harness;
    const accounts = await harness.openWindow();
    const { id } = await logIn(accounts);
    harness.now += 60 * MINUTE;
    looker.fault({ path: TOKEN, kind: { is: 'slow', ms: 200 } });
    const before = harness.asked(TOKEN).length;
    const esc = new AbortController();
    const waiting = accounts.session(id, esc.signal);
    await until(() => harness.asked(TOKEN).length > before);
    esc.abort();
    await assert.rejects(waiting, CanceledError);
    assert.ok((await accounts.session(id)).token, 'it has a token');
    assert.equal(harness.asked(TOKEN).length, before + 1);
    harness.now += 60 * MINUTE;
    assert.ok((await accounts.session(id)).token, 'it has a token');
    assert.equal(looker.liveRefreshTokens().length, 1);
  });

  for (const path of [TOKEN, '/api/4.0/logout', '/api/logout']) {
    it(`Esc while a logout waits for ${path}: nothing local survives, and what may be valid is said`, async () => {
      const accounts = await harness.openWindow();
      const { id } = await logIn(accounts);
      const before = harness.asked(path).length;
      harness.looker.fault({ path: new RegExp(`^${path}$`), kind: { is: 'halfOpen' } });
      const esc = new AbortController();
      const leaving = accounts.logout([id], esc.signal);
      await until(() => harness.asked(path).length > before);
      esc.abort();
      const [unrevoked] = await leaving;
      assert.ok(unrevoked?.error instanceof CanceledError, String(unrevoked?.error));
      assert.equal(unrevoked.timeLeft, Infinity);
      assert.deepEqual(accounts.list, []);
      await until(() => harness.keysStored().length === 0, 5000);
    });
  }

  for (const { fault, strike, login, renewal, ends = false, logout } of ROWS) {
    describe(fault, () => {
      it(`at login: ${login?.name ?? 'works'}`, async () => {
        const accounts = await harness.openWindow();
        const expired = (looker: StandInLooker) => {
          strike(looker);
          // A code that was already issued also expires.
          if (looker.oauth.codeLife < 0) harness.now += 61_000;
        };
        const logging = logIn(accounts, expired);
        if (!login) {
          await logging;
          return;
        }
        await assert.rejects(logging, login);
        assert.deepEqual(accounts.list, []);
        assert.deepEqual(harness.keysStored(), []);
        heal();
        await logIn(accounts);
      });

      it(`at renewal: ${renewal?.name ?? 'works'}`, async () => {
        const accounts = await harness.openWindow();
        const { id } = await logIn(accounts);
        const secrets = harness.looker.liveRefreshTokens().map(({ value }) => value);
        harness.now += 60 * MINUTE;
        strike(harness.looker);
        if (renewal) {
          await assert.rejects(accounts.session(id), (error) => {
            saysNoSecret(error, secrets);
            return error instanceof renewal;
          });
          assert.equal(accounts.list.length, 1, 'nothing is lost');
          heal();
          harness.now += 60 * MINUTE;
        }
        if (renewal && ends && harness.looker.liveRefreshTokens().length === 0) {
          await assert.rejects(accounts.session(id));
          await logIn(accounts);
        }
        assert.ok((await accounts.session(id)).token);
        assert.equal(harness.looker.liveRefreshTokens().length, 1);
      });

      it(`at logout: ${logout?.name ?? 'works'}`, async () => {
        const accounts = await harness.openWindow();
        const { id } = await logIn(accounts);
        strike(harness.looker);
        const unrevoked = await accounts.logout([id]);
        assert.deepEqual(accounts.list, []);
        assert.deepEqual(harness.keysStored(), [], 'nothing local survives');
        if (logout) assert.ok(unrevoked[0]?.error instanceof logout, String(unrevoked[0]?.error));
        else assert.deepEqual(unrevoked, []);
      });
    });
  }
});

/** What happens between the page that opens and the address that the browser ends on. */
interface Way {
  readonly fault: string;
  readonly strike?: (looker: StandInLooker) => void;
  /** Goes through the pages. @returns where the browser ends; undefined where it never comes back */
  readonly visit?: (visit: Visit) => Promise<string | undefined>;
  readonly options?: Partial<BrowserLoginOptions<Account>>;
  /** Refuses whoever comes. */
  readonly agree?: (baseUrl: string) => Promise<void>;
  /** What the user reads; nothing where they are logged in. */
  readonly error?: ErrorType;
  /** What they see in the browser, where they come back to this machine. */
  readonly page?: RegExp;
}

interface Visit {
  readonly looker: StandInLooker;
  readonly login: BrowserLogin<Account>;
  readonly browser: WebBrowser;
}

const KATHERINE = 'katherine@example.com';
const SHORT = { timeLimitMs: 200 };
const come = ({ browser, login }: Visit) => browser.letIn(login.address, KATHERINE);
const decide =
  (decision: string) =>
  async ({ browser, login }: Visit) => {
    await browser.open(login.address);
    await browser.submit({ email: KATHERINE, password: 'secret' });
    return (await browser.submit({ decision })).address;
  };
/** The address that Looker would send, with another code. */
const withCode = (codeOf: (visit: Visit) => Promise<string>) => async (visit: Visit) => {
  const address = new URL(await come(visit));
  address.searchParams.set('code', await codeOf(visit));
  return address.href;
};

const WAYS: readonly Way[] = [
  { fault: 'none', page: /logged in to .* as Katherine Johnson/ },
  {
    fault: 'the user says no',
    visit: decide('deny'),
    error: BrowserLoginDeniedError,
    page: /denied access/,
  },
  {
    fault: 'the user says no, and Looker shows a page of its own',
    strike: (looker) => {
      looker.oauth.authorizeErrors = 'page';
    },
    visit: decide('deny'),
    options: SHORT,
    error: BrowserLoginTimeoutError,
  },
  {
    fault: 'the user is in no group that may (403, a page of Looker’s)',
    strike: (looker) => {
      looker.setGroup('7', ['Ada']);
      looker.registerClient(loginClient.clientId, [loginClient.redirectUri], '7');
    },
    visit: decide('allow'),
    options: SHORT,
    error: BrowserLoginTimeoutError,
  },
  {
    fault: 'Looker does not know the redirect URI (an error page)',
    strike: (looker) => {
      looker.registerClient(loginClient.clientId, ['http://127.0.0.1:1/other']);
    },
    options: SHORT,
    error: BrowserLoginTimeoutError,
  },
  {
    fault: 'Looker reports an error in the redirect',
    visit: async (visit) => {
      const address = new URL(await come(visit));
      address.searchParams.delete('code');
      address.searchParams.set('error', 'server_error');
      return address.href;
    },
    error: BrowserLoginFailedError,
    page: /complete the login/,
  },
  {
    fault: 'another state comes first',
    visit: async (visit) => {
      const address = await come(visit);
      const other = await fetch(address.replace('state=', 'state=x'));
      assert.match(await other.text(), /belongs to another login/);
      return address;
    },
    page: /logged in to/,
  },
  {
    fault: 'another state, and nothing else',
    visit: async (visit) => (await come(visit)).replace('state=', 'state=x'),
    options: SHORT,
    error: BrowserLoginTimeoutError,
    page: /belongs to another login/,
  },
  {
    fault: 'the code was redeemed before',
    visit: withCode(async ({ looker }) => {
      const { code, verifier } = await codeFor(looker, KATHERINE);
      const { refreshToken = '' } = await redeemCode(
        optionsFor(looker),
        loginClient,
        code,
        verifier,
      );
      await endLogin(optionsFor(looker), loginClient, refreshToken);
      return code;
    }),
    error: CodeRejectedError,
    page: /no longer accepts this login/,
  },
  {
    fault: 'the code is another client’s',
    visit: withCode(async ({ looker }) => {
      looker.registerClient('another', [loginClient.redirectUri]);
      return (await codeFor(looker, KATHERINE, { ...loginClient, clientId: 'another' })).code;
    }),
    error: CodeRejectedError,
  },
  {
    fault: 'the code was asked for by somebody else',
    visit: withCode(async ({ looker }) => (await codeFor(looker, KATHERINE)).code),
    error: CodeRejectedError,
  },
  { fault: 'Looker is slow', strike: at(TOKEN, { is: 'slow', ms: 400 }), page: /logged in to/ },
  {
    fault: 'the token is a page',
    strike: at(TOKEN, { is: 'html', status: 200 }),
    error: InterceptedError,
    page: /not logged in/,
  },
  {
    fault: 'Looker is busy (429)',
    strike: at(TOKEN, { is: 'rateLimited', retryAfter: '60' }),
    error: RateLimitedError,
    page: /rate-limit|busy/,
  },
  {
    fault: 'Looker gives a token, and does not say whose',
    strike: at('/user', { is: 'reset' }),
    error: UnreachableError,
    page: /not logged in/,
  },
  {
    fault: 'Looker gives a token, and a page in place of its user',
    strike: at('/user', { is: 'html', status: 200 }),
    error: InterceptedError,
  },
  {
    fault: 'the browser is closed',
    visit: () => Promise.resolve(undefined),
    options: SHORT,
    error: BrowserLoginTimeoutError,
  },
  {
    fault: 'Esc before the browser comes back',
    visit: ({ login }) => {
      login.cancel();
      return Promise.resolve(undefined);
    },
    error: CanceledError,
  },
  {
    fault: 'Esc while the code is redeemed',
    strike: at(TOKEN, { is: 'slow', ms: 300 }),
    visit: async (visit) => {
      const address = await come(visit);
      const { requests } = visit.looker;
      void until(() => requests.some(({ path }) => path === TOKEN)).then(() => {
        visit.login.cancel();
      });
      return address;
    },
    error: CanceledError,
    page: /canceled this login in VS Code/,
  },
  {
    fault: 'someone else comes back',
    agree: (baseUrl) => Promise.reject(new OtherUserError(baseUrl, 'Ada', 'Katherine Johnson')),
    error: OtherUserError,
    page: /Log out of Looker there/,
  },
];

describe('faults on the way through the browser', () => {
  const harness = setUp();
  beforeEach(() => {
    harness.looker.registerClient(loginClient.clientId, [loginClient.redirectUri]);
    harness.looker.oauth.rotation = 'newAndReuseKills';
  });

  const begin = (accounts: Accounts, { options, agree }: Partial<Way> = {}) => {
    const { baseUrl } = harness.looker;
    return BrowserLogin.begin<Account>({
      baseUrl,
      clientId: loginClient.clientId,
      redirectUris: [loginClient.redirectUri],
      authorizationEndpoint: `${baseUrl}/auth`,
      timeLimitMs: 10_000,
      language: 'en',
      complete: (received, signal) =>
        accounts.loginWithBrowser(harness.target(), received, signal, {
          ...(agree && { agree: () => agree(baseUrl) }),
        }),
      nameOf: ({ user }) => user.name,
      ...options,
    });
  };
  const logInAfterwards = async (accounts: Accounts) => {
    harness.looker.clearFaults();
    harness.looker.registerClient(loginClient.clientId, [loginClient.redirectUri]);
    const login = await begin(accounts);
    assert.ok(login.isListening, 'the port is free again');
    await fetch(await new WebBrowser(harness.looker.baseUrl).letIn(login.address, KATHERINE));
    await login.finished;
    assert.equal(accounts.list.length, 1);
  };

  for (const way of WAYS) {
    it(`${way.fault}: ${way.error?.name ?? 'works'}`, async () => {
      const { looker } = harness;
      const accounts = await harness.openWindow();
      way.strike?.(looker);
      const login = await begin(accounts, way);
      const browser = new WebBrowser(looker.baseUrl);
      const ended = await (way.visit ?? come)({ looker, login, browser });
      const isBack = ended?.startsWith(loginClient.redirectUri) ?? false;
      const page = isBack && ended ? await (await fetch(ended)).text() : '';
      if (way.page) assert.match(page, way.page);
      if (!way.error) {
        await login.finished;
        return;
      }
      await assert.rejects(login.finished, way.error);
      assert.deepEqual(accounts.list, []);
      assert.deepEqual(harness.keysStored(), []);
      await accounts.allRevoked();
      if (!looker.requests.some(({ path }) => path === '/api/4.0/user')) return;
      looker.clearFaults();
      await until(() => looker.liveRefreshTokens().length === 0);
      await until(() => looker.liveTokens().length === 0);
    });
  }

  it('an account that is logged in stays as it is, whatever goes wrong when it is logged in again', async () => {
    const { looker } = harness;
    const accounts = await harness.openWindow();
    await logInAfterwards(accounts);
    const refreshTokens = looker.liveRefreshTokens();
    const records = () =>
      [...harness.secrets.stored].filter(([key]) => /^lookerAuth\.(account|token):/.test(key));
    const stored = records();
    for (const { fault, strike, visit = come, error, ...way } of WAYS) {
      if (!error) continue;
      looker.forgetConsents();
      strike?.(looker);
      const login = await begin(accounts, way);
      const ended = await visit({ looker, login, browser: new WebBrowser(looker.baseUrl) });
      // Where it has timed out, nothing listens any more.
      if (ended?.startsWith(loginClient.redirectUri)) await fetch(ended).catch(() => undefined);
      await assert.rejects(login.finished, error);
      looker.clearFaults();
      looker.oauth.authorizeErrors = 'redirect';
      looker.registerClient(loginClient.clientId, [loginClient.redirectUri]);
      await accounts.allRevoked();
      await until(() => looker.liveRefreshTokens().length === 1);
      assert.deepEqual(looker.liveRefreshTokens(), refreshTokens, fault);
      assert.deepEqual(records(), stored, fault);
    }
    harness.now += 60 * MINUTE;
    const [only] = accounts.list;
    assert.ok((await accounts.session(only?.id ?? '')).token);
  });

  it('a login works right after each of them', async () => {
    const accounts = await harness.openWindow();
    for (const { strike, visit = come, ...way } of WAYS) {
      strike?.(harness.looker);
      const login = await begin(accounts, { ...way, options: SHORT });
      const browser = new WebBrowser(harness.looker.baseUrl);
      await visit({ looker: harness.looker, login, browser });
      login.cancel();
      await logInAfterwards(accounts);
      await accounts.logout(accounts.list.map(({ id }) => id));
    }
  });

  it('a port that is taken: the address is pasted', async () => {
    const accounts = await harness.openWindow();
    const { port } = new URL(loginClient.redirectUri);
    const other = createServer().listen(Number(port), '127.0.0.1');
    await once(other, 'listening');
    assert.equal((other.address() as AddressInfo).port, Number(port));
    const login = await begin(accounts);
    assert.ok(!login.isListening);
    await login.paste(
      await come({
        looker: harness.looker,
        login,
        browser: new WebBrowser(harness.looker.baseUrl),
      }),
    );
    assert.equal(accounts.list.length, 1);
    other.close();
  });

  it('metadata that lies about its host: nothing is opened', async () => {
    const { looker } = harness;
    looker.oauth.metadata = (origin) => ({
      issuer: origin,
      authorization_endpoint: 'https://evil.test/auth',
      token_endpoint: `${origin}/api/token`,
    });
    await assert.rejects(
      findOffer(optionsFor(looker), OWN_CLIENT, undefined),
      MetadataElsewhereError,
    );
  });
});

/** What windows that take turns meet on their disk, or in a turn that is not their own. */
interface DiskRow {
  readonly fault: string;
  /** How this window takes turns then. */
  readonly taking: (turns: MemoryTurns) => Partial<RenewalTurnsOptions>;
  /** What stands there for the login before this window takes a turn. */
  readonly turn?: Partial<Turn>;
}

const failing = (code: string) => (): Promise<never> =>
  Promise.reject(Object.assign(new Error(code), { code }));

/** Takes turns as all do, but for these calls. */
const except =
  (calls: Partial<TurnLog>): DiskRow['taking'] =>
  (turns) => ({
    turns: {
      last: (login) => turns.last(login),
      begin: (login, turn) => turns.begin(login, turn),
      note: (login, turn) => turns.note(login, turn),
      forget: (login) => turns.forget(login),
      ...calls,
    },
  });

/** Sees no process of others, and waits by a clock of its own. */
const blind: DiskRow['taking'] = () => {
  let uptime = 0;
  return {
    isAlive: () => undefined,
    uptime: () => uptime,
    pause: (ms) => {
      uptime += ms;
      return Promise.resolve();
    },
  };
};

const DISK_ROWS: readonly DiskRow[] = [
  {
    fault: 'a read-only disk',
    taking: except({ begin: failing('EROFS'), note: failing('EROFS') }),
  },
  {
    fault: 'a disk that is full once a turn has begun',
    taking: except({ note: failing('ENOSPC') }),
  },
  { fault: 'a folder that may not be read', taking: except({ last: failing('EACCES') }) },
  { fault: 'files that may not be deleted', taking: except({ forget: failing('EPERM') }) },
  {
    fault: 'a disk that fails at everything',
    taking: except({
      last: failing('EIO'),
      begin: failing('EIO'),
      note: failing('EIO'),
      forget: failing('EIO'),
    }),
  },
  {
    fault: 'the turn of a window that is gone',
    taking: () => ({}),
    turn: { owner: { host: 'here', pid: 1, run: 'gone' } },
  },
  {
    fault: 'the turn of a window on another machine, which never ends',
    taking: blind,
    turn: { owner: { host: 'there', pid: 1, run: 'unknown' } },
  },
  { fault: 'a turn of which only a part was written', taking: blind, turn: { owner: undefined } },
];

describe('faults of the turns that windows take', () => {
  const harness = setUp();
  beforeEach(() => {
    harness.looker.registerClient(loginClient.clientId, [loginClient.redirectUri]);
    harness.looker.oauth.rotation = 'newAndReuseKills';
  });

  for (const { fault, taking, turn } of DISK_ROWS) {
    for (const wrongBy of [0, -400 * 24 * 60 * MINUTE, 400 * 24 * 60 * MINUTE]) {
      const clock = wrongBy === 0 ? '' : `, and a clock ${wrongBy < 0 ? 'behind' : 'ahead'}`;
      it(`${fault}${clock}: login, renewals and logout work`, async () => {
        const { looker } = harness;
        harness.wrongBy = wrongBy;
        const accounts = await harness.openWindow({ taking: taking(harness.turns) });
        const received = { loginClient, ...(await codeFor(looker, KATHERINE)) };
        const { id } = await accounts.loginWithBrowser(harness.target(), received);
        const record = [...harness.secrets.stored].find(([key]) => key.includes('account:'));
        const { login } = JSON.parse(record?.[1] ?? '') as { login: string };
        if (turn) {
          const pending = { number: 1, owner: undefined, renewedIn: 0, rotatedIn: 0 };
          await harness.turns.begin(login, { ...pending, isOver: false, ...turn });
        }
        for (let renewals = 0; renewals < 3; renewals++) {
          harness.now += 60 * MINUTE;
          const { token } = await accounts.session(id);
          assert.ok(looker.liveTokens().some(({ value }) => value === token.value));
          assert.equal(looker.liveRefreshTokens().length, 1, 'none is used twice');
        }
        assert.deepEqual(await accounts.logout([id]), []);
        assert.deepEqual(looker.liveRefreshTokens(), []);
        assert.deepEqual(harness.keysStored(), []);
        // What is wrong with the disk is in the log, once; it has no secret in it.
        const warned = harness.log.filter((line) => line.startsWith('Each window renews'));
        assert.ok(warned.length <= 1, warned.join());
      });
    }
  }

  for (const rotation of ['none', 'null', 'new', 'newAndReuseKills'] as const) {
    const isKilled = rotation === 'newAndReuseKills';
    it(`a window that ends before it has stored the response: ${isKilled ? 'only a login helps' : 'the next one renews'} (rotation ${rotation})`, async () => {
      const { looker, secrets } = harness;
      looker.oauth.rotation = rotation;
      let uptime = 0;
      const pause = (ms: number) => Promise.resolve((uptime += ms));
      const gone = await harness.openWindow();
      const logIn = async (accounts: Accounts) =>
        accounts.loginWithBrowser(harness.target(), {
          loginClient,
          ...(await codeFor(looker, KATHERINE)),
        });
      const { id } = await logIn(gone);
      const other = await harness.openWindow({ taking: { uptime: () => uptime, pause } });
      harness.now += 60 * MINUTE;
      secrets.holdBack('lookerAuth.token:');
      void gone.session(id).catch(() => undefined);
      await until(() => secrets.waiting === 1);
      harness.turns.crash();
      // Others can write; what the first one wrote never arrives.
      secrets.holdBack('lookerAuth.token:')();
      if (isKilled) {
        await assert.rejects(other.session(id), BrowserLoginEndedError);
        assert.equal(other.list.length, 1, 'it is still listed, to be logged in again');
        await logIn(other);
      }
      assert.ok((await other.session(id)).token, 'it has a token');
      const isSaid = harness.log.some((line) => line.startsWith('A window closed before it saved'));
      assert.equal(isSaid, rotation.startsWith('new'), 'where Looker has given another token');
      assert.equal(looker.liveRefreshTokens().length, 1);
    });
  }
});
