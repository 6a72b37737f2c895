// The tests of ./suite inside a desktop VS Code: downloaded, or the one whose executable VSCODE_PATH names.
import { runTests } from '@vscode/test-electron';

import { StandInLooker } from '../standIn/standInLooker';
import { Home } from '../support/home';
import { buildSuite, EXTENSIONS, lookerEnvironment, PHASES } from './hostSuite';

async function main(): Promise<void> {
  await buildSuite();
  const looker = await StandInLooker.start();
  const home = await Home.make({ extensions: [] });
  const vscodeExecutablePath = process.env['VSCODE_PATH'];
  try {
    for (const extensionTestsPath of PHASES) {
      await runTests({
        ...(vscodeExecutablePath && { vscodeExecutablePath }),
        extensionDevelopmentPath: [...EXTENSIONS],
        extensionTestsPath,
        extensionTestsEnv: lookerEnvironment(looker, home),
        launchArgs: [home.workspace, '--user-data-dir', home.data, '--disable-workspace-trust'],
      });
    }
  } finally {
    await looker.stop();
    home.remove();
  }
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
