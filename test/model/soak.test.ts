import assert from 'node:assert/strict';
import { setImmediate as later } from 'node:timers/promises';
import { ACCOUNTS, HOURS, live, WINDOWS } from './day';

/** The same day each time, so that what makes it fail is a change. */
const SEED = 20_301;

/**
 * The least possible is what one window alone makes of the same day: it has the focus all the time, so that it renews
 * five minutes ahead, and nothing goes wrong. Two windows may start within the second that a renewal takes, and a
 * reply may be lost. Whoever has not got the focus renews later, which saves a login here and there.
 */
const MOST_LOGINS = 1.05;

/** What keeps the process going, without what the test runner itself reads and writes. */
function handlesInUse(): readonly string[] {
  const isRunners = (kind: string) => /^(Pipe|TTY|FS|Write|Shutdown)/.test(kind);
  return process.getActiveResourcesInfo().filter((kind) => !isRunners(kind));
}

describe('a day of work', () => {
  const title = `${HOURS} hours, ${WINDOWS} windows, ${ACCOUNTS} accounts, naps and faults at random`;
  it(`${title}: no account lost, and hardly a login too many`, async function () {
    this.timeout(240_000);
    await later();
    const handles = handlesInUse();
    const seed = SEED;
    const { logins: least } = await live({ windows: 1, seed, isRough: false });
    const { logins, kept, renewedByHand, world } = await live({
      windows: WINDOWS,
      seed,
      isRough: true,
    });
    const handlesLeft = handlesInUse();
    console.log(
      `      seed ${seed}: ${logins} logins made, ${least} the least possible; ` +
        `${renewedByHand} renewed by hand after a refusal; ${ACCOUNTS - kept} accounts lost`,
    );
    assert.deepEqual(world.faults, []);
    assert.equal(kept, ACCOUNTS);
    assert.equal(world.promises, 0);
    assert.ok(logins <= least * MOST_LOGINS, `${logins} logins`);
    assert.equal(world.secrets.listeners, 0);
    assert.deepEqual(handlesLeft, handles);
  });
});
