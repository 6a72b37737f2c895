import { run } from './command';
import type { Home } from './home';
import { installVsCode } from './vscodeInstall';

/** Installs .vsix files for the user of this home, as `code --install-extension` does. */
export async function installPackages(
  files: readonly string[],
  home: Home,
  version?: string,
): Promise<void> {
  const { node, serverMain } = await installVsCode(version);
  const args = [
    ['--extensions-dir', home.extensions],
    ['--user-data-dir', home.data],
    ['--server-data-dir', home.data],
    '--accept-server-license-terms',
    ...files.map((file) => ['--install-extension', file]),
  ].flat();
  await run(node, [serverMain, ...args]);
}
