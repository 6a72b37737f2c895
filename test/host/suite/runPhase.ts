import { readdirSync } from 'node:fs';
import { url as debuggerUrl } from 'node:inspector';
import path from 'node:path';

import { markOutput } from './mark';
import { shareApi } from './productApi';

/** Time limit of a test; none with a debugger. */
const TIMEOUT_MS = debuggerUrl() ? 0 : 20_000;

/** Runs the bundled tests of one folder inside the extension host. Rejects if one fails. */
export async function runPhase(folder: string): Promise<void> {
  markOutput();
  await shareApi();
  const { default: Mocha } = await import('mocha');
  const { default: CountingReporter } = await import('../../support/countingReporter');

  const mocha = new Mocha({ timeout: TIMEOUT_MS, retries: 1, reporter: CountingReporter });
  for (const name of readdirSync(folder)) {
    if (name.endsWith('.test.js')) mocha.addFile(path.join(folder, name));
  }
  const failures = await new Promise<number>((resolve) => mocha.run(resolve));
  if (failures > 0) throw new Error(`${failures} failed`);
}
