import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { API_VERSIONS } from '../../src/looker/api/apiVersion';
import { LookerError } from '../../src/looker/errors/lookerError';
import { Clock, ServerClock } from '../../src/looker/clock';
import { LookerApi } from '../../src/looker/api/lookerApi';
import type { Token } from '../../src/looker/api/token';
import type { LookerUser } from '../../src/looker/api/user';

const REPLIES = 10_000;

/** Names are shown: nothing in them may alter the text around them. */
const UNPRINTABLE = /[\p{Cc}\u202a-\u202e\u2066-\u2069]/u;

const LOCATIONS = ['/', '//', 'http:', 'data:,'];

/** A response from the network, or an error while reading it. */
interface Answer {
  readonly status: number;
  readonly body: string;
  readonly retryAfter: string | null;
  readonly date: string | null;
  readonly location: string | null;
  readonly breaksWith: Error | undefined;
}

const scalar = fc.oneof(
  fc.string(),
  fc.string({ unit: 'binary' }),
  fc.double(),
  fc.integer(),
  fc.constantFrom(null, true, -1, 0, 1e308, Number.MAX_SAFE_INTEGER + 2, '', ' ', '\n', '\u202e'),
);

/** Looker's own fields with values of every kind, and sometimes without one of them. */
const almostRight = fc.record(
  {
    access_token: fc.oneof(fc.constant('token'), scalar),
    expires_in: fc.oneof(fc.integer(), fc.double(), scalar),
    token_type: scalar,
    id: fc.oneof(fc.nat().map(String), fc.constantFrom('\u202e7', '7\n', 7, -7, 1e300), scalar),
    display_name: scalar,
    first_name: scalar,
    last_name: scalar,
    email: scalar,
    is_disabled: fc.oneof(fc.boolean(), scalar),
    looker_release_version: scalar,
    supported_versions: fc.oneof(fc.array(fc.record({ version: scalar })), scalar),
  },
  { requiredKeys: [] },
);

const json = fc
  .oneof(almostRight, fc.array(almostRight, { maxLength: 5 }), fc.jsonValue())
  .map((value) => JSON.stringify(value));

const body = fc.oneof(
  { weight: 6, arbitrary: json },
  // Cut off, or with something extra in the middle.
  { weight: 1, arbitrary: fc.tuple(json, fc.nat()).map(([text, at]) => text.slice(0, at % 50)) },
  {
    weight: 1,
    arbitrary: fc.tuple(json, fc.string(), fc.nat()).map(([text, noise, at]) => {
      const middle = at % (text.length + 1);
      return text.slice(0, middle) + noise + text.slice(middle);
    }),
  },
  { weight: 1, arbitrary: fc.string({ unit: 'binary' }) },
  {
    weight: 1,
    arbitrary: fc.constantFrom('', 'null', '[[[[', '{"__proto__":{"id":"1"}}', '['.repeat(10_000)),
  },
);

/** No `Retry-After` from 1 to 10 seconds, because those are waited for in real time. */
const retryAfter = fc.oneof(
  fc.constant(null),
  fc.constantFrom('11', '99999999999999999999', '-1', 'soon', '', 'Fri, 31 Dec 2100 00:00:00 GMT'),
  fc.string().filter((text) => !/^\s*\d{1,2}\s*$/.test(text)),
);

