import assert from 'node:assert/strict';
import { resolveProxy, type ProxySettings } from '../../../../src/looker/network/proxy';

const NOTHING: ProxySettings = { proxy: '', noProxy: [], isOff: false };
const URL_OF = 'https://acme.cloud.looker.com';

describe('the proxy for an instance', () => {
  const cases: [
    what: string,
    settings: Partial<ProxySettings>,
    env: Record<string, string>,
    says: RegExp,
    proxy?: string,
  ][] = [
    ['is unknown if none is configured', {}, {}, /system may have one/],
    [
      'is taken from the setting',
      { proxy: 'http://proxy.acme.dev:3128' },
      { HTTPS_PROXY: 'http://other:1' },
      /proxy http:\/\/proxy\.acme\.dev:3128, set in http\.proxy/,
      'proxy.acme.dev:3128',
    ],
    [
      'is taken from the environment, for https as for http',
      {},
      { HTTP_PROXY: 'http://other:81' },
      /proxy http:\/\/other:81, set in HTTP_PROXY/,
      'other:81',
    ],
    [
      "is none if VS Code's proxy support is off",
      { proxy: 'http://p:1', isOff: true },
      { HTTPS_PROXY: 'http://p:1' },
      /http\.proxySupport/,
    ],
    [
      'is none if the setting excepts the instance',
      { proxy: 'http://p:1', noProxy: ['looker.com'] },
      {},
      /http\.noProxy excludes/,
    ],
    [
      'is none if the environment excepts the instance',
      { proxy: 'http://p:1' },
      { no_proxy: 'a.b, .LOOKER.com:443' },
      /no_proxy excludes/,
    ],
    [
      'is used if the instance only looks excepted',
      { proxy: 'http://p:1', noProxy: ['ooker.com', 'looker.com:19999'] },
      { NO_PROXY: '*' },
      /uses the proxy/,
      'p:1',
    ],
    [
      'is the first non-empty one in the environment',
      {},
      { https_proxy: '', HTTPS_PROXY: 'http://other:82', http_proxy: 'http://other:83' },
      /set in HTTPS_PROXY/,
      'other:82',
    ],
    [
      'may be a SOCKS proxy',
      { proxy: 'socks5h://p:1' },
      {},
      /proxy socks5h:\/\/p:1, set in http\.proxy/,
      'p:1',
    ],
    ['is never an invalid URL', { proxy: 'proxy' }, {}, /can't use the proxy in http\.proxy\./],
    [
      "is never of a scheme that VS Code doesn't support",
      { proxy: 'ftp://p:1' },
      {},
      /can't use the proxy in http\.proxy\./,
    ],
    [
      'is not a host without a scheme in the environment, either',
      {},
      { HTTPS_PROXY: 'p:3128' },
      /can't use the proxy in HTTPS_PROXY\. Write it as http:\/\/host:port/,
    ],
    [
      'is taken from the environment if the setting is invalid',
      { proxy: ' p:1 ' },
      { HTTP_PROXY: 'http://other:81' },
      /set in HTTP_PROXY/,
      'other:81',
    ],
  ];
  for (const [what, settings, env, says, proxy] of cases) {
    it(what, () => {
      const way = resolveProxy(URL_OF, { ...NOTHING, ...settings }, env);
      assert.match(way.sentence, says);
      assert.equal(way.proxy?.host, proxy);
    });
  }

  describe('is none if the instance is excepted', () => {
    const HTTPS = 'https://looker.acme.dev';
    const excepted: [what: string, exceptions: string, baseUrl?: string][] = [
      ['by its name', 'looker.acme.dev'],
      ['by a domain above', 'acme.dev'],
      ['by a domain with a dot', ' .ACME.dev '],
      ['among others', 'a.b,,acme.dev'],
      ['with the port', 'acme.dev:443'],
      ['with a port that was left out', 'acme.dev:'],
      ['with any port', 'acme.dev', `${HTTPS}:19999`],
      ['with its own port', 'acme.dev:19999', `${HTTPS}:19999`],
      ['by its address', '10.0.0.7', 'https://10.0.0.7'],
      ['under a star', 'a.b,*'],
    ];
    for (const [what, exceptions, baseUrl = HTTPS] of excepted) {
      it(`${what}: ${exceptions}`, () => {
        for (const [settings, env] of bothSources(exceptions)) {
          const way = resolveProxy(baseUrl, { ...NOTHING, proxy: 'http://p:1', ...settings }, env);
          assert.match(way.sentence, /(NO_PROXY|http\.noProxy) excludes/);
          assert.equal(way.proxy, undefined);
        }
      });
    }
  });

  describe("is used if VS Code doesn't see the instance as excepted", () => {
    const passed: [what: string, exceptions: string, baseUrl: string][] = [
      ['behind a star with a port', '*:443', 'https://looker.acme.dev'],
      ['behind a star before a domain', '*.acme.dev', 'https://looker.acme.dev'],
      ['on another port', 'acme.dev:443', 'https://looker.acme.dev:19999'],
      // VS Code compares text, and doesn't know subnets.
      ['in a subnet', '10.0.0.0/8', 'https://10.0.0.7'],
      ['at an IPv6 address', '[fd00::7],fd00::7', 'https://[fd00::7]'],
    ];
    for (const [what, exceptions, baseUrl] of passed) {
      it(`${what}: ${exceptions}`, () => {
        for (const [settings, env] of bothSources(exceptions)) {
          const way = resolveProxy(baseUrl, { ...NOTHING, proxy: 'http://p:1', ...settings }, env);
          assert.equal(way.proxy?.host, 'p:1');
        }
      });
    }
  });

  it('takes its exceptions from NO_PROXY if no_proxy is empty', () => {
    const env = { no_proxy: '', NO_PROXY: 'looker.com' };
    const way = resolveProxy(URL_OF, { ...NOTHING, proxy: 'http://p:1' }, env);
    assert.match(way.sentence, /NO_PROXY excludes/);
  });

  it('is used despite a star with a blank in NO_PROXY, but not despite one in the setting', () => {
    const settings = { ...NOTHING, proxy: 'http://p:1' };
    assert.ok(resolveProxy(URL_OF, settings, { NO_PROXY: 'a.b, *' }).proxy);
    assert.equal(resolveProxy(URL_OF, { ...settings, noProxy: [' * '] }, {}).proxy, undefined);
  });

  it('is none for this machine, whatever is configured', () => {
    const way = resolveProxy('https://localhost:9999', { ...NOTHING, proxy: 'http://p:1' }, {});
    assert.equal(way.proxy, undefined);
    assert.ok(way.isCertain);
  });

  it('is used for names and addresses that merely lead to this machine', () => {
    for (const host of ['dev.localhost', '127.0.0.2']) {
      const way = resolveProxy(`http://${host}:9999`, { ...NOTHING, proxy: 'http://p:1' }, {});
      assert.equal(way.proxy?.host, 'p:1');
    }
  });

  it('is never shown with its user name and password', () => {
    const way = resolveProxy(URL_OF, { ...NOTHING, proxy: 'http://ada:secret@p:1' }, {});
    assert.doesNotMatch(way.sentence, /ada|secret/);
    assert.equal(way.proxy?.password, 'secret');
  });

  it('is shown with its address as it is written', () => {
    const shown = (proxy: string) => resolveProxy(URL_OF, { ...NOTHING, proxy }, {}).sentence;
    assert.match(shown('http://[fd00::7]:3128'), /proxy http:\/\/\[fd00::7\]:3128, set/);
    assert.doesNotMatch(shown('socks5://[x](command:y)'), /\]\(/);
    assert.doesNotMatch(shown('socks5://$(x)'), /\$\(/);
  });

  it('is none if a password contains what ends the host of a URL, so that no part of it is shown', () => {
    for (const proxy of [
      'http://ada:2026/secret@p:1',
      'http://ada:2026?secret@p:1',
      'http://ada:2026#secret@p:1',
      String.raw`http://ada:2026\secret@p:1`,
      'socks5://ada:2026/secret@p:1',
    ]) {
      const way = resolveProxy(URL_OF, { ...NOTHING, proxy }, {});
      assert.equal(way.proxy, undefined, proxy);
      assert.ok(way.isIgnored);
      assert.doesNotMatch(way.sentence, /ada|2026|secret/);
    }
  });
});

/** The same exceptions in the setting and in the environment. */
function bothSources(exceptions: string): [Partial<ProxySettings>, Record<string, string>][] {
  return [
    [{ noProxy: exceptions.split(',') }, {}],
    [{}, { NO_PROXY: exceptions }],
  ];
}
