import { checkModel } from './run';

const RUNS = 2000;

/** The same runs each time, so that what makes them fail is a change. `npm run fuzz` draws new ones. */
const SEED = 20_301;

describe('whatever happens, in whatever order', () => {
  it(`loses no account, keeps none, tells no secret (${RUNS} random runs)`, async function () {
    this.timeout(240_000);
    console.log(`      seed ${SEED}: npm run fuzz -- --seed ${SEED}`);
    await checkModel({ numRuns: RUNS, seed: SEED });
  });
});
