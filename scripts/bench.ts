// `npm run bench`: measures what the extension costs, compared with something that does the same. Arguments select rows.
import { writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { activation } from '../bench/activation';
import { allSessions } from '../bench/allSessions';
import { broker } from '../bench/broker';
import { bundle } from '../bench/bundle';
import { concurrentSessions } from '../bench/concurrentSessions';
import { dayOfWork } from '../bench/dayOfWork';
import { idle } from '../bench/idle';
import { login } from '../bench/login';
import { memory } from '../bench/memory';
import { toTable, type Bench, type Row } from '../bench/row';
import { start } from '../bench/start';
import { ROOT } from '../test/support/buildExtension';
import { CODE_SERVER } from '../test/support/vscodeInstall';
import { namedParts } from './commandLine';

/** In the order of the table. */
const BENCHES: Readonly<Record<string, Bench>> = {
  activation,
  bundle,
  concurrentSessions,
  allSessions,
  login,
  dayOfWork,
  broker,
  idle,
  memory,
  start,
};

const RESULTS = path.join(ROOT, 'bench', 'RESULTS.md');

async function main(): Promise<void> {
  const benches = namedParts('bench', BENCHES);
  const rows: Row[] = [];
  for (const [name, bench] of benches) {
    const begun = performance.now();
    rows.push(...(await bench()));
    console.error(`${name}: ${((performance.now() - begun) / 1000).toFixed(0)} s`);
  }
  const table = toTable(rows);
  console.log(`\n${table}`);
  if (benches.length < Object.keys(BENCHES).length) return;
  await writeFile(RESULTS, `${results()}\n\n${table}\n`);
}

/** The heading, with the machine and the versions that were measured. */
function results(): string {
  const cpus = os.cpus();
  const day = new Date().toISOString().slice(0, 10);
  const gigabytes = (os.totalmem() / 2 ** 30).toFixed(0);
  return [
    '# What Looker Auth costs',
    '',
    `Written by \`npm run bench\` on ${day}: ${cpus.length} × ${cpus[0]?.model.trim() ?? 'CPU'}, ${gigabytes} GB, ` +
      `${os.platform()} ${os.arch()}, Node ${process.versions.node}; VS Code of code-server ${CODE_SERVER.newest} in Chromium. ` +
      'Medians, with the minimum and maximum in parentheses. Times differ between machines, so each is compared with ' +
      'something measured in the same run.',
  ].join('\n');
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
