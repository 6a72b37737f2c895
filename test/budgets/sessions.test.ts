import assert from 'node:assert/strict';
import { measureAllSessions } from '../../bench/allSessions';
import { measureConcurrentSessions } from '../../bench/concurrentSessions';

describe('sessions', () => {
  it('cost one login if 1,000 calls request an expired one at once', async () => {
    const { ours } = await measureConcurrentSessions(1);
    assert.deepEqual(
      ours.map(({ logins }) => logins),
      [1],
    );
  });

  it('cost no read of a secret and no connection if all are valid', async () => {
    const { reads, connections } = await measureAllSessions(10);
    assert.deepEqual({ reads, connections }, { reads: 0, connections: 0 });
  });
});
