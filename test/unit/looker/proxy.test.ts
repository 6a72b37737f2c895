import assert from 'node:assert/strict';
import { wayTo, type ProxySettings } from '../../../src/looker/proxy';

const NOTHING: ProxySettings = { proxy: '', noProxy: [], isOff: false };
const URL_OF = 'https://acme.cloud.looker.com';

describe('the proxy on the way to an instance', () => {
  const cases: [
    what: string,
    settings: Partial<ProxySettings>,
    env: Record<string, string>,
    says: RegExp,
    proxy?: string,
  ][] = [
    ['is none that we can see where none is configured', {}, {}, /system may have one/],
    [
      'is that of the setting',
      { proxy: 'http://proxy.acme.dev:3128' },
      { HTTPS_PROXY: 'http://other:1' },
      /through http:\/\/proxy\.acme\.dev:3128, as http\.proxy says/,
      'proxy.acme.dev:3128',
    ],
    [
      'is that of the environment, for https as for http',
      {},
      { HTTP_PROXY: 'http://other:81' },
      /through http:\/\/other:81, as HTTP_PROXY says/,
      'other:81',
    ],
    [
      'is none where VS Code is to use none',
      { proxy: 'http://p:1', isOff: true },
      { HTTPS_PROXY: 'http://p:1' },
      /http\.proxySupport/,
    ],
    [
      'is none where the setting excepts the instance',
      { proxy: 'http://p:1', noProxy: ['looker.com'] },
      {},
      /excepted by http\.noProxy/,
    ],
    [
      'is none where the environment does',
      { proxy: 'http://p:1' },
      { no_proxy: 'a.b, .LOOKER.com:443' },
      /excepted by NO_PROXY/,
    ],
    [
      'is there for what only looks excepted',
      { proxy: 'http://p:1', noProxy: ['ooker.com', 'looker.com:19999'] },
      { NO_PROXY: '*' },
      /through/,
      'p:1',
    ],
    ['is not what cannot be read as one', { proxy: 'proxy' }, {}, /system may have one/],
  ];
  for (const [what, settings, env, says, proxy] of cases) {
    it(what, () => {
      const way = wayTo(URL_OF, { ...NOTHING, ...settings }, env);
      assert.match(way.sentence, says);
      assert.equal(way.proxy?.host, proxy);
    });
  }

  it('is none for this machine, whatever is configured', () => {
    const way = wayTo('https://localhost:9999', { ...NOTHING, proxy: 'http://p:1' }, {});
    assert.equal(way.proxy, undefined);
    assert.ok(way.isCertain);
  });

  it('is there for names and addresses that are but as good as this machine', () => {
    for (const host of ['dev.localhost', '127.0.0.2']) {
      const way = wayTo(`http://${host}:9999`, { ...NOTHING, proxy: 'http://p:1' }, {});
      assert.equal(way.proxy?.host, 'p:1');
    }
  });

  it('is never shown with its user name and password', () => {
    const way = wayTo(URL_OF, { ...NOTHING, proxy: 'http://ada:secret@p:1' }, {});
    assert.doesNotMatch(way.sentence, /ada|secret/);
    assert.equal(way.proxy?.password, 'secret');
  });
});
