import assert from 'node:assert/strict';
import { measureAllSessions } from '../../bench/allSessions';
import { measureConcurrentSessions } from '../../bench/concurrentSessions';

describe('sessions', () => {
  it('cost one login where 1,000 ask at once for one that has expired', async () => {
    const { ours } = await measureConcurrentSessions(1);
    assert.deepEqual(
      ours.map(({ logins }) => logins),
      [1],
    );
  });

  it('cost neither a secret nor a connection where all are good', async () => {
    const { reads, connections } = await measureAllSessions(10);
    assert.deepEqual({ reads, connections }, { reads: 0, connections: 0 });
  });
});
