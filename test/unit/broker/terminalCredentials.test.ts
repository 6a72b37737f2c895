import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import {
  credentialsIn,
  isSame,
  randomCredentials,
  randomToken,
  tokenIn,
} from '../../../src/broker/terminalCredentials';
import { loggedRequest } from '../../../src/broker/requestLog';
import { ROOT } from '../../support/buildExtension';

describe('the credentials of a terminal', () => {
  it('have at least 256 random bits, as letters and digits', () => {
    const made = Array.from({ length: 100 }, () => [
      randomCredentials().clientSecret,
      randomToken(),
    ]).flat();
    assert.equal(new Set(made).size, made.length);
    for (const secret of made) assert.match(secret, /^[A-Za-z0-9]{44}$/);
  });

  it('match only as a whole', () => {
    const ours = randomCredentials();
    assert.equal(isSame(ours, { ...ours }), true);
    fc.assert(
      fc.property(fc.string(), fc.nat(44), (text, at) => {
        const { clientSecret } = ours;
        const guess = clientSecret.slice(0, at) + text;
        assert.equal(isSame(ours, { ...ours, clientSecret: guess }), guess === clientSecret);
        assert.equal(isSame(ours, { ...ours, clientId: text }), text === ours.clientId);
      }),
    );
    assert.equal(isSame(ours, {}), false);
  });

  it('are compared in constant time: as digests, and never as texts', () => {
    const source = (...file: string[]) => readFileSync(path.join(ROOT, 'src', ...file), 'utf8');
    const ours = source('broker', 'terminalCredentials.ts');
    for (const half of ['clientId', 'clientSecret']) {
      assert.match(ours, new RegExp(`isSameSecret\\(ours\\.${half}, theirs\\.${half}`));
    }
    const compared = source('base', 'sha256.ts');
    assert.match(compared, /timingSafeEqual\(digest\(one\), digest\(other\)\)/);
  });

  it('are found in body, query and HTTP Basic, in this order', () => {
    const basic = `Basic ${Buffer.from('c:d').toString('base64')}`;
    assert.deepEqual(credentialsIn('', 'client_id=a&client_secret=b', basic), {
      clientId: 'a',
      clientSecret: 'b',
    });
    assert.deepEqual(credentialsIn('client_id=a&client_secret=b', '', undefined), {
      clientId: 'a',
      clientSecret: 'b',
    });
    assert.deepEqual(credentialsIn('', 'grant_type=client_credentials', basic), {
      clientId: 'c',
      clientSecret: 'd',
    });
    assert.deepEqual(credentialsIn('', '', undefined), { clientId: '', clientSecret: '' });
  });

  it('are found in the header, in the format of each SDK, and so is a token', () => {
    assert.equal(tokenIn('token abc'), 'abc');
    assert.equal(tokenIn('Bearer  abc'), 'abc');
    for (const other of [
      undefined,
      '',
      'abc',
      'Basic abc',
      'token',
      'token a b',
      `token ${'a'.repeat(500)}`,
    ]) {
      assert.equal(tokenIn(other), '', other);
    }
  });
});

describe('the log of a terminal', () => {
  for (const [method, target, line] of [
    ['GET', '/api/4.0/user', 'GET /api/4.0/user'],
    ['POST', '/api/4.0/login?client_id=a&client_secret=b', 'POST /api/4.0/login'],
    ['GET', '/api/4.0/users/12/roles', 'GET /api/4.0/users/*/roles'],
    ['GET', '/api/4.0/users/credential/email/ada@example.com', 'GET /api/4.0/users/credential/*/*'],
    ['GET', '/api/4.0/queries/slug/AbC123', 'GET /api/4.0/queries/slug/*'],
    ['POST', '/api/4.0/users/12/credentials_api3', 'POST /api/4.0/users/*/credentials_api3'],
    ['GET', '/api/4.0/projects/secret_merger/files', 'GET /api/4.0/projects/*/files'],
    [
      'GET',
      '/api/4.0/lookml_models/thelook/explores/orders',
      'GET /api/4.0/lookml_models/*/explores/*',
    ],
    ['GET', 'http://user:pass@evil.example/x', 'GET /*/*/*'],
    ['EVIL\nline', '/a\nb', 'EVIL line /*'],
  ] as const) {
    it(`contains ${line}`, () => {
      assert.equal(loggedRequest(method, target), line);
    });
  }

  it('contains all words in the paths of the SDK', () => {
    const methods = readFileSync(require.resolve('@looker/sdk/lib/4.0/methods.js'), 'utf8');
    const targets = [...methods.matchAll(/['"`]\/([^'"`]+?)\/?['"`]/g)].map(
      ([, target = '']) => target,
    );
    assert.ok(targets.length > 300);
    for (const target of targets) {
      const line = `GET /api/4.0/${target.replace(/\$\{[^}]*\}/g, '*')}`;
      assert.equal(loggedRequest('GET', `/api/4.0/${target}`), line);
    }
  });

  it('has one line of limited length for any request', () => {
    fc.assert(
      fc.property(fc.string(), fc.string({ maxLength: 3000, unit: 'binary' }), (method, target) => {
        const line = loggedRequest(method, target);
        assert.ok(line.length < 600);
        assert.doesNotMatch(line, /[\p{Cc}\u2028\u2029]/u);
      }),
    );
  });
});