const anyAnswer: fc.Arbitrary<Answer> = fc.record({
  status: fc.oneof(
    { weight: 3, arbitrary: fc.constant(200) },
    { weight: 1, arbitrary: fc.integer({ min: 200, max: 599 }) },
    { weight: 1, arbitrary: fc.constantFrom(204, 302, 401, 403, 404, 429, 503) },
  ),
  body,
  retryAfter,
  date: fc.oneof(
    fc.constantFrom(null, '', 'soon', 'Fri, 31 Dec 2100 00:00:00 GMT', '+275760-09-13'),
    fc.string(),
  ),
  location: fc.oneof(fc.constant(null), fc.webUrl(), fc.constantFrom(...LOCATIONS)),
  breaksWith: fc.oneof(
    { weight: 12, arbitrary: fc.constant(undefined) },
    {
      weight: 1,
      arbitrary: fc.constantFrom<Error>(
        new Error('broken'),
        Object.assign(new Error('broken'), { code: 'ECONNRESET' }),
        Object.assign(new Error('large'), { type: 'max-size' }),
        Object.assign(new Error('certificate'), { code: 'CERT_HAS_EXPIRED' }),
        Object.assign(new Error('odd'), { code: 7 }),
      ),
    },
  ),
});

/** An instance that responds to every request with this. */
function apiAnswering(answer: Answer): LookerApi {
  const clock = new Clock(
    () => Date.UTC(2030, 0),
    () => 0,
  );
  return new LookerApi({
    baseUrl: 'https://looker.test',
    apiVersion: '4.0',
    fetch: () =>
      Promise.resolve({
        status: answer.status,
        headers: {
          get: (name) =>
            new Map([
              ['retry-after', answer.retryAfter],
              ['location', answer.location],
              ['date', answer.date],
            ]).get(name) ?? null,
        },
        text: () =>
          answer.breaksWith === undefined
            ? Promise.resolve(answer.body)
            : Promise.reject(answer.breaksWith),
      }),
    timeoutMs: 3_600_000,
    plainHttp: false,
    credentialsInQuery: false,
    clock,
    serverClock: new ServerClock(clock),
  });
}

function checkToken({ value, issuedAt, expiresAt }: Token): void {
  assert.match(value, /^[\x21-\x7e]+$/);
  assert.ok(expiresAt > issuedAt);
  assert.ok(!Number.isNaN(new Date(expiresAt).getTime()));
}

function checkUser({ id, name, email, isDisabled }: LookerUser): void {
  assert.ok(id !== '');
  assert.ok(name !== '');
  assert.doesNotMatch(name, UNPRINTABLE);
  assert.ok(email === undefined || email !== '');
  assert.equal(typeof isDisabled, 'boolean');
}

/** The call for each endpoint, with a check of its result. */
const ENDPOINTS: Readonly<Record<string, (api: LookerApi) => Promise<void>>> = {
  'POST /login': async (api) => {
    checkToken(await api.login({ clientId: 'id', clientSecret: 'secret' }));
  },
  'POST /login/{user_id}': async (api) => {
    checkToken(await api.loginAs('7', 'token', true));
  },
  'DELETE /logout': async (api) => {
    await api.logout('token');
  },
  'GET /user': async (api) => {
    checkUser(await api.me('token'));
  },
  'GET /session': async (api) => {
    assert.match((await api.session('token')).sudoUserId ?? '0', /^\w[\w-]*$/);
  },
  'GET /users/search': async (api) => {
    for (const user of (await api.searchUsers('Ada', 'token')).users) checkUser(user);
  },
  'GET /versions': async (api) => {
    const release = await api.release();
    if (!release) return;
    assert.match(release.release ?? '1.0', /^[\d.]+$/);
    assert.ok(release.apiVersions.every((version) => API_VERSIONS.includes(version)));
  },
};

describe('a malformed response', () => {
  for (const [endpoint, ask] of Object.entries(ENDPOINTS)) {
    it(`to ${endpoint} is a LookerError or a valid value (${REPLIES} responses)`, async function () {
      this.timeout(60_000);
      await fc.assert(
        fc.asyncProperty(anyAnswer, async (answer) => {
          try {
            await ask(apiAnswering(answer));
          } catch (error) {
            if (!(error instanceof LookerError)) throw error;
            assert.doesNotMatch(error.message, /undefined|NaN|redirects to null/);
          }
        }),
        { numRuns: REPLIES, includeErrorInReport: true },
      );
    });
  }
});
