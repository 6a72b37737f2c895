import assert from 'node:assert/strict';
import fc from 'fast-check';
import { keyTitle } from '../../../../src/vscode/login/loginDraft';
import { Probing } from '../../../../src/vscode/login/probing';

const titleFor = (baseUrl: string | undefined, isForExtension = false) => {
  const probing = new Probing(() => new Promise(() => undefined));
  if (baseUrl !== undefined) probing.lookAt(baseUrl);
  return keyTitle({ probing, isForExtension });
};

const label = fc.stringMatching(/^[a-z0-9]([a-z0-9-]{0,40}[a-z0-9])?$/);

describe('the title of a prompt for a key', () => {
  it('names the host, and its port', () => {
    assert.equal(titleFor('https://acme.cloud.looker.com'), 'Log In to acme.cloud.looker.com');
    assert.equal(
      titleFor('https://looker.acme.dev:19999', true),
      'Log In to looker.acme.dev:19999 for an Extension',
    );
    assert.equal(titleFor(undefined), 'Log In to Looker');
    assert.equal(titleFor(undefined, true), 'Log In to Looker for an Extension');
  });

  it('names an international host by its Punycode', () => {
    assert.equal(
      titleFor(new URL('https://аcme.looker.com').origin),
      'Log In to xn--cme-5cd.looker.com',
    );
  });

  it('shows the end of a host, whatever comes before it, and stays short', () => {
    fc.assert(
      fc.property(
        fc.array(label, { minLength: 1, maxLength: 8 }),
        fc.boolean(),
        fc.constantFrom('', ':19999'),
        (labels, isForExtension, port) => {
          const host = `acme.cloud.looker.com.${labels.join('.')}.evil.test${port}`;
          const title = titleFor(`https://${host}`, isForExtension);
          const shown = title.replace(/^Log In to /, '').replace(/ for an Extension$/, '');
          assert.ok(shown.endsWith(`.evil.test${port}`) || shown === host, title);
          assert.ok(shown.length <= 40);
        },
      ),
    );
  });
});
