import assert from 'node:assert/strict';
import { headerValues } from '../../../src/broker/request/headerValues';
import { responseHeaders } from '../../../src/broker/request/passedHeaders';

describe('links in a response', () => {
  const here = 'http://127.0.0.1:5000';
  const there = 'https://acme.looker.com';
  const linkOf = (link: string, baseUrl = there) =>
    responseHeaders(200, headerValues(['Link', link]), `${baseUrl}/api/4.0/looks?limit=1`, here)[
      'link'
    ];

  for (const baseUrl of [there, `${there}:19999`]) {
    for (const origin of [there, `${there}:443`, `${there}:19999`, '']) {
      it(`lead to the broker: from ${baseUrl}, to ${origin || 'a path'}`, () => {
        assert.equal(
          linkOf(`<${origin}/api/4.0/looks?limit=1&offset=1>; rel="next"`, baseUrl),
          `<${here}/api/4.0/looks?limit=1&offset=1>; rel="next"`,
        );
      });
    }
  }

  it('are resolved against the URL of the request', () => {
    assert.equal(linkOf('<?offset=1>; rel=next'), `<${here}/api/4.0/looks?offset=1>; rel=next`);
  });

  it('keep their parameters, whatever they contain', () => {
    assert.equal(
      linkOf(`<${there}/a>; rel="next"; title="a, <b> \\" c", <${there}/b>;rel=last`),
      `<${here}/a>; rel="next"; title="a, <b> \\" c", <${here}/b>;rel=last`,
    );
  });

  it('are dropped if they lead elsewhere', () => {
    const others = [
      'https://evil.test/api/4.0/looks',
      '//evil.test/api',
      '\\\\evil.test/api',
      'http://acme.looker.com/api',
      'https://acme.looker.com:444/api',
      'https://acme.looker.com@evil.test/',
      'mailto:ada@acme.test',
      'https://',
    ];
    for (const other of others) assert.equal(linkOf(`<${other}>; rel="next"`), undefined, other);
    assert.equal(linkOf(`<${there}/a> <https://evil.test/>`), `<${here}/a>`);
    assert.equal(
      linkOf(`<https://evil.test/>; rel="first", <${there}/b>; rel="next"`),
      `<${here}/b>; rel="next"`,
    );
  });
});
