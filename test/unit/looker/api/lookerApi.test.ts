import assert from 'node:assert/strict';
import { once } from 'node:events';
import net, { type AddressInfo } from 'node:net';
import { CanceledError } from '../../../../src/looker/errors/expectedError';
import { LookerError } from '../../../../src/looker/errors/lookerError';
import { TimeoutError, UnreachableError } from '../../../../src/looker/errors/network';
import {
  NotLookerApiError,
  RedirectedError,
  type Interceptor,
} from '../../../../src/looker/errors/notLooker';
import { PlainHttpError } from '../../../../src/looker/errors/protection';
import {
  ApiKeyRefusedError,
  DevModeRefusedError,
  RefusedError,
  SudoRefusedError,
  TokenRejectedError,
  UnknownUserError,
} from '../../../../src/looker/errors/refusal';
import {
  RateLimitedError,
  ResponseTooLargeError,
  ServerError,
  UnexpectedResponseError,
} from '../../../../src/looker/errors/response';
import { UntrustedCertificateError } from '../../../../src/looker/errors/tls';
import { ServerClock } from '../../../../src/looker/clock';
import type { Fetch } from '../../../../src/looker/network/http';
import { USERS_PER_PAGE } from '../../../../src/looker/api/searchUsers';
import { StandInLooker, type FaultKind } from '../../../standIn/standInLooker';
import { lookerApi, machineClock } from '../../../support/lookerApi';
import { fetchFor } from '../../../support/nodeFetch';

/** What may be in front of Looker and respond to every request. */
const INTERCEPTED: readonly [what: string, interceptor: Interceptor, kind: FaultKind][] = [
  [
    'a gateway that requires a header of its own',
    'gateway',
    {
      is: 'text',
      status: 401,
      body: 'Missing X-Gateway-Key',
      headers: { 'Content-Type': 'text/plain' },
    },
  ],
  ['a gateway with JSON', 'gateway', { is: 'json', status: 401, body: { message: 'No key' } }],
  ['a firewall', 'firewall', { is: 'html', status: 403 }],
  ['a firewall with JSON', 'firewall', { is: 'json', status: 403, body: { error: 'blocked' } }],
  [
    'a firewall with half of a refusal',
    'firewall',
    { is: 'json', status: 403, body: { message: 'no' } },
  ],
  [
    'bot protection (Cloudflare)',
    'botProtection',
    page(403, 'Wait', { 'CF-Mitigated': 'challenge' }),
  ],
  ['bot protection (an older one)', 'botProtection', page(503, '<title>Just a moment...</title>')],
  [
    'bot protection (AWS)',
    'botProtection',
    page(405, 'Human?', { 'x-amzn-waf-action': 'captcha' }),
  ],
  [
    'bot protection that accepts',
    'botProtection',
    page(202, '', { 'x-amzn-waf-action': 'challenge' }),
  ],
  [
    'bot protection (Akamai)',
    'botProtection',
    page(403, 'Access Denied', { Server: 'AkamaiGHost' }),
  ],
  [
    'bot protection (Vercel)',
    'botProtection',
    page(429, 'Security Checkpoint', { 'x-vercel-mitigated': 'challenge' }),
  ],
  [
    'bot protection (DataDome)',
    'botProtection',
    page(429, 'Slow down', { 'X-DataDome': 'protected' }),
  ],
  ['bot protection (Imperva)', 'botProtection', page(403, '<iframe src="/_Incapsula_Resource">')],
  [
    'a firewall that accepts (F5)',
    'firewall',
    page(
      200,
      '<title>Request Rejected</title>The requested URL was rejected. Your support ID is: 7',
    ),
  ],
  ['a firewall that accepts (Fortinet)', 'firewall', page(200, 'Powered by fortiguard')],
  [
    'a firewall that accepts (of another vendor)',
    'firewall',
    page(200, '<title>Web Page Blocked</title>'),
  ],
  ...[
    'Netskope - Block Page',
    'Sophos | Blocked',
    'Site blocked',
    'Forcepoint: Access to this site is blocked',
    'Application Blocked',
    'Zscaler Caution',
  ].map((title): (typeof INTERCEPTED)[number] => [
    `a firewall that accepts (${title})`,
    'firewall',
    page(200, `<html><head><title>\n  ${title}</title></head></html>`),
  ]),
  ['a firewall that accepts (Azure)', 'firewall', page(200, '<h2>The request is blocked.</h2>')],
  [
    'a gateway that wants a client certificate (nginx)',
    'clientCertificate',
    page(400, '<center>No required SSL certificate was sent</center>'),
  ],
  ['a gateway that wants one, by its status', 'clientCertificate', page(496, '')],
  [
    'a gateway that wants one (IIS)',
    'clientCertificate',
    page(403, '<title>403.7 - Forbidden: Client certificate required</title>'),
  ],
  ['a login page', 'signInPage', page(200, '<form><input name="p" type="password"></form>')],
  ['single sign-on by form', 'signInPage', page(200, '<form><input name="SAMLRequest"></form>')],
  ['the login page of a network', 'signInPage', page(511, 'Welcome to our Wi-Fi')],
  ['a cache', 'cache', { is: 'text', status: 304, body: '' }],
];

