import assert from 'node:assert/strict';
import { parseBaseUrl, plausibleBaseUrl } from '../../../src/looker/baseUrl';
import { InvalidInstanceError } from '../../../src/looker/errors';
import { isLoopback } from '../../../src/looker/host';

describe('what people paste as an instance', () => {
  const forgiven: [pasted: string, baseUrl: string][] = [
    ['https://acme.cloud.looker.com', 'https://acme.cloud.looker.com'],
    ['acme.cloud.looker.com', 'https://acme.cloud.looker.com'],
    ['  HTTPS://Acme.Cloud.Looker.com/  ', 'https://acme.cloud.looker.com'],
    ['acme.looker.com///', 'https://acme.looker.com'],
    ['//acme.looker.com', 'https://acme.looker.com'],
    ['<https://acme.looker.com>', 'https://acme.looker.com'],
    ['"acme.looker.com"', 'https://acme.looker.com'],
    ['https://acme.looker.com:443/', 'https://acme.looker.com'],
    ['https://looker.acme.dev:19999/api/4.0', 'https://looker.acme.dev:19999'],
    ['looker.acme.dev:19999/api/3.1/', 'https://looker.acme.dev:19999'],
    ['https://acme.looker.com/explore/m/v?fields=v.a&f[v.b]=x#y', 'https://acme.looker.com'],
    ['http://looker.intern:9999/login', 'http://looker.intern:9999'],
    ['https://bücher.example', 'https://xn--bcher-kva.example'],
    ['10.0.0.7:19999', 'https://10.0.0.7:19999'],
    ['[2001:db8::7]:19999', 'https://[2001:db8::7]:19999'],
    ['https://looker', 'https://looker'],
    ['looker:19999', 'https://looker:19999'],
    ['localhost:9999', 'http://localhost:9999'],
    ['localhost:443', 'https://localhost'],
    ['127.0.0.1:40123/', 'http://127.0.0.1:40123'],
    ['https://localhost:9999', 'https://localhost:9999'],
    ['[::1]:9999', 'http://[::1]:9999'],
    // A proxy may be asked for it, see loopback.
    ['dev.localhost:9999', 'https://dev.localhost:9999'],
    ['127.0.1.1:9999', 'https://127.0.1.1:9999'],
  ];
  for (const [pasted, baseUrl] of forgiven) {
    it(`reads ${pasted} as ${baseUrl}`, () => {
      assert.equal(parseBaseUrl(pasted), baseUrl);
    });
  }

  for (const wrong of [
    '',
    '   ',
    'looker',
    'acme looker com',
    'https://',
    'http://:80',
    'a..b',
    '?',
    '12345',
    '12345:9',
  ]) {
    it(`refuses "${wrong}" with an example of a good one`, () => {
      assert.throws(() => parseBaseUrl(wrong), InvalidInstanceError);
      assert.throws(() => parseBaseUrl(wrong), /https:\/\/acme\.cloud\.looker\.com/);
    });
  }

  it('refuses other schemes', () => {
    assert.throws(() => parseBaseUrl('ftp://acme.looker.com'), /over https/);
  });

  it('refuses credentials in the URL without repeating them', () => {
    assert.throws(
      () => parseBaseUrl('https://id:hunter2@acme.looker.com'),
      (error: Error) =>
        error.message.includes('Leave user name') && !error.message.includes('hunter2'),
    );
  });
});

describe('loopback', () => {
  for (const url of [
    'http://localhost:1',
    'http://LOCALHOST',
    'http://127.0.0.1:1',
    'http://127.1',
    'http://[::1]:9',
    'http://[0:0:0:0:0:0:0:1]',
  ]) {
    it(`is ${url}`, () => {
      assert.ok(isLoopback(new URL(url).origin));
    });
  }
  for (const url of [
    'http://localhost.acme.com',
    'http://10.0.0.1',
    'http://127.acme.com',
    // Of this machine as a rule; but VS Code leads them through its proxy.
    'http://dev.localhost',
    'http://localhost.',
    'http://127.0.0.2',
    'http://[::ffff:127.0.0.1]',
  ]) {
    it(`is not ${url}`, () => {
      assert.ok(!isLoopback(new URL(url).origin));
    });
  }

  describe('on the clipboard', () => {
    const known = ['https://bi.acme.dev'];
    const taken: [text: string, baseUrl: string][] = [
      ['https://acme.cloud.looker.com/explore/m/v?x=1', 'https://acme.cloud.looker.com'],
      [' acme.eu.looker.com\n', 'https://acme.eu.looker.com'],
      ['https://0a1b.looker.app', 'https://0a1b.looker.app'],
      ['https://looker.acme.dev', 'https://looker.acme.dev'],
      ['https://data.acme.dev:19999', 'https://data.acme.dev:19999'],
      ['https://data.acme.dev/dashboards/12', 'https://data.acme.dev'],
      ['https://data.acme.dev/looks/3', 'https://data.acme.dev'],
      ['https://data.acme.dev/api/4.0/user', 'https://data.acme.dev'],
      ['https://bi.acme.dev/anything', 'https://bi.acme.dev'],
    ];
    for (const [text, baseUrl] of taken) {
      it(`is seen in ${text.trim()}`, () => {
        assert.equal(plausibleBaseUrl(text, known), baseUrl);
      });
    }
    const left = [
      '',
      'correct horse battery staple',
      'hunter2',
      'https://github.com/looker-open-source/sdk-codegen',
      'https://docs.looker.com/x',
      'https://looker.com',
      'https://user:secret@acme.cloud.looker.com',
      'see https://acme.cloud.looker.com',
      'ftp://acme.cloud.looker.com',
      'https://notlooker.com/',
      'https://acme.dev/search?q=/explore/x',
      `https://acme.cloud.looker.com/${'x'.repeat(3000)}`,
    ];
    for (const text of left) {
      it(`is not seen in ${text.slice(0, 60) || 'nothing'}`, () => {
        assert.equal(plausibleBaseUrl(text, known), undefined);
      });
    }
  });
});
