import assert from 'node:assert/strict';
import { retryAfterMs } from '../../../../src/looker/api/retryAfter';

describe('Retry-After', () => {
  const now = Date.parse('2026-11-21T12:00:00Z');
  const headers: [header: string | null, ms: number | undefined][] = [
    ['0', 0],
    ['7', 7000],
    [' 120 ', 120_000],
    ['Sat, 21 Nov 2026 12:00:30 GMT', 30_000],
    ['Sat, 21 Nov 2026 11:00:00 GMT', 0],
    ['soon', undefined],
    ['', undefined],
    [null, undefined],
  ];
  for (const [header, ms] of headers) {
    it(`reads ${header ?? 'no header'} as ${ms ?? 'nothing'}`, () => {
      assert.equal(retryAfterMs(header, now), ms);
    });
  }
});