describe('Looker, over HTTP', () => {
  let looker: StandInLooker;
  before(async () => {
    looker = await StandInLooker.start();
  });
  after(() => looker.stop());
  afterEach(() => {
    looker.clearFaults();
  });

  const lastRequest = () => looker.requests.at(-1);
  const tokenOf = async (name: string) =>
    (await lookerApi(looker.baseUrl).login(looker.apiKeyOf(name))).value;

  for (const apiVersion of ['4.0', '3.1', '3.0'] as const) {
    describe(`API ${apiVersion}`, () => {
      const api = () => lookerApi(looker.baseUrl, { apiVersion });

      it('logs in with the key in the body, returns the user, and logs out', async () => {
        const { clientId, clientSecret } = looker.apiKeyOf('Ada');
        const { value } = await api().login({ clientId, clientSecret });
        assert.equal(lastRequest()?.path, `/api/${apiVersion}/login`);
        assert.deepEqual(lastRequest()?.query, {});
        assert.equal(lastRequest()?.form['client_secret'], clientSecret);

        const user = await api().me(value);
        assert.deepEqual(user, {
          id: '1',
          name: 'Ada Lovelace',
          email: 'ada@example.com',
          isDisabled: false,
        });

        await api().logout(value);
        await assert.rejects(api().me(value), TokenRejectedError);
      });

      it('acts as another user', async () => {
        const { value } = await api().loginAs('3', await tokenOf('Ada'));
        assert.equal((await api().me(value)).name, 'Alan Turing');
      });

      it('returns the acting admin, if there is one', async () => {
        const admin = await tokenOf('Ada');
        const { value } = await api().loginAs('3', admin);
        assert.deepEqual(await api().session(value), { sudoUserId: '1', workspace: 'production' });
        assert.deepEqual(await api().session(admin), {
          sudoUserId: undefined,
          workspace: 'production',
        });
      });

      it('puts only one token into Development Mode, and only for users who may develop', async () => {
        const [token, other] = [await tokenOf('Ada'), await tokenOf('Ada')];
        await api().enterDevMode(token);
        assert.equal((await api().session(token)).workspace, 'dev');
        assert.equal((await api().session(other)).workspace, 'production');
        for (const [userId, may] of [
          ['3', true],
          ['4', false],
        ] as const) {
          const { value } = await api().loginAs(userId, other);
          const entering = api().enterDevMode(value);
          if (may) await entering;
          else await assert.rejects(entering, DevModeRefusedError);
          const { workspace } = await api().session(value);
          assert.equal(workspace, may ? 'dev' : 'production');
        }
      });

      it("fails if the token doesn't enter Development Mode, whatever the instance responds", async () => {
        const token = await tokenOf('Ada');
        const stays = { workspace_id: 'production', sudo_user_id: null };
        const unknown = { workspace_id: 'the moon' };
        const cases: [kind: FaultKind, method: string, error: new (...facts: never[]) => Error][] =
          [
            [{ is: 'refusal', status: 400 }, 'PATCH', DevModeRefusedError],
            [{ is: 'refusal', status: 403 }, 'PATCH', DevModeRefusedError],
            [{ is: 'refusal', status: 404 }, 'PATCH', DevModeRefusedError],
            [{ is: 'refusal', status: 422 }, 'PATCH', DevModeRefusedError],
            [{ is: 'refusal', status: 401 }, 'PATCH', DevModeRefusedError],
            [{ is: 'refusal', status: 401 }, 'GET', DevModeRefusedError],
            [{ is: 'json', status: 200, body: stays }, 'PATCH', DevModeRefusedError],
            [{ is: 'json', status: 200, body: stays }, 'GET', DevModeRefusedError],
            [{ is: 'json', status: 200, body: unknown }, 'PATCH', DevModeRefusedError],
            [{ is: 'json', status: 200, body: {} }, 'GET', DevModeRefusedError],
            [{ is: 'html', status: 404 }, 'PATCH', NotLookerApiError],
            [{ is: 'reset' }, 'PATCH', UnreachableError],
            [{ is: 'reset' }, 'GET', UnreachableError],
          ];
        for (const [kind, method, expected] of cases) {
          looker.clearFaults();
          looker.fault({ method, path: '/session', kind });
          await assert.rejects(api().enterDevMode(token), expected, JSON.stringify([kind, method]));
        }
      });

      it('finds users by parts of their name, e-mail, or both names', async () => {
        const token = await tokenOf('Ada');
        const names = async (words: string) =>
          (await api().searchUsers(words, token)).users.map(({ id, name }) => `${id} ${name}`);
        assert.deepEqual(await names('turi'), ['3 Alan Turing']);
        assert.deepEqual(await names('KATH'), ['4 Katherine Johnson']);
        assert.deepEqual(await names('alan@'), ['3 Alan Turing']);
        for (const words of [
          'grace hop',
          'Hopper, Grace',
          'hopper grace',
          'Hopper,grace ',
          ', grace hopper',
        ])
          assert.deepEqual(await names(words), ['2 Grace Hopper', '8 Grace Hopper'], words);
        assert.deepEqual(await names('turing alan'), ['3 Alan Turing']);
        looker.addPerson({ firstName: 'Ana Paula', lastName: 'de Souza' });
        for (const words of [
          ...['ana paula de souza', 'ana sou', 'Ana Souza', 'Souza Ana', 'de Souza, Ana Paula'],
          ...['de souza ana paula', 'souza paula'],
        ])
          assert.deepEqual(await names(words), ['9 Ana Paula de Souza']);
        for (const words of ['ana paula', 'Ana Paula', 'de souza', 'Souza, Ana', 'Paula Souza'])
          assert.deepEqual(await names(words), ['9 Ana Paula de Souza'], words);
        looker.removePerson('Ana Paula');
        assert.deepEqual(await names('100%'), []);
        assert.deepEqual(await names('3'), ['3 Alan Turing']);
        for (const words of [
          'Alan Turing <alan@example.com>',
          '"Turing, Alan" <alan@example.com>,',
          'mailto:alan@example.com',
          '\u2068Alan\u2069 Tur\u200bing',
          '\u20683\u2069',
        ])
          assert.deepEqual(await names(words), ['3 Alan Turing'], words);
        looker.addPerson({ firstName: 'André', lastName: 'می‌خواهم' });
        for (const words of ['Andre\u0301', 'می‌خواهم', 'André می‌خواهم'])
          assert.deepEqual(
            (await names(words)).map((name) => name.split(' ')[1]),
            ['André'],
            words,
          );
        looker.removePerson('André');
        for (const [lastName, firstName] of [
          ['李', '小龍'],
          ['山田', '太郎'],
          ['김', '민준'],
        ] as const) {
          looker.addPerson({ firstName, lastName });
          for (const words of [`${lastName}${firstName}`, firstName, `${lastName} ${firstName}`])
            assert.deepEqual(
              (await names(words)).map((name) => name.split(' ').slice(1)),
              [[firstName, lastName]],
              words,
            );
          looker.removePerson(firstName);
        }
        assert.deepEqual(await names('x'.repeat(100_000)), []);
        assert.deepEqual(await names('\\'.repeat(3)), await names(''));
        assert.equal((await names('')).length, 8);
      });

      it("marks users with only a name: everyone but themselves for users who aren't admins", async () => {
        const nameOnly = async (name: string) =>
          (await api().searchUsers('', await tokenOf(name))).users
            .filter(({ isNameOnly }) => isNameOnly)
            .map(({ id }) => id)
            .sort();
        assert.deepEqual(await nameOnly('Ada'), []);
        assert.deepEqual(await nameOnly('Grace Hopper'), ['1', '3', '4', '5', '6', '7', '8']);
      });

      it('finds users page by page, each of them once', async () => {
        const newcomers = Array.from({ length: 103 }, () =>
          looker.addPerson({ firstName: 'Same', lastName: 'Name' }),
        );
        const token = await tokenOf('Ada');
        const pages = [];
        for (const page of [1, 2, 3]) pages.push(await api().searchUsers('same', token, page));
        assert.deepEqual(
          pages.map(({ users, hasMore }) => [users.length, hasMore]),
          [
            [USERS_PER_PAGE, true],
            [USERS_PER_PAGE, true],
            [3, false],
          ],
        );
        const found = pages.flatMap(({ users }) => users.map(({ id }) => id));
        assert.equal(new Set(found).size, newcomers.length);
        newcomers.forEach(() => {
          looker.removePerson('Same');
        });
      });

      it('ignores users beyond the requested number', async () => {
        const token = await tokenOf('Ada');
        const user = { id: '9', display_name: 'Ada' };
        const body = Array.from({ length: 20_000 }, (_, id) => ({ ...user, id: String(id) }));
        looker.fault({ path: '/search', times: 1, kind: { is: 'json', status: 200, body } });
        assert.equal((await api().searchUsers('ada', token)).users.length, USERS_PER_PAGE);
      });

      it("skips users that it can't read, and fails if it can read none", async () => {
        const token = await tokenOf('Ada');
        const found = async (body: unknown) => {
          looker.fault({ path: '/search', times: 1, kind: { is: 'json', status: 200, body } });
          const { users } = await api().searchUsers('ada', token);
          return users.map(({ id, isDisabled }) => [id, isDisabled]);
        };
        const odd = [
          { id: '1', is_disabled: 'no' },
          { display_name: 'No ID' },
          null,
          { id: '3', is_disabled: true },
        ];
        assert.deepEqual(await found(odd), [
          ['1', false],
          ['3', true],
        ]);
        assert.deepEqual(await found([]), []);
        await assert.rejects(found([{ display_name: 'No ID' }]), LookerError);
      });

      it('distinguishes an unknown user from a refusal', async () => {
        await assert.rejects(api().loginAs('404', await tokenOf('Ada')), UnknownUserError);
      });
    });
  }

  it('counts the expiry from the start of the request', async () => {
    looker.fault({ path: '/login', kind: { is: 'slow', ms: 50 } });
    const before = Date.now();
    const { issuedAt, expiresAt } = await lookerApi(looker.baseUrl).login(looker.apiKeyOf('Ada'));
    assert.ok(issuedAt >= before - 1 && issuedAt < before + 50, `${issuedAt - before} ms`);
    assert.equal(expiresAt, issuedAt + 3_600_000);
  });

  it('sends a user agent with every request', async () => {
    const asked = looker.requests.length;
    const api = lookerApi(looker.baseUrl);
    await api.release();
    const { value } = await api.login(looker.apiKeyOf('Ada'));
    await api.logout(value);
    const agents = looker.requests.slice(asked).map(({ headers }) => headers['user-agent']);
    assert.deepEqual(agents, ['looker-auth', 'looker-auth', 'looker-auth']);
  });

  for (const [age, isHeard] of [
    ['3600', false],
    ['1', false],
    ['3600, 12', false],
    ['0, 12', false],
    ['soon', false],
    ['-1', false],
    ['0', true],
    ['0, 0', true],
    [undefined, true],
  ] as const) {
    it(`${isHeard ? 'uses' : 'ignores'} a date with an Age of ${age}`, async () => {
      const hourAgo = new Date(Date.now() - 3_600_000).toUTCString();
      const fetch: Fetch = async (...request) => {
        const response = await fetchFor(looker.baseUrl)(...request);
        const headers = new Map([['date', hourAgo], ...(age ? [['age', age] as const] : [])]);
        return {
          status: response.status,
          headers: { get: (name) => headers.get(name) ?? response.headers.get(name) },
          text: () => response.text(),
        };
      };
      const serverClock = new ServerClock(machineClock);
      await lookerApi(looker.baseUrl, { fetch, serverClock }).release();
      assert.equal(serverClock.ahead < -3_500_000, isHeard);
    });
  }

  it('sends the key in the query only if the instance is configured for that', async () => {
    await lookerApi(looker.baseUrl, { credentialsInQuery: true }).login(looker.apiKeyOf('Ada'));
    assert.equal(lastRequest()?.query['client_id'], looker.apiKeyOf('Ada').clientId);
    assert.deepEqual(lastRequest()?.form, {});
  });

  it('sends `associative` only when it is set', async () => {
    const admin = await tokenOf('Ada');
    await lookerApi(looker.baseUrl).loginAs('3', admin);
    assert.deepEqual(lastRequest()?.query, {});
    await lookerApi(looker.baseUrl, { apiVersion: '3.1' }).loginAs('3', admin, false);
    assert.deepEqual(lastRequest()?.query, { associative: 'false' });
  });

  it('escapes a user ID, and accepts only integers in 3.x', async () => {
    const admin = await tokenOf('Ada');
    await assert.rejects(lookerApi(looker.baseUrl).loginAs('../logout', admin), UnknownUserError);
    assert.equal(lastRequest()?.path, '/api/4.0/login/..%2Flogout');
    const asked = looker.requests.length;
    const old = lookerApi(looker.baseUrl, { apiVersion: '3.1' });
    await assert.rejects(old.loginAs('abc', admin), UnknownUserError);
    assert.equal(looker.requests.length, asked);
  });

  it('reports that Looker rejected the key, which it does with 404', async () => {
    const wrong = { ...looker.apiKeyOf('Ada'), clientSecret: 'wrong-secret' };
    await assert.rejects(lookerApi(looker.baseUrl).login(wrong), (error: Error) => {
      assert.ok(error instanceof ApiKeyRefusedError);
      assert.equal(error.status, 404);
      assert.match(error.message, /^127\.0\.0\.1:\d+ rejected this API key\. Check/);
      return true;
    });
  });

  it('explains the admin role and the Google Cloud core rule when sudo is refused', async () => {
    const token = await tokenOf('Nightly Export');
    looker.setRoles('Nightly Export', ['developer']);
    await assert.rejects(lookerApi(looker.baseUrl).loginAs('3', token), (error: Error) => {
      assert.ok(error instanceof SudoRefusedError);
      assert.match(error.message, /Admin role/);
      assert.match(error.message, /Google Cloud core/);
      return true;
    });
    looker.setRoles('Nightly Export', ['admin']);
  });

  it('treats the logout of an invalid token as done', async () => {
    await lookerApi(looker.baseUrl).logout('long-gone');
  });

  it("doesn't treat a logout as done if Looker refuses it for another reason", async () => {
    looker.fault({ path: '/logout', kind: { is: 'refusal', status: 403 } });
    await assert.rejects(lookerApi(looker.baseUrl).logout(await tokenOf('Ada')), RefusedError);
  });

  it('distinguishes a forbidden search from an invalid token', async () => {
    const token = await tokenOf('Ada');
    looker.fault({ path: '/search', kind: { is: 'refusal', status: 403 } });
    await assert.rejects(lookerApi(looker.baseUrl).searchUsers('x', token), RefusedError);
    looker.revokeToken(token);
    looker.clearFaults();
    await assert.rejects(lookerApi(looker.baseUrl).searchUsers('x', token), TokenRejectedError);
  });

  describe('when things go wrong', () => {
    const cases: [what: string, kind: FaultKind, error: new (...args: never[]) => LookerError][] = [
      ['an HTML page', { is: 'html', status: 200, page: 'login' }, NotLookerApiError],
      ['an HTML 404', { is: 'html', status: 404 }, NotLookerApiError],
      ['a 502 page', { is: 'html', status: 502 }, ServerError],
      ['a refusal', { is: 'refusal', status: 404 }, ApiKeyRefusedError],
      [
        'a refusal of a gateway',
        { is: 'json', status: 403, body: { error: 'blocked' } },
        NotLookerApiError,
      ],
      [
        'half a refusal',
        { is: 'json', status: 404, body: { message: 'Not found' } },
        NotLookerApiError,
      ],
      ['a 500 in JSON', { is: 'refusal', status: 500 }, ServerError],
      ['no token in the response', { is: 'json', status: 200, body: {} }, UnexpectedResponseError],
      ['a list', { is: 'json', status: 200, body: [] }, UnexpectedResponseError],
      ['a token lifetime of 0', reply({ expires_in: 0 }), UnexpectedResponseError],
      ['a token lifetime of a century', reply({ expires_in: 3.2e9 }), UnexpectedResponseError],
      ['a token no header can carry', reply({ access_token: 'a\nb' }), UnexpectedResponseError],
      [
        'half of a JSON text',
        { is: 'text', status: 200, body: '{"access_token":' },
        NotLookerApiError,
      ],
      ['an empty body', { is: 'text', status: 200, body: '' }, NotLookerApiError],
      ['a choice of pages', { is: 'text', status: 300, body: '' }, NotLookerApiError],
      ['a request to use a proxy', { is: 'text', status: 305, body: '' }, NotLookerApiError],
      ['a status of no standard', { is: 'text', status: 399, body: '' }, NotLookerApiError],
      ['a redirect that leads nowhere', { is: 'text', status: 302, body: '' }, RedirectedError],
      ['an unusual redirect', { is: 'redirect', to: '/x', status: 300 }, RedirectedError],
      ['a reset connection', { is: 'reset' }, UnreachableError],
      ['a reset in mid-body', { is: 'reset', afterHeaders: true }, UnreachableError],
      ['a half-open connection', { is: 'halfOpen' }, TimeoutError],
      ['silence in mid-body', { is: 'halfOpen', afterHeaders: true }, TimeoutError],
      ['a slow response', { is: 'slow', ms: 1500 }, TimeoutError],
      ['5 MB', { is: 'huge', bytes: 5 * 1024 * 1024 }, ResponseTooLargeError],
      ['a long Retry-After', { is: 'rateLimited', retryAfter: '3600' }, RateLimitedError],
      ['nonsense as Retry-After', { is: 'rateLimited', retryAfter: 'soon' }, RateLimitedError],
    ];
    for (const [what, kind, error] of cases) {
      it(`reports ${what} as ${error.name}`, async () => {
        looker.fault({ path: '/login', kind });
        const api = lookerApi(looker.baseUrl, { timeoutMs: 300 });
        await assert.rejects(api.login(looker.apiKeyOf('Ada')), error);
      });
    }

    it('never follows a redirect, and shows only its origin', async () => {
      const asked = looker.requests.length;
      looker.fault({
        path: '/login',
        kind: { is: 'redirect', to: 'https://evil.example/x?secret=1' },
      });
      await assert.rejects(
        lookerApi(looker.baseUrl).login(looker.apiKeyOf('Ada')),
        (error: Error) => {
          assert.ok(error instanceof RedirectedError);
          assert.match(
            error.message,
            /redirects to https:\/\/evil\.example, perhaps for single sign-on/,
          );
          assert.ok(!error.message.includes('secret'));
          return true;
        },
      );
      assert.equal(looker.requests.length, asked + 1);
    });

    for (const [where, to, isOffered] of [
      ['its own host', (own: string) => own.replace(/\d+$/, '1'), true],
      ['a host of Looker', () => 'https://acme.cloud.looker.com', true],
      ["a site of Looker's that is no instance", () => 'https://www.looker.com', false],
      ['an identity provider', () => 'https://login.acme.example/saml', false],
      ['a host that only looks like one', () => 'https://looker.com.evil.example', false],
    ] as const) {
      it(`${isOffered ? 'offers' : "doesn't offer"} the URL of a redirect to ${where}`, async () => {
        looker.fault({ kind: { is: 'redirect', to: to(looker.baseUrl) } });
        await assert.rejects(lookerApi(looker.baseUrl).release(), (error: Error) => {
          assert.equal(error.message.includes("If that's your instance"), isOffered, error.message);
          return true;
        });
      });
    }

    for (const to of ['https://sso.example', 'https://acme.looker.com', 'https://$(x).example']) {
      it(`sends a key to the instance only, if it redirects to ${to}`, async () => {
        const asked = looker.requests.length;
        looker.fault({ path: '/login', kind: { is: 'redirect', to, status: 307 } });
        const login = lookerApi(looker.baseUrl).login(looker.apiKeyOf('Ada'));
        await assert.rejects(login, /^RedirectedError: .* so Looker Auth sent nothing there\. /);
        assert.equal(looker.requests.length, asked + 1);
      });
    }

    for (const to of ['http://acme.looker.com/login', 'http://acme.cloud.looker.com']) {
      it(`never offers a less secure URL, such as ${to}`, async () => {
        const baseUrl = 'https://acme.looker.com';
        const fetch: Fetch = () =>
          Promise.resolve({
            status: 301,
            headers: { get: (name) => (name === 'location' ? to : null) },
            text: () => Promise.resolve(''),
          });
        await assert.rejects(lookerApi(baseUrl, { fetch }).release(), {
          name: 'RedirectedError',
          message: `acme.looker.com redirects to ${new URL(to).origin}, which is plain HTTP, so Looker Auth sent nothing there. Ask your Looker admin to correct the redirect.`,
        });
      });
    }

    for (const [what, interceptor, kind] of INTERCEPTED) {
      it(`recognizes ${what} in front of Looker, on every call`, async () => {
        looker.fault({ kind });
        const api = lookerApi(looker.baseUrl);
        const { signal } = new AbortController();
        for (const call of [
          () => api.login(looker.apiKeyOf('Ada')),
          () => api.me('token'),
          () => api.logout('token'),
          () => api.isLooker(signal),
        ]) {
          await assert.rejects(call(), { name: 'InterceptedError', interceptor });
        }
      });
    }

    it("takes no refusal in another product's words for one of Looker", async () => {
      const documentation_url = 'https://docs.github.com/rest';
      const body = { message: 'Not Found', documentation_url, status: '404' };
      looker.fault({ path: '/login', kind: { is: 'json', status: 404, body } });
      await assert.rejects(
        lookerApi(looker.baseUrl).login(looker.apiKeyOf('Ada')),
        NotLookerApiError,
      );
    });

    it('takes a refusal in the words of Looker for one, whatever headers a proxy adds', async () => {
      const body = { message: 'Not found', documentation_url: 'https://cloud.google.com/looker/' };
      const headers = { 'X-DataDome': 'protected', 'CF-Mitigated': 'challenge' };
      looker.fault({ path: '/login', kind: { is: 'json', status: 404, body, headers } });
      await assert.rejects(
        lookerApi(looker.baseUrl).login(looker.apiKeyOf('Ada')),
        ApiKeyRefusedError,
      );
    });

    it('waits for a short Retry-After', async () => {
      looker.fault({ path: '/login', times: 1, kind: { is: 'rateLimited', retryAfter: '1' } });
      await lookerApi(looker.baseUrl).login(looker.apiKeyOf('Ada'));
    });

    it('sends a rejected login once', async () => {
      const asked = looker.requests.length;
      const wrong = { clientId: 'a', clientSecret: 'b' };
      await assert.rejects(lookerApi(looker.baseUrl).login(wrong), ApiKeyRefusedError);
      assert.equal(looker.requests.length, asked + 1);
    });

    it('reports a refused connection', async () => {
      const gone = net.createServer().listen(0, '127.0.0.1');
      await once(gone, 'listening');
      const { port } = gone.address() as AddressInfo;
      gone.close();
      const api = lookerApi(`http://127.0.0.1:${port}`);
      await assert.rejects(api.login(looker.apiKeyOf('Ada')), /connection refused/);
    });

    it('reports an untrusted certificate', async () => {
      const secure = await StandInLooker.start({ https: true });
      await assert.rejects(lookerApi(secure.baseUrl).release(), UntrustedCertificateError);
      await secure.stop();
    });

    it('sends nothing over plain HTTP to another machine, unless the user allowed it', async () => {
      const fetch = () => Promise.reject(new Error('asked'));
      const api = (plainHttp: boolean) =>
        lookerApi('http://looker.example:9999', { fetch, plainHttp });
      await assert.rejects(api(false).release(), PlainHttpError);
      await assert.rejects(api(true).release(), UnreachableError);
    });

    it('treats as this machine only names that VS Code never sends to a proxy, and explains what to do for others', async () => {
      const fetch = () => Promise.reject(new Error('asked'));
      const api = (baseUrl: string, plainHttp = false) => lookerApi(baseUrl, { fetch, plainHttp });
      for (const host of ['localhost', '127.0.0.1', '[::1]']) {
        await assert.rejects(api(`http://${host}:9999`).release(), UnreachableError);
      }
      for (const host of ['dev.localhost', '127.0.0.2']) {
        const baseUrl = `http://${host}:9999`;
        await assert.rejects(api(baseUrl).release(), (error: Error) => {
          assert.ok(error instanceof PlainHttpError);
          assert.match(
            error.message,
            /Use HTTPS, or allow HTTP for this instance with "plainHttp"/,
          );
          return true;
        });
        await assert.rejects(api(baseUrl, true).release(), UnreachableError);
      }
    });

    for (const [when, kind] of [
      ['before the answer', { is: 'halfOpen' }],
      ['in mid-body', { is: 'halfOpen', afterHeaders: true }],
      ['while it waits for Retry-After', { is: 'rateLimited', retryAfter: '9' }],
    ] as const) {
      it(`stops when canceled ${when}`, async () => {
        looker.fault({ path: '/login', kind });
        const cancel = new AbortController();
        const login = lookerApi(looker.baseUrl).login(looker.apiKeyOf('Ada'), cancel.signal);
        setTimeout(() => {
          cancel.abort();
        }, 100);
        await assert.rejects(login, CanceledError);
      });
    }

    it('repeats no secret in an error, not even credentials in the query', async () => {
      for (const [, kind] of cases) {
        looker.clearFaults();
        looker.fault({ path: '/login', kind });
        const options = { timeoutMs: 200, credentialsInQuery: true };
        const key = looker.apiKeyOf('Ada');
        await assert.rejects(lookerApi(looker.baseUrl, options).login(key), (error: Error) => {
          const told = JSON.stringify([error, error.message, error.stack, String(error.cause)]);
          return !told.includes(key.clientSecret) && !told.includes(key.clientId);
        });
      }
    });
  });
});

function page(status: number, body: string, headers: Record<string, string> = {}): FaultKind {
  return { is: 'text', status, body, headers: { 'Content-Type': 'text/html', ...headers } };
}

function reply(fields: Record<string, unknown>): FaultKind {
  const good = { access_token: 'abc', token_type: 'Bearer', expires_in: 3600 };
  return { is: 'json', status: 200, body: { ...good, ...fields } };
}
