import assert from 'node:assert/strict';
import {
  InterceptedError,
  NotLookerApiError,
  RedirectedError,
} from '../../../../src/looker/errors/notLooker';
import {
  RateLimitedError,
  ServerError,
  UnexpectedResponseError,
} from '../../../../src/looker/errors/response';
import { TimeoutError, UnreachableError } from '../../../../src/looker/errors/network';
import {
  BrowserLoginEndedError,
  BrowserLoginFailedError,
  BrowserLoginForbiddenError,
  BrowserLoginNotSetUpError,
  BrowserLoginUnsupportedError,
  CodeRejectedError,
} from '../../../../src/looker/oauth/errors';
import { isRegistered, redeemCode, refresh } from '../../../../src/looker/oauth/tokenEndpoint';
import { StandInLooker, type FaultKind } from '../../../standIn/standInLooker';
import { loginClient, codeFor, grantFor, optionsFor } from './harness';

const EMAIL = 'katherine@example.com';

describe('the token endpoint', () => {
  let looker: StandInLooker;
  beforeEach(async () => {
    looker = await StandInLooker.start();
    looker.registerClient(loginClient.clientId, [loginClient.redirectUri]);
  });
  afterEach(() => looker.stop());

  it('redeems a code for an access token and a refresh token, in JSON, with no secret', async () => {
    const { token, refreshToken } = await grantFor(looker, EMAIL);
    assert.deepEqual(
      looker.liveTokens().map(({ value, userId }) => [value, userId]),
      [[token.value, '4']],
    );
    assert.deepEqual(looker.liveRefreshTokens(), [{ userId: '4', value: refreshToken }]);
    const request = looker.requests.at(-1);
    assert.equal(request?.path, '/api/token');
    assert.equal(request.headers['content-type'], 'application/json');
    assert.equal(request.headers.authorization, undefined);
    assert.deepEqual(Object.keys(request.form).sort(), [
      'client_id',
      'code',
      'code_verifier',
      'grant_type',
      'redirect_uri',
    ]);
  });

  it('refreshes, for every kind of rotation', async () => {
    for (const rotation of ['none', 'new', 'newAndReuseKills', 'null'] as const) {
      looker.oauth.rotation = rotation;
      const { refreshToken: first = '' } = await grantFor(looker, EMAIL);
      const { token, refreshToken } = await refresh(optionsFor(looker), loginClient, first);
      assert.ok(looker.liveTokens().some(({ value }) => value === token.value));
      assert.equal(refreshToken !== undefined, rotation.startsWith('new'), rotation);
      assert.notEqual(refreshToken, first);
    }
  });

  it('accepts a grant without a refresh token', async () => {
    looker.oauth.givesRefreshTokens = false;
    assert.equal((await grantFor(looker, EMAIL)).refreshToken, undefined);
  });

  for (const errors of ['oauth', 'looker'] as const) {
    describe(`errors in the shape of ${errors}`, () => {
      beforeEach(() => {
        looker.oauth.errors = errors;
      });

      it('reports that a code was already used, or belongs to another client or verifier', async () => {
        const { code, verifier } = await codeFor(looker, EMAIL);
        const options = optionsFor(looker);
        await redeemCode(options, loginClient, code, verifier);
        await assert.rejects(redeemCode(options, loginClient, code, verifier), CodeRejectedError);
        const again = await codeFor(looker, EMAIL);
        await assert.rejects(
          redeemCode(options, loginClient, again.code, verifier),
          CodeRejectedError,
        );
        const third = await codeFor(looker, EMAIL);
        looker.registerClient('other', [loginClient.redirectUri]);
        await assert.rejects(
          redeemCode(options, { ...loginClient, clientId: 'other' }, third.code, third.verifier),
          CodeRejectedError,
        );
      });

      it('reports that a refresh token has ended', async () => {
        const { refreshToken = '' } = await grantFor(looker, EMAIL);
        looker.endRefreshTokens();
        await assert.rejects(
          refresh(optionsFor(looker), loginClient, refreshToken),
          BrowserLoginEndedError,
        );
      });
    });
  }

  it('reports that an admin has disabled the client', async () => {
    const { refreshToken = '' } = await grantFor(looker, EMAIL);
    looker.disableClient(loginClient.clientId);
    await assert.rejects(
      refresh(optionsFor(looker), loginClient, refreshToken),
      BrowserLoginNotSetUpError,
    );
  });

  it('reports that a release has no OAuth, or that there is no Looker', async () => {
    looker.oauth.isThere = false;
    await assert.rejects(refresh(optionsFor(looker), loginClient, 'r'), NotLookerApiError);
    looker.fault({ kind: { is: 'refusal', status: 404 } });
    await assert.rejects(
      refresh(optionsFor(looker), loginClient, 'r'),
      BrowserLoginUnsupportedError,
    );
  });

  it('ends a login only if Looker itself says so', async () => {
    const { refreshToken = '' } = await grantFor(looker, EMAIL);
    const cases: readonly (readonly [FaultKind, new (...given: never[]) => Error])[] = [
      [{ is: 'html', status: 400 }, NotLookerApiError],
      [{ is: 'html', status: 401 }, InterceptedError],
      [{ is: 'html', status: 403 }, InterceptedError],
      [{ is: 'html', status: 404 }, NotLookerApiError],
      [{ is: 'html', status: 502 }, ServerError],
      [{ is: 'html', status: 200 }, InterceptedError],
      [{ is: 'json', status: 400, body: {} }, NotLookerApiError],
      [{ is: 'json', status: 401, body: { message: 'no' } }, InterceptedError],
      [{ is: 'json', status: 400, body: { error: 'invalid_request' } }, BrowserLoginFailedError],
      [{ is: 'json', status: 403, body: { error: 'access_denied' } }, BrowserLoginForbiddenError],
      [{ is: 'json', status: 400, body: { error: { code: 'invalid_grant' } } }, NotLookerApiError],
      [{ is: 'json', status: 200, body: {} }, UnexpectedResponseError],
      [{ is: 'json', status: 200, body: { error: 'invalid_grant' } }, UnexpectedResponseError],
      [{ is: 'rateLimited', retryAfter: '5' }, RateLimitedError],
      [{ is: 'rateLimited', status: 503, retryAfter: '5' }, RateLimitedError],
      [{ is: 'refusal', status: 500 }, ServerError],
      [{ is: 'redirect', to: 'https://evil.test/' }, RedirectedError],
      [{ is: 'reset' }, UnreachableError],
      [{ is: 'reset', afterHeaders: true }, UnreachableError],
      [{ is: 'halfOpen' }, TimeoutError],
    ];
    for (const [kind, type] of cases) {
      looker.clearFaults();
      looker.fault({ path: '/api/token', kind });
      const asking = refresh(optionsFor(looker, { timeoutMs: 300 }), loginClient, refreshToken);
      await assert.rejects(asking, type, JSON.stringify(kind));
    }
    looker.clearFaults();
    await refresh(optionsFor(looker), loginClient, refreshToken);
  });

  it('refuses a response with unsafe tokens', async () => {
    const body = { access_token: 'good', token_type: 'Bearer', expires_in: 3600 };
    const bad = [
      { ...body, access_token: 'a\r\nX: 1' },
      { ...body, access_token: undefined },
      { ...body, expires_in: '3600' },
      { ...body, expires_in: 1e15 },
      { ...body, refresh_token: 7 },
      { ...body, refresh_token: 'a b' },
      { ...body, refresh_token: 'a\n' },
      { ...body, refresh_token: 'x'.repeat(5000) },
    ];
    for (const each of bad) {
      looker.clearFaults();
      looker.fault({ path: '/api/token', kind: { is: 'json', status: 200, body: each } });
      await assert.rejects(refresh(optionsFor(looker), loginClient, 'r'), UnexpectedResponseError);
    }
  });

  it('keeps codes, verifiers and tokens out of every error', async () => {
    const { code, verifier } = await codeFor(looker, EMAIL);
    const { refreshToken = '' } = await grantFor(looker, EMAIL);
    const kinds: readonly FaultKind[] = [
      { is: 'json', status: 400, body: { error: 'invalid_grant', error_description: code } },
      { is: 'json', status: 400, body: { error: code } },
      { is: 'refusal', status: 400, message: `${code} ${verifier} ${refreshToken}` },
      { is: 'text', status: 400, body: refreshToken },
      { is: 'redirect', to: `https://evil.test/?code=${code}` },
      { is: 'reset' },
    ];
    for (const kind of kinds) {
      looker.clearFaults();
      looker.fault({ path: '/api/token', kind });
      for (const asking of [
        () => redeemCode(optionsFor(looker), loginClient, code, verifier),
        () => refresh(optionsFor(looker), loginClient, refreshToken),
      ]) {
        const error = await asking().then(
          () => assert.fail(),
          (thrown: unknown) => thrown as Error,
        );
        const said = `${error.message} ${error.stack ?? ''} ${JSON.stringify(error)} ${String(error.cause)}`;
        for (const secret of [code, verifier, refreshToken])
          assert.ok(!said.includes(secret), said);
      }
    }
  });

  it('reveals without a user whether a client is registered, and ends no login', async () => {
    const options = optionsFor(looker);
    const unknown = { ...loginClient, clientId: 'unknown' };
    assert.equal(await isRegistered(options, loginClient), true);
    assert.equal(await isRegistered(options, unknown), false);
    looker.disableClient(loginClient.clientId);
    assert.equal(await isRegistered(options, loginClient), false);
    looker.oauth.errors = 'looker';
    assert.equal(await isRegistered(options, unknown), undefined);
    looker.oauth.errors = 'html';
    await assert.rejects(isRegistered(options, unknown), NotLookerApiError);
    looker.oauth.isThere = false;
    await assert.rejects(isRegistered(options, loginClient), NotLookerApiError);
    assert.deepEqual(looker.liveTokens(), []);
  });
});
