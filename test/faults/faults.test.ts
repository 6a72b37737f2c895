import assert from 'node:assert/strict';
import path from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { ROOT } from '../support/buildExtension';
import { run } from '../support/command';
import { runCell } from './cell';
import { leftOverSince, resources } from './leftovers';
import { MOMENTS } from './moments';
import { FAULTS } from './table';
import { unverified } from './unverified';

describe('faults', () => {
  let atFirst: ReadonlyMap<string, number>;
  before(async () => {
    // The runner's own timer is active while a promise is awaited, so it belongs to the baseline.
    await nextTurn();
    atFirst = resources();
  });

  for (const row of FAULTS) {
    describe(row.fault, () => {
      const moments = MOMENTS.filter((moment) => row.cells[moment]);
      let outcomes: readonly PromiseSettledResult<void>[];
      // Runs all cells at once, since most of the time is spent waiting for timeouts.
      before(async () => {
        outcomes = await unverified(row.unverified, () =>
          Promise.allSettled(moments.map((moment) => runCell(row, moment))),
        );
      });
      for (const [index, moment] of moments.entries()) {
        it(moment, () => {
          const outcome = outcomes[index];
          if (outcome?.status === 'rejected') throw outcome.reason;
        });
      }
    });
  }

  describe('in a process that was started with NODE_TLS_REJECT_UNAUTHORIZED=0', () => {
    it('trusts no additional certificate', async function () {
      this.timeout(120_000);
      const env = { ...process.env, NODE_TLS_REJECT_UNAUTHORIZED: '0' };
      const mocha = path.join(ROOT, 'node_modules', 'mocha', 'bin', 'mocha.js');
      const untrusted = ['--grep', '^faults TLS certificate [^:]+$'];
      await run(process.execPath, [mocha, __filename, ...untrusted], { cwd: ROOT, env });
    });
  });

  describe('all together', () => {
    it('leave no socket and no timer behind', async () => {
      assert.deepEqual(await leftOverSince(atFirst), []);
    });
  });
});
