import assert from 'node:assert/strict';
import { bundledBytes, startBytes, twice } from '../../bench/bundle';

/** Bytes that every window loads, whether or not the extension is used. */
const MOST_AT_START = 85_000;

/** Bytes of all files, including those loaded on first use. */
const MOST_IN_ALL = 330_000;

describe('the bundle', () => {
  const limit = (most: number, bytes: number) => {
    assert.ok(bytes <= most, `${(bytes / 1000).toFixed(1)} kB`);
  };

  it(`loads at most ${MOST_AT_START / 1000} kB at the start of a window`, () => {
    limit(MOST_AT_START, startBytes());
  });

  it(`is no larger than ${MOST_IN_ALL / 1000} kB, all files together`, () => {
    limit(MOST_IN_ALL, bundledBytes());
  });

  it('has no source of a dependency in it twice', () => {
    assert.deepEqual(twice(), []);
  });
});
