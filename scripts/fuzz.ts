// `npm run fuzz`: many more random runs of the model than in the tests. A failure prints how to reproduce it.
import { parseArgs } from 'node:util';
import { checkModel } from '../test/model/run';

const USAGE = `Makes random runs of logins, faults and clocks against a simple model.

  npm run fuzz -- [options]

  --runs <number>  number of runs (100000)
  --seed <number>  repeats the runs of this seed
  --path <path>    repeats only the run that failed; needs its seed, too
  --help           prints this text
`;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      runs: { type: 'string', default: '100000' },
      // A negative seed looks like an option, so it must be written as `--seed=-1`.
      seed: { type: 'string', default: String(Date.now() % 2 ** 31) },
      path: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(USAGE);
    return;
  }
  const [runs, seed] = [Number(values.runs), Number(values.seed)];
  if (!Number.isInteger(runs) || !Number.isInteger(seed)) {
    throw new Error('--runs and --seed take whole numbers.');
  }
  process.stdout.write(`${runs} runs, seed ${seed}\n`);
  const startedAt = Date.now();
  await checkModel({
    numRuns: runs,
    seed,
    ...(values.path !== undefined && { path: values.path }),
  });
  process.stdout.write(`All good after ${Math.round((Date.now() - startedAt) / 1000)} s.\n`);
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
