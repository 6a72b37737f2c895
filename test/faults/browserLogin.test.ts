import assert from 'node:assert/strict';
import type { Accounts } from '../../src/accounts/accounts';
import { UnreachableError, TimeoutError } from '../../src/looker/errors/network';
import {
  InterceptedError,
  NotLookerApiError,
  RedirectedError,
} from '../../src/looker/errors/notLooker';
import {
  RateLimitedError,
  ServerError,
  UnexpectedReplyError,
} from '../../src/looker/errors/response';
import {
  BrowserLoginEndedError,
  BrowserLoginFailedError,
  BrowserLoginForbiddenError,
  BrowserLoginNotSetUpError,
  BrowserLoginUnsupportedError,
  CodeRejectedError,
  RefreshTokenSurvivesError,
} from '../../src/looker/oauth/errors';
import type { FaultKind, StandInLooker } from '../standIn/standInLooker';
import { asker, codeFor } from '../unit/looker/oauth/harness';
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
      looker.disableClient(asker.clientId);
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
    login: UnexpectedReplyError,
    renewal: UnexpectedReplyError,
    logout: UnexpectedReplyError,
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
    harness.looker.registerClient(asker.clientId, [asker.redirectUri]);
    harness.looker.oauth.rotation = 'newAndReuseKills';
  });

  const logIn = async (accounts: Accounts, strike: Row['strike'] = () => undefined) => {
    // Disabling the client also affects users who are on Looker's pages at that moment.
    const received = { asker, ...(await codeFor(harness.looker, 'katherine@example.com')) };
    strike(harness.looker);
    return accounts.loginWithBrowser(harness.target(), received);
  };
  const heal = () => {
    harness.looker.clearFaults();
    harness.looker.oauth.errors = 'oauth';
    harness.looker.oauth.codeLife = 60;
    harness.looker.registerClient(asker.clientId, [asker.redirectUri]);
  };
  const saysNoSecret = (error: unknown, secrets: readonly string[]) => {
    for (const secret of secrets) assert.ok(!String(error).includes(secret));
  };

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
