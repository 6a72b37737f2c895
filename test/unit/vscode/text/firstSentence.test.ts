import assert from 'node:assert/strict';
import { firstSentence } from '../../../../src/vscode/text/firstSentence';

describe('the first sentence', () => {
  it('ends where the next one begins', () => {
    assert.equal(firstSentence('It failed. Try again. Or not.'), 'It failed.');
    assert.equal(firstSentence('Não. É só.'), 'Não.');
  });

  it('is the whole text if there is no other', () => {
    for (const text of ['', 'It failed', 'It failed.', 'Looker 26.12.3 at acme.looker.com. ']) {
      assert.equal(firstSentence(text), text);
    }
  });

  it("doesn't end at a host, a version or a port", () => {
    assert.equal(
      firstSentence('acme.cloud.looker.com:443 denied API 4.0. Ask your Looker admin.'),
      'acme.cloud.looker.com:443 denied API 4.0.',
    );
  });
});
