import assert from 'node:assert/strict';
import { domainToASCII } from 'node:url';
import fc from 'fast-check';
import { parseBaseUrl, plausibleBaseUrl } from '../../../../src/looker/instance/baseUrl';
import { InvalidInstanceError } from '../../../../src/looker/errors/input';
import { isLoopback } from '../../../../src/looker/instance/host';

describe('a pasted instance', () => {
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
    // May be requested through a proxy, see loopback.
    ['dev.localhost:9999', 'https://dev.localhost:9999'],
    ['127.0.1.1:9999', 'https://127.0.1.1:9999'],
    ['localhost:80', 'http://localhost'],
    // The scheme, twice or mistyped.
    ['https://https://acme.looker.com', 'https://acme.looker.com'],
    ['https://HTTPS//acme.looker.com/looks/3', 'https://acme.looker.com'],
    ['http://http://looker.intern:9999', 'http://looker.intern:9999'],
    ['https:/acme.looker.com', 'https://acme.looker.com'],
    ['https//acme.looker.com', 'https://acme.looker.com'],
    ['https;//acme.looker.com', 'https://acme.looker.com'],
    ['https: //acme.looker.com', 'https://acme.looker.com'],
    ['https:acme.looker.com', 'https://acme.looker.com'],
    ['https:\\\\acme.looker.com', 'https://acme.looker.com'],
    ['://acme.looker.com', 'https://acme.looker.com'],
    // A line of settings.
    ['LOOKERSDK_BASE_URL=https://acme.looker.com', 'https://acme.looker.com'],
    ['export LOOKERSDK_BASE_URL="https://acme.looker.com:19999"', 'https://acme.looker.com:19999'],
    ["$env:LOOKERSDK_BASE_URL = 'https://acme.looker.com'", 'https://acme.looker.com'],
    ['the URL is "https://acme.looker.com" if you are in the EU', 'https://acme.looker.com'],
    ['export LOOKER_BASE_URL="https://acme.looker.com" || exit 1', 'https://acme.looker.com'],
    ['set LOOKER_BASE_URL=acme.looker.com', 'https://acme.looker.com'],
    ['base_url: https://acme.looker.com', 'https://acme.looker.com'],
    ['base_url = https://acme.looker.com ; our Looker', 'https://acme.looker.com'],
    ['  "base_url": "https://acme.looker.com",', 'https://acme.looker.com'],
    ['"looker.instanceURL": "https://acme.looker.com"', 'https://acme.looker.com'],
    [':base_url => "https://acme.looker.com"', 'https://acme.looker.com'],
    ['[Looker] base_url=https://acme.looker.com client_id=abc', 'https://acme.looker.com'],
    ['url: looker:19999', 'https://looker:19999'],
    // Text around the URL.
    ['[Looker](https://acme.looker.com/looks/3 "ours")', 'https://acme.looker.com'],
    ['[https://acme.looker.com](https://acme.looker.com/)', 'https://acme.looker.com'],
    ['[https://acme.looker.com]', 'https://acme.looker.com'],
    ['**`https://acme.looker.com`**', 'https://acme.looker.com'],
    ['“acme.looker.com”,', 'https://acme.looker.com'],
    ['https://acme.looker.com/.', 'https://acme.looker.com'],
    ['https://acme.looker.com./login', 'https://acme.looker.com'],
    ['acme.looker.com…', 'https://acme.looker.com'],
    ['\u200bhttps://acme\u200b.looker.com\ufeff', 'https://acme.looker.com'],
    ['\u202ahttps://acme.looker.com\u202c\u0000', 'https://acme.looker.com'],
    ['my_team.looker.com', 'https://my_team.looker.com'],
    ['<https://acme.looker.com|acme.looker.com>', 'https://acme.looker.com'],
    ['<a href="https://acme.looker.com/looks/3">Looker</a>', 'https://acme.looker.com'],
    ['- [Looker](https://acme.looker.com): ours', 'https://acme.looker.com'],
    ['[Looker]: https://acme.looker.com', 'https://acme.looker.com'],
    ['• https://acme.looker.com (prod)', 'https://acme.looker.com'],
    ['Our Looker is https://acme.looker.com. Ask Ada.', 'https://acme.looker.com'],
    ['我们的Looker：https://acme.looker.com。', 'https://acme.looker.com'],
    ['“https://acme.looker.com” – Produktion', 'https://acme.looker.com'],
    ['https://acme.looker.com/looks/3 https://acme.looker.com/looks/4', 'https://acme.looker.com'],
    ['view-source:https://acme.looker.com/login', 'https://acme.looker.com'],
    ['https：／／acme.looker.com', 'https://acme.looker.com'],
    ['https//:acme.looker.com', 'https://acme.looker.com'],
    ['https%3A%2F%2Facme.looker.com%2Flooks%2F3', 'https://acme.looker.com'],
    ['"url":"https:\\/\\/acme.looker.com\\/"', 'https://acme.looker.com'],
    // Commands, and what is written for them.
    ["$ curl --location 'https://acme.looker.com:19999/versions'", 'https://acme.looker.com:19999'],
    ['POST https://acme.looker.com/api/4.0/login HTTP/1.1', 'https://acme.looker.com'],
    ['setx LOOKERSDK_BASE_URL "https://acme.looker.com" /M', 'https://acme.looker.com'],
    ['set -gx LOOKERSDK_BASE_URL acme.looker.com', 'https://acme.looker.com'],
    ['gzr session login --host acme.looker.com --su 3', 'https://acme.looker.com'],
    ['- name: LOOKERSDK_BASE_URL\n  value: https://acme.looker.com', 'https://acme.looker.com'],
    ['{"name":"LOOKERSDK_BASE_URL","value":"https://acme.looker.com"}', 'https://acme.looker.com'],
    ['base_url := "https://acme.looker.com"', 'https://acme.looker.com'],
    ['base_url=https://looker client_id=abc', 'https://looker'],
    ['base_url=https://acme.looker.com&client_id=abc', 'https://acme.looker.com'],
    ['set "LOOKER_BASE_URL=https://acme.looker.com"&&looker', 'https://acme.looker.com'],
    ['url: "https://acme.looker.com" prod', 'https://acme.looker.com'],
    ["Ours is 'https://acme.looker.com's", 'https://acme.looker.com'],
    ['See "https://acme.looker.com": ours', 'https://acme.looker.com'],
    ['base_url = "https://acme.looker.com/api/4.0" + path', 'https://acme.looker.com'],
    ['jdbc:looker:url=https://acme.looker.com;model=m', 'https://acme.looker.com'],
    ['hostname: acme.looker.com', 'https://acme.looker.com'],
    // A label, or the first cell of a row.
    ['Looker: acme.looker.com', 'https://acme.looker.com'],
    ['Looker Prod: acme.looker.com', 'https://acme.looker.com'],
    ['Host\tacme.looker.com', 'https://acme.looker.com'],
    ['インスタンス：acme.looker.com', 'https://acme.looker.com'],
    // Calls.
    ['requests.post("https://acme.looker.com/api/4.0/login")', 'https://acme.looker.com'],
    ["looker.init('https://acme.looker.com')", 'https://acme.looker.com'],
    // As Java writes properties.
    ['base_url=https\\://looker.acme.dev\\:19999', 'https://looker.acme.dev:19999'],
    // Cut off behind the host.
    ['https://looker.acme.dev/looks/3…', 'https://looker.acme.dev'],
    ['Ours is https://acme.looker.com...', 'https://acme.looker.com'],
    ['- [Looker](https://acme.looker.com), acme.looker.com', 'https://acme.looker.com'],
    ['- [acme.looker.com](https://acme.looker.com/)', 'https://acme.looker.com'],
    // Links as mail and chat programs write them: the text, and behind or before it the target.
    ...[
      'https://acme.looker.com<https://acme.looker.com/>',
      'https://acme.looker.com/<https://acme.looker.com/>',
      'https://acme.looker.com/<http://acme.looker.com/>',
      'acme.looker.com<http://acme.looker.com/>',
      'Log in at https://acme.looker.com<https://acme.looker.com/> with your account',
      'Log in at acme.looker.com<http://acme.looker.com>.',
      '(https://acme.looker.com/looks/3<https://acme.looker.com/looks/3>)',
      'https://acme.looker.com<https://eur01.safelinks.protection.outlook.com/?url=https%3A%2F%2Facme.looker.com%2F&data=1>',
      '[acme.looker.com](http://acme.looker.com)',
      '[Acme.looker.com/login](http://acme.looker.com/login "ours")',
      '- [acme.looker.com](http://acme.looker.com): ours',
      '<http://acme.looker.com|acme.looker.com>',
      'See <http://acme.looker.com|acme.looker.com>, please',
      '<a href="http://acme.looker.com/" target="_blank">acme.looker.com</a>',
    ].map((link): [string, string] => [link, 'https://acme.looker.com']),
    ['looker:9999<http://looker:9999/>', 'https://looker:9999'],
    ['[http://looker.intern:9999](http://looker.intern:9999/)', 'http://looker.intern:9999'],
    ['[Looker](http://looker.intern:9999)', 'http://looker.intern:9999'],
    ['[localhost:9999](http://localhost:9999)', 'http://localhost:9999'],
    // Links that mail, chats and documents have put in place of the one that was written.
    [
      'https://gcc02.safelinks.protection.office365.us/?url=https%3A%2F%2Facme.looker.com',
      'https://acme.looker.com',
    ],
    ['https://www.google.com/url?q=looker&url=https://acme.looker.com', 'https://acme.looker.com'],
    [
      'https://eur01.safelinks.protection.outlook.com/?url=https%3A%2F%2Facme.looker.com%2Flooks%2F3&data=05%7C01',
      'https://acme.looker.com',
    ],
    [
      'https://statics.teams.cdn.office.net/evergreen-assets/safelinks/1/atp-safelinks.html?url=https%3A%2F%2Facme.looker.com&locale=en-us',
      'https://acme.looker.com',
    ],
    [
      'https://www.google.com/url?q=https://acme.looker.com/looks/3&sa=D',
      'https://acme.looker.com',
    ],
    ['https://slack-redir.net/link?url=https%3A%2F%2Facme.looker.com', 'https://acme.looker.com'],
    [
      'https://urldefense.com/v3/__https://acme.looker.com/login__;!!x!y$',
      'https://acme.looker.com',
    ],
    ...[
      'https://urldefense.com/v3/__https://looker-eu.acme.dev:19999/x__;!!x!y$',
      'https://urldefense.proofpoint.com/v3/__https://looker-eu.acme.dev:19999/x__;!!x!y$',
      'https://urldefense.proofpoint.com/v2/url?u=https-3A__looker-2Deu.acme.dev-3A19999_looks_3-3Fa-3D1&d=DwMF&c=x&e=',
      'https://urldefense.proofpoint.com/v1/url?u=https://looker-eu.acme.dev:19999/looks/3&k=x',
      'https://linkprotect.cudasvc.com/url?a=https%3a%2f%2flooker-eu.acme.dev%3a19999%2flooks&c=E,1,x&typo=1',
      'https://secure-web.cisco.com/1W2R4YLY_-2x/https%3A%2F%2Flooker-eu.acme.dev%3A19999%2Flooks%2F3',
      'https://cas5-0-urlprotect.trendmicro.com:443/wis/clicktime/v1/query?url=https%3a%2f%2flooker%2deu.acme.dev%3a19999%2flooks&umid=9e7e',
    ].map((link): [string, string] => [link, 'https://looker-eu.acme.dev:19999']),
    ...[
      'https://protect-us.mimecast.com/s/YP9XCWQR?domain=acme.looker.com',
      'https://url.uk.m.mimecastprotect.com/s/YP9XCWQR?domain=acme.looker.com',
    ].map((link): [string, string] => [link, 'https://acme.looker.com']),
    // Pages.
    ['https://acme.looker.com/;jsessionid=1', 'https://acme.looker.com'],
    ...[
      'dashboards-legacy/5',
      'embed/dashboards-legacy/5',
      'samlcallback',
      'external_oauth/redirect?code=hunter2&state=x',
      'openidconnect?code=hunter2',
      'oauth2callback',
      'merge_edit?mid=1',
    ].flatMap((page): [string, string][] => [
      [`https://acme.cloud.looker.com/${page}`, 'https://acme.cloud.looker.com'],
      [`https://looker.acme.dev:9999/${page}`, 'https://looker.acme.dev:9999'],
    ]),
    // On a host of Looker's own, Looker is always at the root, whatever the page.
    ['https://acme.cloud.looker.com/a_new_page/5?x=1', 'https://acme.cloud.looker.com'],
    ['acme.eu.looker.com/bi', 'https://acme.eu.looker.com'],
    ['https://0a1b.looker.app/bi/explore/m/v', 'https://0a1b.looker.app'],
    ['https://acme.looker.com/explore/m/v?fields=v.a, v.b', 'https://acme.looker.com'],
    ['https://acme.looker.com/dashboards-next/7?x=1', 'https://acme.looker.com'],
    ['https://acme.looker.com/embed/looks/7', 'https://acme.looker.com'],
    ['https://acme.looker.com/api/internal/x', 'https://acme.looker.com'],
    ['https://acme.looker.com?next=https://evil.test', 'https://acme.looker.com'],
    ['acme.looker.com#url=https://evil.test', 'https://acme.looker.com'],
  ];
  for (const [pasted, baseUrl] of forgiven) {
    it(`is ${baseUrl} for ${pasted}`, () => {
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
    it(`is refused for "${wrong}", with an example`, () => {
      assert.throws(() => parseBaseUrl(wrong), InvalidInstanceError);
      assert.throws(() => parseBaseUrl(wrong), /https:\/\/acme\.cloud\.looker\.com/);
    });
  }

  const refused: [pasted: string, says: RegExp][] = [
    ['ftp://acme.looker.com', /HTTPS, not ftp/],
    ['htttps://acme.looker.com', /HTTPS, not htttps/],
    ['http://https://acme.looker.com', /both HTTP and HTTPS/],
    ['https://$(x).evil.test', /can't contain "\$"/],
    ['${LOOKERSDK_BASE_URL}', /can't contain "\$"/],
    ['https://{{host}}', /can't contain "\{"/],
    ['%LOOKERSDK_BASE_URL%', /can't contain "%"/],
    ['https://a%20b.example', /can't contain "%"/],
    ['https://%61cme.looker.com', /can't contain "%"/],
    ['https://acme.cloud.looker.com(eu).evil.test', /can't contain "\("/],
    ['acme.cloud.looker.com,evil.test', /can't contain ","/],
    ['base_url=https://acme.cloud.looker.com,evil.test', /can't contain ","/],
    ['https://acme.looker.com\\.evil.test', /can't contain "\\"/],
    ['https://acme.looker.com:443@evil.test', /Remove the user name/],
    ['https://acme.looker.com:port', /isn't a port/],
    ['https://acme.looker.com:0', /isn't a port/],
    ['https://acme.looker.com:65536', /isn't a port/],
    ['[https://acme.looker.com](https://evil.test)', /text and target are different URLs/],
    ['base_url=https://a.example base_url=https://b.example', /several URLs/],
    ['https://acme.com/looker/api/4.0', /URL with a path.*enter https:\/\/acme\.com\.$/],
    ['https://acme.com/looker', /URL with a path/],
    ['https://acme.com/bi/explore/m/v', /URL with a path/],
    ['https://acme.com/api/looker/4.0', /URL with a path/],
    ['https://acme.notlooker.com/bi', /URL with a path/],
    ['https://acme.looker.com.evil.test/bi', /URL with a path/],
    ['https://docs.looker.com/bi', /isn't a Looker instance/],
    ['https://acme.looker.com/.evil.test', /isn't the URL/],
    ['https://acme.looker.com https://evil.test', /several URLs/],
    ['https://acme.looker.com/looks/3 https://evil.test', /several URLs/],
    ['<https://evil.test|acme.looker.com>', /several URLs/],
    ['<a href="https://evil.test/">acme.looker.com</a>', /several URLs/],
    ['acme.looker.com, see https://wiki.acme.test', /several URLs/],
    ['https://acme.looker.com and https://acme.looker.com:19999', /several URLs/],
    ['Ours is https://looker.<company>.com', /isn't the URL/],
    ...[
      'https://acme.looker.com<https://evil.test/>',
      'acme.looker.com<https://evil.test/>',
      'Log in at https://acme.looker.com<https://evil.test/> with your account',
      'https://acme.looker.com:9999<https://acme.looker.com/>',
      'https://acme<https://acme.looker.com>.evil.test',
      'https://acme.looker.com<https://acme.looker.com>.evil.test',
      'https://acme.looker.com<https://acme.looker.com> https://evil.test',
      '[acme.looker.com](http://acme.looker.com.evil.test)',
      '[acme.looker.com](http://acme.looker.com) or [evil.test](http://evil.test)',
      '<http://evil.test|acme.looker.com>',
      'https://acme.looker.com<https://eur01.safelinks.protection.outlook.com/?url=https%3A%2F%2Fevil.test>',
    ].map((link): [string, RegExp] => [link, /several URLs|different URLs|isn't the URL/]),
    ['acme.com/looker<http://acme.com/looker>', /URL with a path/],
    // The text of a link amid words, or another instance beside the URL.
    ...[
      '- [bi.acme.dev](https://evil.test)',
      'Looker [acme.looker.com](https://evil.test)',
      '[[acme.looker.com]](https://evil.test)',
      ...['(', ': ', ':', ' = ', '=', ',', ';', '[', '] ', ']: ', '→', '“', '+', '&', '|'].map(
        (sign) => `acme.looker.com${sign}https://evil.test`,
      ),
      '[acme.looker.com|https://evil.test]',
      '[acme.looker.com] (https://evil.test)',
    ].map((text): [string, RegExp] => [text, /several URLs|different URLs/]),
    ['https://acme.looker.comhttps://acme.looker.com', /several URLs/],
    // Cut off within the host.
    ...['https://acme.cloud.looker.co…', 'acme.cloud.look…', 'https://looker.acme.de...'].flatMap(
      (cut) =>
        [cut, `base_url=${cut}`, `| ${cut} |`, `See ${cut} now`, `"${cut}"`, `url: "${cut}",`].map(
          (text): [string, RegExp] => [text, /isn't the URL/],
        ),
    ),
    ['https://looker.googleapis.com/v1/projects/x', /isn't a Looker instance/],
    ["'https://acme.looker' + '.com'", /isn't the URL/],
    ['https://acme.looker.comです', /isn't the URL/],
    ['https://lookerstudio.google.com/reporting/x', /lookerstudio\.google\.com isn't a Looker/],
    ['https://www.looker.com', /isn't a Looker instance.*https:\/\/acme/],
    ['https://acme.okta.com/app/looker/x/sso/saml', /isn't a Looker instance/],
    ...[
      'https://eur01.safelinks.protection.outlook.com/?url=javascript%3Ax',
      'https://urldefense.proofpoint.com/v2/url?u=https-3A__acme-ZZ.looker.com',
      'https://urldefense.proofpoint.com/v2/url',
      'https://linkprotect.cudasvc.com/url?a=acme',
      'https://secure-web.cisco.com/1W2R/https%3A%2F%2Facme%ZZ',
      'https://secure-web.cisco.com/1W2R',
      'https://imsva91-ctp.trendmicro.com/wis/clicktime/v1/query',
      'https://protect-eu.mimecast.com/s/YP9XCWQR',
      'https://acme.awsapps.com/start',
      'https://acme.okta-emea.com/app/looker/x',
      'https://acme.oktapreview.com',
      'https://sso.jumpcloud.com/saml2/looker',
      'https://acme.cloudflareaccess.com/cdn-cgi/access/login/x',
    ].map((link): [string, RegExp] => [link, /isn't a Looker instance/]),
    ['https://acme.looker.com\n.evil.test', /isn't the URL/],
    ['https://acme-#{env}.looker.com', /isn't the URL/],
    ['https://acme#{env}.looker.com', /isn't the URL/],
    ['https://acme?.looker.com', /isn't the URL/],
    ['https://acme-.looker.com', /isn't the URL/],
    ['https://-acme.looker.com', /isn't the URL/],
    ['base_url=https://acme&env.looker.com', /isn't the URL/],
    ['base_url=https://acme;env.looker.com', /isn't the URL/],
    ['url = https://acme <env>.looker.com', /isn't the URL/],
    // Only part of what a program reads.
    ...[
      '"$ENV".cloud.looker.com',
      '"-dev.looker.com',
      '" + suffix + ".cloud.looker.com"',
      '" . $suffix',
      '".$suffix',
      '" & suffix',
      '" ~ suffix',
      '" || suffix',
      '" % env',
      '" if dev else "https://acme-prod.looker.com"',
      '".replace("ENV", env)',
      '"\n  + suffix',
      '":19999',
      '":$PORT',
      '"dev"',
      '""dev',
    ].flatMap((rest): [string, RegExp][] =>
      ['https://acme', 'https://acme.looker.com'].flatMap((url): [string, RegExp][] => [
        [`base_url="${url}${rest}`, /isn't the URL|several URLs/],
        [`"${url}${rest}`, /isn't the URL|several URLs/],
      ]),
    ),
    ...[
      'https://https',
      'https://http:443',
      'https://https://',
      'https://lookersdk_base_url',
      'base_url:19999',
      'https://undefined',
      'https://null:19999',
      'export:19999',
      'https://LOOKER_URL',
      'process.env.LOOKERSDK_BASE_URL',
      'process.env.instanceUrl',
      'looker.ini',
      'looker.toml',
      'manifest.lkml',
      'client_secret=abc.example',
      '127.1',
      'https://0x7f000001',
      'https://2130706433',
      'https://１２７.0.0.1',
      `${'a'.repeat(64)}.example`,
      `${'a.'.repeat(127)}example`,
      `https://acme.looker.com/${'x'.repeat(40_000)}`,
    ].map((text): [string, RegExp] => [text, /isn't the URL|can't contain "="|both HTTP and/]),
  ];
  for (const [pasted, says] of refused) {
    it(`is refused for ${JSON.stringify(pasted.slice(0, 70))}, with a reason`, () => {
      assert.throws(
        () => parseBaseUrl(pasted),
        (error) => error instanceof InvalidInstanceError && says.test(error.message),
      );
    });
  }

  it('has a host that is written in the text, or none, for any paste', () => {
    const host = fc.constantFrom(
      'acme.cloud.looker.com',
      'Acme.Looker.COM.',
      'bücher.example',
      'straße.example',
      'ﬁn.example',
      'looker',
      'localhost',
      '10.0.0.7',
      '127.1',
      '0x7f.1',
      '２.example',
      'xn--bcher-kva.example',
    );
    const word = fc.constantFrom(
      ...[
        'http',
        'https',
        'HTTPS',
        'ftp',
        'undefined',
        'null',
        'export',
        'set',
        '$env',
        'base_url',
      ],
      ...[
        'LOOKERSDK_BASE_URL',
        'client_id',
        'client_secret',
        'baseUrl',
        'url',
        'host',
        'process.env',
      ],
      ...[
        'looks',
        'explore',
        'api',
        '4.0',
        '443',
        '19999',
        'id',
        'evil.test',
        '$(x)',
        '${VAR}',
        '{{host}}',
      ],
    );
    const sign = fc.constantFrom(
      ...[
        '://',
        ':/',
        '//',
        ';//',
        ':',
        '=',
        ' = ',
        ': ',
        ' => ',
        '/',
        '\\',
        '.',
        ',',
        ';',
        '@',
        '#',
        '?',
        '&',
      ],
      ...[
        '"',
        "'",
        '`',
        '<',
        '>',
        '(',
        ')',
        '[',
        ']',
        '](',
        '{',
        '}',
        '$',
        '%',
        '%2e',
        '*',
        '_',
        '-',
        ' ',
        '\n',
        '\t',
      ],
      ...['\u200b', '\ufeff', '\u00ad', '\u202e', '\u2800', '\u3002', '\uff0f', '\u2100', '\u0000'],
    );
    const text = fc
      .array(fc.oneof(host, word, sign, sign, fc.string({ unit: 'binary', maxLength: 3 })), {
        maxLength: 9,
      })
      .map((parts) => parts.join(''));
    let found = 0;
    fc.assert(
      fc.property(text, (text) => {
        const baseUrl = ((): string | undefined => {
          try {
            return parseBaseUrl(text);
          } catch (error) {
            assert.ok(error instanceof InvalidInstanceError);
            return undefined;
          }
        })();
        if (baseUrl === undefined) return;
        found++;
        assert.equal(new URL(baseUrl).origin, baseUrl);
        const { hostname } = new URL(baseUrl);
        const seen = text.replace(/\p{Default_Ignorable_Code_Point}/gu, '');
        // What follows an `@` would be the host for a browser, and isn't what people mean.
        const runs = seen.match(/(?<!@)(?<![\p{L}\p{M}\p{Nd}_.-])[\p{L}\p{M}\p{Nd}_.-]+/gu) ?? [];
        const hosts = runs.map((run) => domainToASCII(run.toLowerCase().replace(/\.+$/, '')));
        assert.ok(hosts.includes(hostname), `${hostname} does not stand there`);
        assert.ok(runs.some((run) => !/^[\d.]+$/.test(hostname) || run.startsWith(hostname)));
        assert.match(hostname, /^[a-z\d._-]{1,253}$/);
        const last = hostname.slice(hostname.lastIndexOf('.') + 1);
        assert.doesNotMatch(last, /^(https?|ftp|undefined|null|export|set|baseurl|url|env)$|_/);
      }),
      { numRuns: 30_000 },
    );
    assert.ok(found > 500, `${found} were found`);
  });

  it('finds the one URL amid words, or none, wherever it is broken in two', () => {
    const word = fc.constantFrom(
      ...[
        'See',
        'our',
        'Looker',
        'curl',
        '-X',
        'POST',
        '-',
        '•',
        '$',
        '>',
        '"',
        "'",
        '(',
        ')',
        '|',
      ],
      ...['Looker:', 'URL', '=', ':', '4.0', 'é', '我们的', '\u200b', 'ada@acme.dev:~$', 'please.'],
    );
    const words = fc.array(word, { maxLength: 4 }).map((words) => words.join(' '));
    const path = fc.constantFrom('', '', '/', '/explore/m/v?x=1', '/api/4.0/login');
    const GOES_ON = ['"$X"', "'-dev'", '" + x + "', '" . x', '".$x', '":1', '&dev.x', ';dev.x'];
    const at = fc.integer({ min: 1, max: 'https://acme.cloud.looker.com'.length - 1 });
    const read = (text: string) => {
      try {
        return parseBaseUrl(text);
      } catch (error) {
        assert.ok(error instanceof InvalidInstanceError);
        return undefined;
      }
    };
    let found = 0;
    fc.assert(
      fc.property(
        words,
        path,
        words,
        at,
        fc.oneof(fc.constantFrom(' ', '\n'), fc.constantFrom(...GOES_ON)),
        (before, path, after, at, sign) => {
          const url = `https://acme.cloud.looker.com${path}`;
          const whole = read(`${before} ${url} ${after}`);
          assert.ok(whole === undefined || whole === 'https://acme.cloud.looker.com', whole);
          if (whole) found++;
          const several = read(`${before} ${url} ${after} https://evil.test`);
          // A name says which one is meant.
          const isNamed = /URL\u200b? [=:]/.test(before.replaceAll(' \u200b', ''));
          assert.ok(several === undefined || (isNamed && several === whole), several);
          // Only blanks may stand in the scheme.
          const within = at < 'https://a'.length ? ' ' : sign;
          for (const name of ['', 'base_url=', 'LOOKERSDK_BASE_URL: ', 'url = "', '--host ']) {
            const broken = read(`${name}${url.slice(0, at)}${within}${url.slice(at)}`);
            assert.ok(broken === undefined || broken === 'https://acme.cloud.looker.com', broken);
          }
        },
      ),
      { numRuns: 5000 },
    );
    assert.ok(found > 4000, `${found} were found`);
  });

  it('refuses credentials in the URL without repeating them', () => {
    assert.throws(
      () => parseBaseUrl('https://id:hunter2@acme.looker.com'),
      (error: Error) =>
        error.message.includes('Remove the user name') && !error.message.includes('hunter2'),
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
    // Usually this machine, but VS Code sends these requests to its proxy.
    'http://dev.localhost',
    'http://localhost.',
    'http://127.0.0.2',
    'http://[::ffff:127.0.0.1]',
  ]) {
    it(`isn't ${url}`, () => {
      assert.ok(!isLoopback(new URL(url).origin));
    });
  }

  describe('a URL on the clipboard', () => {
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
      it(`is found in ${text.trim()}`, () => {
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
      it(`isn't found in ${text.slice(0, 60) || 'nothing'}`, () => {
        assert.equal(plausibleBaseUrl(text, known), undefined);
      });
    }
  });
});
