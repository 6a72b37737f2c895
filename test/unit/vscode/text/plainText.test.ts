import assert from 'node:assert/strict';
import { plainText } from '../../../../src/vscode/text/plainText';

describe('plain text', () => {
  const cases: [what: string, text: string, plain: string][] = [
    ['no link', '[Log in](command:a.b?%5B%5D) now', '[Log in] (command:a.b?%5B%5D) now'],
    ['no link with a title', 'a [b](https://c "d")', 'a [b] (https://c "d")'],
    ['no link put together of others', ']([a](file:///b)', '] ([a] (file:///b)'],
    ['no icon', '$(check) active, $(sync~spin)', '$ (check) active, $ (sync~spin)'],
    ['no icon that was escaped twice', '$$(check)', '$$ (check)'],
  ];
  for (const [what, text, plain] of cases) {
    it(`has ${what}`, () => {
      assert.equal(plainText(text), plain);
    });
  }

  it('is otherwise unchanged', () => {
    const text = 'Ada Lovelace, sudo by Grace [Hopper] (acme.cloud.looker.com): $5 (five)';
    assert.equal(plainText(text), text);
  });
});
