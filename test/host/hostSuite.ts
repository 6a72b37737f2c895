import { rm } from 'node:fs/promises';
import path from 'node:path';

import { build } from 'esbuild';

import type { StandInLooker } from '../standIn/standInLooker';
import { EXAMPLE } from '../support/buildExample';
import { ROOT } from '../support/buildExtension';
import { buildForTests } from '../support/buildForTests';
import { SNIPPETS } from '../support/buildSnippets';
import { STRANGERS } from '../support/buildStrangers';
import type { Home } from '../support/home';
import { RUDE_CONSUMER } from '../support/rudeConsumer';

const SUITE = path.join(ROOT, 'test', 'host', 'suite');
const BUNDLED = path.join(ROOT, 'out', 'host');

/** The extensions that ask for sessions: others, which use the accounts of ours, and ours, whose tests do. */
export const CONSUMERS = [
  'looker-example.looker-whoami',
  'looker-test.snippets',
  'looker-test.rude-consumer',
  'looker-auth.looker-auth',
];

/** Ours, and beside it the example, what the documents tell authors to write, a rude one and strangers: absolute paths. */
export const EXTENSIONS = [ROOT, EXAMPLE, SNIPPETS, RUDE_CONSUMER, ...STRANGERS];

/** The modules to run in the extension host, in this order, each in a new window of the same machine. */
export const PHASES = bundled(
  '.',
  'browserLogin',
  'whichSession',
  'rudeConsumer',
  'hostileWorkspace',
  'consumer',
  'afterReload',
);

/** Those to run where the user has not trusted the workspace. */
export const RESTRICTED_PHASES = bundled('hostileWorkspace', 'consumer', 'afterReload');

/** Those to run beside an extension that takes our provider id, which is `PROVIDER_TAKER`. */
export const TAKEN_PHASES = bundled('providerTaken');

/** Registers our provider id first: absolute path. */
export const PROVIDER_TAKER = path.join(ROOT, 'test', 'host', 'providerTaker');

/** Those to run where VS Code reaches nothing but through a proxy. */
export const PROXIED_PHASES = bundled('proxied');

/** Bundles the extensions and the suite. */
export async function buildSuite(): Promise<void> {
  await buildForTests();
  await rm(BUNDLED, { recursive: true, force: true }); // no test that was deleted runs on
  await build({
    entryPoints: [`${SUITE}/**/index.ts`, `${SUITE}/**/*.test.ts`],
    outdir: BUNDLED,
    bundle: true,
    format: 'cjs',
    platform: 'node',
    target: 'node22',
    external: ['vscode', 'mocha'],
    sourcemap: true,
    logLevel: 'warning',
  });
}

/** What the suite in the extension host learns: where VS Code writes, the stand-in Looker, and two API keys for it. */
export function lookerEnvironment(looker: StandInLooker, home: Home): NodeJS.ProcessEnv {
  const admin = looker.apiKeyOf('Ada');
  const user = looker.apiKeyOf('Grace Hopper');
  return {
    LOOKER_TEST_HOME: home.folder,
    LOOKER_TEST_BASE_URL: looker.baseUrl,
    LOOKER_TEST_ADMIN_ID: admin.clientId,
    LOOKER_TEST_ADMIN_SECRET: admin.clientSecret,
    LOOKER_TEST_USER_ID: user.clientId,
    LOOKER_TEST_USER_SECRET: user.clientSecret,
  };
}

function bundled(...folders: readonly string[]): readonly string[] {
  return folders.map((folder) => path.join(BUNDLED, folder, 'index.js'));
}
