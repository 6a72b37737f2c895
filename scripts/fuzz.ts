// `npm run fuzz`: the model's random runs, many more than the tests make. A failure prints how to have it again.
import { parseArgs } from 'node:util';
import { checkModel } from '../test/model/run';

const USAGE = `Makes random runs of logins, faults and clocks against a simple model.

  npm run fuzz -- [options]

  --runs <number>  how many (100000)
  --seed <number>  draws the runs of that seed again
  --path <path>    goes straight to the run that failed, with the seed it failed under
  --help           this text
`;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      runs: { type: 'string', default: '100000' },
      // Negative seeds look like options, so `--seed=-1` is the way to write them.
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
