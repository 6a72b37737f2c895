import assert from 'node:assert/strict';
import fc from 'fast-check';
import { RequestRefusal } from '../../../src/broker/requestRefusal';
import { judge, type RequestKind } from '../../../src/broker/request/requestRules';

const HOST = '127.0.0.1:49152';

/** The kind of an allowed request, or the status it is refused with. */
function rule(request: string, ...headers: readonly string[]): RequestKind | number {
  const [method = '', target = ''] = request.split(' ');
  const rawHeaders = ['Host', HOST, ...headers.flatMap((header) => header.split(/: ?(.*)/, 2))];
  return outcome(() => judge({ method, target, rawHeaders }, HOST).kind);
}

function outcome<T>(work: () => T): T | number {
  try {
    return work();
  } catch (error) {
    if (error instanceof RequestRefusal) return error.status;
    throw error;
  }
}

describe('the request rules', () => {
  const PASSED: Readonly<Record<string, RequestKind>> = {
    'POST /api/4.0/login': 'login',
    'POST /api/3.0/login': 'login',
    'POST /api/3.1/login?client_id=a&client_secret=b': 'login',
    'POST /api/login': 'login',
    'POST /login': 'login',
    'POST //api/4.0/login': 'login',
    'POST /api/4.0/login/': 'login',
    'DELETE /api/4.0/logout': 'logout',
    'DELETE /api/logout': 'logout',
    'DELETE /logout': 'logout',
    'GET /versions': 'versions',
    'HEAD /versions': 'versions',
    'GET /api/4.0/user': 'api',
    'GET /api/4.0/session': 'api',
    'PATCH /api/4.0/session': 'selectWorkspace',
    'PATCH /api/session': 'selectWorkspace',
    'POST /api/4.0/queries/run/json?limit=5000&apply_formatting=false': 'api',
    'GET /api/4.0/looks/5/run/csv?limit=-1': 'api',
    'DELETE /api/4.0/looks/5': 'api',
    'PUT /api/4.0/projects/x/git_branch': 'api',
    // Names may contain slashes and other special characters.
    'GET /api/4.0/projects/x/git_branch/feature%2Fnew%20one': 'api',
    'GET /api/4.0/lookml_models/thelook/explores/the%3A%3Alook': 'api',
    'GET /api/4.0/lookml_models/thelook/explores/the::look': 'api',
    'GET /api/4.0/users/search?email=%25ada%40example.com%25&x=[a]{b}|c"d': 'api',
    'GET /api/4.0/users/credential/email/ada@example.com': 'api',
    'GET /api/4.0/projects/login/files': 'api',
    'POST /api/4.0/projects/token/validate': 'api',
    'GET /api/4.0/users/7/credentials_api3': 'api',
    'GET /api/4.0/oauth_client_apps': 'api',
    'GET /api/4.0/login_customization': 'api',
    'POST /api/4.0/users/7/credentials_email': 'api',
    'GET /api/4.0/embed_config': 'api',
    'POST /api/4.0/render_tasks/dashboards/1/pdf': 'api',
    'GET /api/4.0/projects/x/git_branch/%E6%96%B0%EF%BC%8F%C3%A9': 'api',
    'GET /api/4.0/folders/search/%20a%20b%20': 'api',
    // A format, which some servers cut off.
    'PATCH /api/4.0/session.json': 'selectWorkspace',
    'DELETE /api/4.0/logout.json': 'logout',
    'POST /api/4.0/login.json': 'login',
    'GET /api/4.0/session.json': 'api',
    'GET /api/session': 'api',
    // Names that hold what could be taken for something else.
    'GET /api/4.0/projects/x/git_branch/a+b': 'api',
    'GET /api/4.0/projects/x/git_branch/%F0%9F%91%A9%E2%80%8D%F0%9F%92%BB': 'api',
    'GET /api/4.0/looks/search?title=_method&x=a%EF%BC%85': 'api',
  };
  for (const [request, kind] of Object.entries(PASSED)) {
    it(`allow ${request} as ${kind}`, () => {
      assert.equal(rule(request), kind);
    });
  }

  const REFUSED: Readonly<Record<string, number>> = {
    // Paths outside of the API.
    'GET /': 404,
    'GET /api': 404,
    'GET /api/': 404,
    'GET /api/4.0': 404,
    'GET /browse': 404,
    'GET /apix/4.0/user': 404,
    'GET /mcp': 404,
    'GET /auth?client_id=a': 404,
    'GET /login/2': 404,
    'GET /alive': 404,
    'GET /versions/x': 404,
    'GET /versions?x=1': 404,
    // Other forms of targets: absolute form, authority form, asterisk form.
    'GET http://evil.example/api/4.0/user': 400,
    'GET http://127.0.0.1:49152/api/4.0/user': 400,
    'GET evil.example:443': 400,
    'OPTIONS *': 405,
    'GET *': 400,
    'GET ': 400,
    // Dot segments in any encoding.
    'GET /api/4.0/../../admin': 400,
    'GET /api/4.0/./user': 400,
    'GET /api/4.0/%2e%2e/%2E%2e/admin': 400,
    'GET /api/4.0/.%2e/user': 400,
    'GET /api/4.0/%252e%252e/user': 400,
    'GET /api/4.0/%25252e%25252e/user': 400,
    'GET /api/4.0/..%2fuser': 400,
    'GET /api/4.0/..%5cuser': 400,
    'GET /api/4.0/..;/user': 400,
    'GET /api/4.0/..%3b/user': 400,
    'GET /api/..': 400,
    // Characters that some servers read differently.
    'GET /api/4.0\\user': 400,
    'GET /api/4.0/user;x=1': 400,
    'GET /api/4.0/user#x': 400,
    'GET /api/4.0/user?a#x': 400,
    'GET /api/4.0/a%00b': 400,
    'GET /api/4.0/a%0d%0ab': 400,
    'GET /api/4.0/a%250ab': 400,
    'GET /api/4.0/%zz': 400,
    'GET /api/4.0/%': 400,
    'GET /api/4.0/%2525252565': 400,
    'GET /api/4.0/é': 400,
    'GET /%61pi/4.0/user': 404,
    'POST /api/4.0/%6cogin': 400,
    'DELETE /api/4.0/log%6fut': 400,
    // Unusual methods.
    'OPTIONS /api/4.0/user': 405,
    'TRACE /api/4.0/user': 405,
    'CONNECT /api/4.0/user': 405,
    'PROPFIND /api/4.0/user': 405,
    'get /api/4.0/user': 405,
    'GET /api/4.0/login': 405,
    'PUT /api/4.0/login': 405,
    'GET /api/4.0/logout': 405,
    'POST /api/4.0/logout': 405,
    'POST /versions': 405,
    // Forbidden for terminals: acting as others,
    'POST /api/4.0/login/5': 403,
    'POST /api/3.1/login/5?associative=false': 403,
    'POST /api/login/5': 403,
    'POST /login/5': 403,
    'POST //api//4.0//login//5': 403,
    'POST /api/4.0/LOGIN/5': 403,
    'POST /api/4.0/login%2f5': 403,
    'POST /api/4.0/login%2F5': 403,
    'POST /api/4.0/%6Cogin/5': 403,
    'POST /api/4.0/%256Cogin/5': 403,
    'POST /api/4.0/login%3B/5': 403,
    'POST /api/4.0/login%5c5': 403,
    'POST /api%2f4.0%2flogin%2f5': 403,
    'PUT /api/4.0/login/5': 403,
    'POST /api/internal/core/4.0/login/5': 403,
    'POST /api/4.0/embed/sso_url': 403,
    'POST /api/4.0/embed/token_url/me': 403,
    'POST /api/4.0/embed/cookieless_session/acquire': 403,
    'PUT /api/4.0/embed/cookieless_session/generate_tokens': 403,
    'POST /api/4.0/users/5/credentials_email/password_reset': 403,
    'POST /api/4.0/users/5/credentials_email/send_password_reset': 403,
    // creating keys,
    'POST /api/4.0/users/7/credentials_api3': 403,
    'POST /api/4.0/users/7/credentials_api3?fields=': 403,
    'PATCH /api/4.0/users/7/credentials_api3/3': 403,
    'DELETE /api/4.0/users/7/credentials_api3/3': 403,
    'POST /api/3.0/users/7/credentials_api': 403,
    'POST /api/4.0/users/7/Credentials_API3': 403,
    'POST /api/4.0/users/7%2fcredentials_api3': 403,
    'POST /api/4.0/users/7/credentials%5fapi3': 403,
    'POST /api/4.0/embed_config/secrets': 403,
    'POST /api/4.0/embed_secret': 403,
    // registering clients, or getting tokens that can be refreshed.
    'POST /api/4.0/oauth_client_apps/evil': 403,
    'PATCH /api/4.0/oauth_client_apps/evil': 403,
    'POST /api/4.0/oauth_client_apps/evil/users/5': 403,
    'DELETE /api/4.0/oauth_client_apps/evil/tokens': 403,
    'POST /api/token': 403,
    'GET /api/token': 403,
    'POST /api/4.0/token': 403,
    'POST /api/%74oken': 403,
    // Paths that a server may read differently after it removes invisible characters or replaces letters.
    'POST /api/4.0/login.json/5': 403,
    'POST /api/4.0/%20login/5': 403,
    'POST /api/4.0/login%20/5': 403,
    'POST /api/4.0/users/7/%20credentials_api3': 403,
    'POST /api/4.0/users/7/credentials%EF%BC%BFapi3': 403,
    'POST /api/4.0/%EF%BD%8Cogin/5': 403,
    'POST /api/4.0/login%EF%BC%8F5': 403,
    'GET /api/4.0/%E2%80%A4%E2%80%A4/user': 400,
    'GET /api/4.0/%20../user': 400,
    'PATCH /api/4.0/%20session': 400,
    'POST /api/4.0/users/7/credentials%E2%80%8B_api3': 403,
    'POST /api/4.0/lo%C2%ADgin/5': 403,
    'POST /api/4.0/%EF%BB%BFlogin/5': 403,
    'POST /api/4.0/+login/5': 403,
    'POST /api/4.0/log%20in/5': 403,
    'POST /api/4.0/users/7/%2Bcredentials_api3+': 403,
    'POST /api/4.0/login%EF%BC%852f5': 403,
    'POST /api/4.0/users/7%EF%BC%852fcredentials_api3': 403,
    'POST /api/4.0/users/7/%EF%BC%8563redentials_api3': 403,
    'PATCH /api/4.0/%E2%80%8Bsession': 400,
    // Letters that become an ASCII letter in another case, or without their accent: `ı`, `İ`, `ß`, `í`.
    'POST /api/4.0/log%C4%B1n/5': 403,
    'POST /api/4.0/users/7/credent%C4%B0als_api3': 403,
    'PATCH /api/4.0/sess%C4%B1on': 400,
    'PATCH /api/4.0/se%C3%9Fion': 400,
    'POST /api/4.0/log%C3%ADn/5': 403,
    'GET /api/4.0/%EF%BC%852e%EF%BC%852e/user': 400,
    // Invalid UTF-8, which old decoders read as `/`, `.`, `c`, or nothing.
    'POST /api/4.0/users/7%C0%AFcredentials_api3': 400,
    'POST /api/4.0/users/7%E0%80%AFcredentials_api3': 400,
    'POST /api/4.0/users/7%25C0%25AFcredentials_api3': 400,
    'POST /api/4.0/users/7/%C1%A3redentials_api3': 400,
    'POST /api/4.0/users/7/%80credentials_api3': 400,
    'GET /api/4.0/%C0%AE%C0%AE/user': 400,
    'GET /api/4.0/user%C0%80': 400,
    'GET /api/4.0/%ED%A0%80': 400,
    'GET /api/4.0/%u002e%u002e/user': 400,
    // Another method in the query, which some servers obey.
    'GET /api/4.0/users/7/credentials_api3?_method=POST': 400,
    'GET /api/4.0/users/7/credentials_api3?fields=id&_METHOD=POST': 400,
    'GET /api/4.0/users/7/credentials_api3?%5Fmethod=POST': 400,
    'POST /api/4.0/looks?_method=GET': 400,
    'GET /api/4.0/users/7/credentials_api3?x;_method=POST': 400,
    'GET /api/4.0/users/7/credentials_api3?X-HTTP-Method-Override=POST': 400,
    'GET /api/4.0/users/7/credentials_api3?[_method]=POST': 400,
    'GET /api/4.0/users/7/credentials_api3?_method[]=POST': 400,
    'GET /api/4.0/users/7/credentials_api3?+_method=POST': 400,
    'GET /api/4.0/users/7/credentials_api3?%20_method=POST': 400,
    'GET /api/4.0/users/7/credentials_api3?.method=POST': 400,
    'GET /api/4.0/users/7/credentials_api3?%255fmethod=POST': 400,
    'GET /api/4.0/users/7/credentials_api3?_method%00=POST': 400,
    'GET /api/4.0/users/7/credentials_api3?x_http_method_override=POST': 400,
    // A version in an unknown format.
    'POST /api/latest/login/5': 404,
    'POST /api/internal/latest/login/5': 404,
    'POST /api/4.0x/login/5': 404,
    'POST /api/4.0%2520/login/5': 403,
    'GET /api/latest/user': 404,
    'GET /api/user': 404,
  };
  for (const [request, status] of Object.entries(REFUSED)) {
    it(`refuse ${request} with ${status}`, () => {
      assert.equal(rule(request), status);
    });
  }

  describe('for headers', () => {
    const request = 'GET /api/4.0/user';
    const judged = (...rawHeaders: string[]) =>
      outcome(() => judge({ method: 'GET', target: '/api/4.0/user', rawHeaders }, HOST).kind);

    it('allow what programs send, including Sec-Fetch-Mode', () => {
      assert.equal(
        rule(request, 'Sec-Fetch-Mode: cors', 'Accept: */*', 'Authorization: token a'),
        'api',
      );
    });

    for (const host of [
      'localhost:49152',
      '127.0.0.1',
      '127.0.0.1:1',
      'evil.example',
      '127.0.0.1:49152.',
      '127.1:49152',
      '[::1]:49152',
      ' 127.0.0.1:49152',
      '[::ffff:127.0.0.1]:49152',
      '2130706433:49152',
      '0x7f.1:49152',
      'evil@127.0.0.1:49152',
      '127.0.0.1:49152@evil.example',
      '127.0.0.1:49152, evil.example',
      '127.0.0.1:49152/',
      '１２７.0.0.1:49152',
      '127。0。0。1:49152',
      'localhost.:49152',
      '127.0.0.1:049152',
      '',
    ]) {
      it(`refuse the host "${host}"`, () => {
        assert.equal(judged('Host', host), 403);
      });
    }

    it('refuse a missing or a repeated host', () => {
      assert.equal(judged(), 403);
      assert.equal(judged('Host', HOST, 'host', HOST), 403);
      assert.equal(judged('Host', 'evil.example', 'Host', HOST), 403);
    });

    for (const header of [
      'Origin: null',
      'Origin: https://evil.example',
      `Origin: http://${HOST}`,
      'Sec-Fetch-Site: cross-site',
      'Sec-Fetch-Site: none',
      'sec-fetch-site: same-origin',
      'Access-Control-Request-Method: GET',
    ]) {
      it(`refuse ${header}`, () => {
        assert.equal(rule(request, header), 403);
      });
    }

    it('refuse a request that two servers could read differently', () => {
      assert.equal(rule(request, 'Authorization: token a', 'authorization: token b'), 400);
      assert.equal(rule('POST /api/4.0/looks', 'Transfer-Encoding: gzip, chunked'), 400);
      assert.equal(rule('POST /api/4.0/looks', 'Transfer-Encoding: identity'), 400);
      assert.equal(rule('POST /api/4.0/looks', 'Content-Length: 1', 'Content-Length: 1'), 400);
      assert.equal(rule('POST /api/4.0/looks', 'Transfer-Encoding: chunked'), 'api');
      assert.equal(rule('POST /api/4.0/looks', 'Transfer-Encoding: '), 400);
      for (const length of ['010', '0x10', '1e1', '1_0', '1.0', '', '٣']) {
        assert.equal(rule('POST /api/4.0/looks', `Content-Length: ${length}`), 400, length);
      }
      assert.equal(rule('POST /api/4.0/looks', 'Content-Length: 10'), 'api');
    });

    it('refuse a body with a method that has none', () => {
      assert.equal(rule(request, 'Content-Length: 3'), 400);
      assert.equal(rule(request, 'Transfer-Encoding: chunked'), 400);
      assert.equal(rule(request, 'Content-Length: 0'), 'api');
    });
  });

  it('refuse forbidden requests in any encoding', () => {
    const forbidden = [
      '/api/4.0/login/5',
      '/api/4.0/users/7/credentials_api3',
      '/api/4.0/oauth_client_apps/x',
      '/api/4.0/embed/sso_url',
      '/api/4.0/embed_config/secrets',
      '/api/4.0/users/7/credentials_email/password_reset',
      '/api/4.0/users/7/credentials_email/send_password_reset',
      '/api/token',
    ];
    const hidden = fc
      .tuple(fc.constantFrom(...forbidden), fc.array(fc.nat(8), { minLength: 60, maxLength: 60 }))
      .map(([path, how]) =>
        path.replace(/[^/]|(?<!^)\//g, (char, i: number) => disguise(char, how[i] ?? 0)),
      );
    fc.assert(
      fc.property(hidden, (path) => {
        assert.equal(typeof rule(`POST ${path}`), 'number', path);
      }),
      { numRuns: 2000 },
    );
  });

  it('send exactly the checked request to the instance, and nowhere else', () => {
    const segment = fc.stringMatching(/^[\w\-.~%;\\@:/?#]{0,8}$/);
    fc.assert(
      fc.property(fc.array(segment, { maxLength: 5 }), (segments) => {
        const target = `/api/${segments.join('/')}`;
        const sent = outcome(() =>
          judge({ method: 'GET', target, rawHeaders: ['Host', HOST] }, HOST),
        );
        if (typeof sent === 'number') return;
        const url = new URL(`https://acme.cloud.looker.com${sent.target.text}`);
        assert.equal(url.origin, 'https://acme.cloud.looker.com');
        assert.equal(url.hash, '');
        assert.equal(url.pathname, sent.target.text.split('?')[0]);
      }),
      { numRuns: 5000 },
    );
  });
});

/** Another encoding of a character in a path. */
function disguise(char: string, how: number): string {
  const code = char.charCodeAt(0);
  const hex = code.toString(16).padStart(2, '0');
  // A look-alike from another alphabet: `／` for `/`.
  const wide = encodeURIComponent(String.fromCharCode(code + 0xfee0));
  // Two bytes for a one-byte character, which is invalid UTF-8.
  const overlong = [0xc0 | (code >> 6), 0x80 | (code & 0x3f)].map(
    (byte) => `%${byte.toString(16)}`,
  );
  return (
    [
      char,
      char,
      `%${hex}`,
      `%25${hex}`,
      char.toUpperCase(),
      wide,
      `%E2%80%8B${char}`,
      `%EF%BC%85${hex}`,
      overlong.join(''),
    ][how] ?? char
  );
}
