import assert from 'node:assert/strict';
import { bundledBytes, twice } from '../../bench/bundle';

const MOST_BYTES = 100_000;

describe('the bundle', () => {
  it(`is no larger than ${MOST_BYTES / 1000} kB, all files together`, () => {
    const bytes = bundledBytes();
    assert.ok(bytes <= MOST_BYTES, `${(bytes / 1000).toFixed(1)} kB`);
  });

  it('has no source of a dependency in it twice', () => {
    assert.deepEqual(twice(), []);
  });
});
