import assert from 'node:assert/strict';
import { otherApiUrl } from '../../../../src/looker/instance/apiUrl';
import { otherWebUrl, webUrlOf } from '../../../../src/looker/instance/webUrl';

describe('the URL of an instance for the browser', () => {
  const cases: [what: string, baseUrl: string, told: string | undefined, webUrl: string][] = [
    [
      'is where it says, on another port',
      'https://looker.acme.dev:19999',
      'https://looker.acme.dev:9999',
      'https://looker.acme.dev:9999',
    ],
    [
      'is a place without path and query',
      'https://acme.looker.com:19999',
      'https://acme.looker.com/folders/home?x=1',
      'https://acme.looker.com',
    ],
    [
      'is the usual port where it does not say',
      'https://acme.looker.com:19999',
      undefined,
      'https://acme.looker.com',
    ],
    [
      'is the base URL where that is no port of the API',
      'https://looker.acme.dev:9999',
      undefined,
      'https://looker.acme.dev:9999',
    ],
    [
      'is never another host, whatever it says',
      'https://acme.looker.com',
      'https://acme.looker.com.evil.example/login',
      'https://acme.looker.com',
    ],
    [
      'is never plain http where the API is not',
      'https://looker.acme.dev',
      'http://looker.acme.dev:9999',
      'https://looker.acme.dev',
    ],
    [
      'is plain http where the API is',
      'http://localhost:19999',
      'http://localhost:9999',
      'http://localhost:9999',
    ],
    [
      'is nothing that a program opens',
      'https://looker.acme.dev',
      'file://looker.acme.dev/etc/passwd',
      'https://looker.acme.dev',
    ],
    ['is no nonsense', 'https://looker.acme.dev', 'soon', 'https://looker.acme.dev'],
  ];
  for (const [what, baseUrl, told, webUrl] of cases) {
    it(what, () => {
      assert.equal(webUrlOf(baseUrl, told), webUrl);
    });
  }
});

describe('another URL that an instance names for its API', () => {
  for (const [told, other] of [
    ['https://api.acme.dev:19999/api', 'https://api.acme.dev:19999'],
    ['https://looker.acme.dev/', undefined],
    ['http://api.acme.dev', undefined],
    ['https://$(x).acme.dev', undefined],
    ['https://acme.dev(eu),evil.test', undefined],
    ['file:///etc/passwd', undefined],
    [7, undefined],
    [null, undefined],
  ] as const) {
    it(`is ${other ?? 'none'} for ${told ?? 'nothing'}`, () => {
      assert.equal(otherApiUrl({ api_server_url: told }, 'https://looker.acme.dev'), other);
    });
  }
});

describe('another host that an instance names for its pages', () => {
  for (const [told, other] of [
    ['https://bi.acme.dev/folders', 'https://bi.acme.dev'],
    ['https://looker.acme.dev:9999', undefined],
    ['http://bi.acme.dev', undefined],
    ['file://bi.acme.dev/etc/passwd', undefined],
    ['https://$(x).acme.dev', undefined],
    ['https://acme.dev(eu),evil.test', undefined],
    ['command:workbench.action.quit', undefined],
    ['soon', undefined],
    [undefined, undefined],
  ] as const) {
    it(`is ${other ?? 'none'} for ${told ?? 'nothing'}`, () => {
      assert.equal(otherWebUrl('https://looker.acme.dev:19999', told), other);
    });
  }
});
