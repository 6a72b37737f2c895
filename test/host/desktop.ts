// `npm run test:desktop [oldest]`: the tests of ./suite inside a desktop VS Code, the newest or the oldest that we
// allow: downloaded, or the one whose executable VSCODE_PATH names.
import { runTests } from '@vscode/test-electron';

import manifest from '../../package.json';
import { StandInLooker } from '../standIn/standInLooker';
import { cacheFolder } from '../support/cache';
import { Home } from '../support/home';
import { buildSuite, EXTENSIONS, lookerEnvironment, PHASES } from './hostSuite';

async function main(): Promise<void> {
  const version = versionOf(process.argv[2] ?? 'newest');
  await buildSuite();
  const looker = await StandInLooker.start();
  const home = await Home.make({ extensions: [] });
  const vscodeExecutablePath = process.env['VSCODE_PATH'];
  try {
    for (const extensionTestsPath of PHASES) {
      await runTests({
        ...(vscodeExecutablePath && { vscodeExecutablePath }),
        version,
        cachePath: cacheFolder,
        extensionDevelopmentPath: [...EXTENSIONS],
        extensionTestsPath,
        extensionTestsEnv: lookerEnvironment(looker, home),
        launchArgs: [
          home.workspace,
          ['--user-data-dir', home.data],
          ['--extensions-dir', home.extensions],
          '--disable-workspace-trust',
          // Linux has no keyring without a desktop session, and no secret would outlive its window.
          process.platform === 'linux' ? '--password-store=basic' : [],
        ].flat(),
      });
    }
  } finally {
    await looker.stop();
    home.remove();
  }
}

/** For the downloader. */
function versionOf(age: string): string {
  if (age === 'newest') return 'stable';
  if (age === 'oldest') return manifest.engines.vscode.replace('^', '');
  throw new Error(`There is no "${age}" VS Code, only newest and oldest.`);
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
