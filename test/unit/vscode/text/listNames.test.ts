import assert from 'node:assert/strict';
import { listNames } from '../../../../src/vscode/text/listNames';

describe('a list of names', () => {
  it('has a few of them, and counts the rest', () => {
    assert.equal(listNames([]), '');
    assert.equal(listNames(['Ada', 'Bob']), 'Ada, Bob');
    assert.equal(listNames('ABCDE'.split('')), 'A, B, C, D, E');
    assert.equal(listNames('ABCDEFG'.split('')), 'A, B, C, D, E, and 2 more');
  });

  it('stays in order, and before what follows, if names are written from right to left', () => {
    assert.equal(
      `${listNames(['דוד', 'علي', 'Ada'])}, 3 days ago`,
      '\u2068דוד\u2069, \u2068علي\u2069, Ada, 3 days ago',
    );
  });
});
