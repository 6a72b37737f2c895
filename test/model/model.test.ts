import { checkModel } from './run';

const RUNS = 2000;

describe('whatever happens, in whatever order', () => {
  it(`loses no account, keeps none, tells no secret (${RUNS} random runs)`, async function () {
    this.timeout(240_000);
    const seed = Date.now() % 2 ** 31;
    console.log(`      seed ${seed}: npm run fuzz -- --seed ${seed}`);
    await checkModel({ numRuns: RUNS, seed });
  });
});
