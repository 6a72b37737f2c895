import assert from 'node:assert/strict';
import { oncePerTurn } from '../../../../src/vscode/settings/oncePerTurn';

describe('what is read once per turn', () => {
  it('is read again after any wait, and not before', async () => {
    let value = 1;
    let reads = 0;
    const read = oncePerTurn(() => {
      reads++;
      return value;
    });
    assert.deepEqual([read(), read(), reads], [1, 1, 1]);
    value = 2;
    await Promise.resolve();
    assert.deepEqual([read(), read(), reads], [2, 2, 2]);
  });

  it('is tried again if it fails', () => {
    let tries = 0;
    const read = oncePerTurn(() => {
      if (++tries === 1) throw new Error('not yet');
      return tries;
    });
    assert.throws(read, /not yet/);
    assert.equal(read(), 2);
  });
});
