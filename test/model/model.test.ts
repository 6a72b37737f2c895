import { checkModel } from './run';

const RUNS = 2000;

/**
 * A fixed seed repeats the same runs, so that only a change of the code makes them fail. `npm run fuzz` draws new ones.
 */
const SEED = 20_301;

describe('any sequence of events', () => {
  it(`loses no account, keeps none, and reveals no secret (${RUNS} random runs)`, async function () {
    this.timeout(240_000);
    console.log(`      seed ${SEED}: npm run fuzz -- --seed ${SEED}`);
    await checkModel({ numRuns: RUNS, seed: SEED });
  });
});
