import assert from 'node:assert/strict';
import { several } from '../../../../src/vscode/text/several';

describe('several names', () => {
  it('are listed, a few of them, and the rest is counted', () => {
    assert.equal(several([], ', '), '');
    assert.equal(several(['Ada', 'Bob'], ', '), 'Ada, Bob');
    assert.equal(several('ABCDE'.split(''), ', '), 'A, B, C, D, E');
    assert.equal(several('ABCDEFG'.split(''), ', '), 'A, B, C, D, E, and 2 more');
  });

  it("stay in order, and before what follows, if they're written from right to left", () => {
    assert.equal(
      `${several(['דוד', 'علي', 'Ada'], ', ')}, 3 days ago`,
      '\u2068דוד\u2069, \u2068علي\u2069, Ada, 3 days ago',
    );
  });
});
