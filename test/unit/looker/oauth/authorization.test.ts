import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  authorizationUrl,
  codeIn,
  codeInPaste,
  type Authorization,
} from '../../../../src/looker/oauth/authorization';
import {
  BrowserLoginDeniedError,
  BrowserLoginFailedError,
  BrowserLoginNotSetUpError,
  ForeignRedirectError,
  NoRedirectError,
} from '../../../../src/looker/oauth/errors';
import { newState } from '../../../../src/looker/oauth/pkce';

const REDIRECT_URI = 'http://127.0.0.1:17653/looker-auth';
const state = newState();
const authorization: Authorization = {
  baseUrl: 'https://acme.cloud.looker.com',
  clientId: 'looker-auth-vscode',
  redirectUri: REDIRECT_URI,
  state,
};
const good = `${REDIRECT_URI}?&code=abc&state=${state}`;

describe('the URL for the browser', () => {
  it('has every parameter that OAuth and Looker require', () => {
    const url = new URL(
      authorizationUrl('https://acme.cloud.looker.com/auth', authorization, 'hash'),
    );
    assert.equal(url.origin + url.pathname, 'https://acme.cloud.looker.com/auth');
    assert.deepEqual(Object.fromEntries(url.searchParams), {
      response_type: 'code',
      client_id: 'looker-auth-vscode',
      redirect_uri: REDIRECT_URI,
      scope: 'cors_api',
      state,
      code_challenge: 'hash',
      code_challenge_method: 'S256',
    });
  });

  it('returns with the code', () => {
    assert.equal(codeIn(good, authorization), 'abc');
    assert.equal(
      codeIn(`${REDIRECT_URI}?state=${state}&code=a%2Fb%2Bc&x=1#_=_`, authorization),
      'a/b+c',
    );
  });

  it('is ignored without our state, whatever else it contains', () => {
    const foreign = [
      `${REDIRECT_URI}?code=abc`,
      `${REDIRECT_URI}?code=abc&state=`,
      `${REDIRECT_URI}?code=abc&state=${newState()}`,
      `${REDIRECT_URI}?code=abc&state=${state}&state=${state}`,
      `${REDIRECT_URI}?error=access_denied`,
      `${REDIRECT_URI}?error=access_denied&state=${newState()}`,
      REDIRECT_URI,
    ];
    for (const address of foreign) {
      assert.throws(() => codeIn(address, authorization), ForeignRedirectError, address);
    }
  });

  it('must match the redirect URI exactly', () => {
    const query = `?code=abc&state=${state}`;
    const others = [
      'https://127.0.0.1:17653/looker-auth',
      'http://127.0.0.1:17654/looker-auth',
      'http://localhost:17653/looker-auth',
      'http://127.0.0.1:17653/looker-auth/',
      'http://127.0.0.1:17653/Looker-Auth',
      'http://127.0.0.1:17653/x/looker-auth',
      'http://127.0.0.1:17653/',
      'http://ada@127.0.0.1:17653/looker-auth',
      'http://127.0.0.1:17653.evil.test/looker-auth',
      'vscode://127.0.0.1:17653/looker-auth',
      'nonsense',
      '',
    ];
    for (const other of others) {
      assert.throws(() => codeIn(other + query, authorization), NoRedirectError, other);
    }
  });

  it('explains why there is no code, without repeating its text', () => {
    const errorOf = (query: string) => {
      try {
        codeIn(`${REDIRECT_URI}?${query}&state=${state}`, authorization);
      } catch (error) {
        return error;
      }
      return undefined;
    };
    assert.ok(errorOf('error=access_denied') instanceof BrowserLoginDeniedError);
    assert.ok(errorOf('error=unauthorized_client') instanceof BrowserLoginNotSetUpError);
    assert.ok(errorOf('error=invalid_scope') instanceof BrowserLoginFailedError);
    assert.ok(errorOf('error=server_error&code=abc') instanceof BrowserLoginFailedError);
    assert.ok(errorOf('') instanceof BrowserLoginFailedError);
    assert.ok(errorOf('code=') instanceof BrowserLoginFailedError);
    assert.ok(errorOf('code=a&code=b') instanceof BrowserLoginFailedError);
    const spoof = errorOf('error=Call+0800+now&error_description=Or+else') as Error;
    assert.doesNotMatch(spoof.message, /0800|else/);
  });

  it('is recognized as people paste it', () => {
    const bare = good.slice('http://'.length);
    const pasted = [
      good,
      ` ${good}\n`,
      `<${good}>`,
      `"${good}"`,
      `\`${good}\`.`,
      bare,
      `\u200b${good}`,
      good.replaceAll('&', '&amp;'),
      `„${good}“,`,
    ];
    for (const text of pasted) assert.equal(codeInPaste(text, authorization), 'abc', text);
    const [first = '', second = ''] = good.split('&code');
    assert.equal(codeInPaste(`${first}\n  &code${second}`, authorization), 'abc');
  });

  it("isn't recognized in a bare code or any other paste", () => {
    for (const text of [
      '',
      'abc',
      state,
      'https://acme.cloud.looker.com/auth?state=1',
      'x'.repeat(1e6),
    ]) {
      assert.throws(() => codeInPaste(text, authorization), NoRedirectError);
    }
  });

  it('fails with an expected error for any paste, and accepts a code only with our state', () => {
    const anyAddress = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.webUrl({ withQueryParameters: true }),
      fc
        .array(
          fc.tuple(
            fc.constantFrom('code', 'state', 'error', 'x'),
            fc.oneof(fc.string(), fc.constant(state)),
          ),
        )
        .map((pairs) => `${REDIRECT_URI}?${new URLSearchParams(pairs).toString()}`),
    );
    fc.assert(
      fc.property(anyAddress, (address) => {
        try {
          codeInPaste(address, authorization);
          assert.ok(address.includes(state));
        } catch (error) {
          assert.ok(
            [
              NoRedirectError,
              ForeignRedirectError,
              BrowserLoginFailedError,
              BrowserLoginDeniedError,
              BrowserLoginNotSetUpError,
            ].some((type) => error instanceof type),
            String(error),
          );
        }
      }),
      { numRuns: 500 },
    );
  });
});
