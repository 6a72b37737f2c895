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

/** The extensions that request sessions: other extensions, and ours, whose tests do. */
export const CONSUMERS = [
  'looker-example.looker-whoami',
  'looker-test.snippets',
  'looker-test.rude-consumer',
  'looker-auth.looker-auth',
];

/** Absolute paths of our extension, the example, the snippets from the docs, a rude one, and strangers. */
export const EXTENSIONS = [ROOT, EXAMPLE, SNIPPETS, RUDE_CONSUMER, ...STRANGERS];

/** The module whose tests count on the ports of browser logins being free. */
export const [BROWSER_LOGIN = ''] = bundled('browserLogin');

/** The modules to run in the extension host, in order, each in a new window on the same machine. */
export const PHASES = bundled(
  '.',
  'browserLogin',
  'whichSession',
  'rudeConsumer',
  'hostileWorkspace',
  'consumer',
  'afterReload',
);

/** Modules to run in a workspace that the user hasn't trusted. */
export const RESTRICTED_PHASES = bundled('hostileWorkspace', 'consumer', 'afterReload');

/** Modules to run with an extension that takes our provider ID: `PROVIDER_TAKER`. */
export const TAKEN_PHASES = bundled('providerTaken');

/** Registers our provider ID first: absolute path. */
export const PROVIDER_TAKER = path.join(ROOT, 'test', 'host', 'providerTaker');

/** Modules to run in a VS Code that can reach everything only through a proxy. */
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

/** Environment variables for the suite: VS Code's folders, the stand-in Looker, two API keys, and ports. */
export function lookerEnvironment(looker: StandInLooker, home: Home): NodeJS.ProcessEnv {
  const admin = looker.apiKeyOf('Ada');
  const user = looker.apiKeyOf('Grace Hopper');
  return {
    LOOKER_TEST_HOME: home.folder,
    LOOKER_STAND_IN_PORTS: path.join(home.folder, 'ports'),
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
