import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';

import { atExit } from './atExit';
import type { Home } from './home';
import { installVsCode, type VsCodeInstall } from './vscodeInstall';

const START_TIMEOUT_MS = 60_000;
const STOP_TIMEOUT_MS = 5_000;

export interface VsCodeServerOptions {
  readonly home: Home;
  /** Changes to the environment of the server, and so of the extension hosts; undefined removes a variable. */
  readonly env?: NodeJS.ProcessEnv | undefined;
  /** Version of code-server; the pinned one if omitted. */
  readonly version?: string | undefined;
  /** Names of the extensions to load that are a part of VS Code, such as `theme-defaults`; all if omitted. */
  readonly builtIn?: readonly string[] | undefined;
}

/** VS Code's own server, on a free port of 127.0.0.1. */
export class VsCodeServer {
  /** Anyone who has it has a shell on this computer. */
  readonly token = randomBytes(16).toString('hex');
  readonly #child: ChildProcess;
  readonly #closed: Promise<unknown>;
  readonly #callOff = atExit(() => {
    this.#killAll();
  });
  #log = '';
  #port = 0;

  /** Resolves once it responds. The first time, this downloads it. */
  static async start({ home, env, version, builtIn }: VsCodeServerOptions): Promise<VsCodeServer> {
    const install = await installVsCode(version);
    const args = builtIn
      ? ['--builtin-extensions-dir', await home.addBuiltIn(install, builtIn)]
      : [];
    const server = new VsCodeServer(install, home, args, env);
    try {
      server.#port = await server.#listening();
    } catch (error) {
      await server.stop();
      throw error;
    }
    return server;
  }

  private constructor(
    { node, serverMain }: VsCodeInstall,
    home: Home,
    moreArgs: readonly string[],
    env?: NodeJS.ProcessEnv,
  ) {
    const args = [
      ['--host', '127.0.0.1'],
      ['--port', '0'],
      ['--connection-token', this.token],
      ['--user-data-dir', home.data],
      ['--server-data-dir', home.data],
      ['--extensions-dir', home.extensions],
      ['--default-folder', home.workspace],
      '--accept-server-license-terms',
      '--disable-telemetry',
      '--disable-experiments',
      ...moreArgs,
    ].flat();
    this.#child = spawn(node, [serverMain, ...args], {
      env: { ...withoutVsCode(process.env), ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true, // its own process group, so that its extension hosts can be stopped with it
    });
    this.#closed = new Promise((resolve) => this.#child.once('close', resolve));
    const keep = (chunk: Buffer) => {
      this.#log += chunk.toString();
    };
    this.#child.stdout?.on('data', keep);
    this.#child.stderr?.on('data', keep);
  }

  get port(): number {
    return this.#port;
  }

  /** Its output so far. */
  get log(): string {
    return this.#log;
  }

  /** Stops it and every process it started. */
  async stop(): Promise<void> {
    this.#signal('SIGTERM');
    const tooLong = setTimeout(() => {
      this.#killAll();
    }, STOP_TIMEOUT_MS);
    await this.#closed;
    clearTimeout(tooLong);
    this.#killAll(); // extension hosts may outlive the server that started them
    this.#callOff();
  }

  async #listening(): Promise<number> {
    return await new Promise((resolve, reject) => {
      const fail = (what: string) => {
        reject(new Error(`VS Code's server ${what}:\n${this.#log}`));
      };
      const tooLong = setTimeout(fail, START_TIMEOUT_MS, 'did not start in time');
      this.#child.once('error', reject);
      this.#child.once('close', (code) => {
        clearTimeout(tooLong);
        fail(`ended with code ${code ?? 'none'}`);
      });
      this.#child.stdout?.on('data', () => {
        const port = /agent listening on (\d+)/.exec(this.#log)?.[1];
        if (!port) return;
        clearTimeout(tooLong);
        resolve(Number(port));
      });
    });
  }

  #killAll(): void {
    this.#signal('SIGKILL');
  }

  #signal(signal: NodeJS.Signals): void {
    const { pid } = this.#child;
    if (pid === undefined) return;
    if (process.platform === 'win32') {
      spawnSync('taskkill', ['/pid', String(pid), '/T', '/F']);
      return;
    }
    try {
      process.kill(-pid, signal);
    } catch {
      // No process of the group is left.
    }
  }
}

/** Removes variables that the terminal of another VS Code sets for VS Code's own programs, except its debugger's. */
function withoutVsCode(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(env).filter(
      ([name]) => !/^(VSCODE|ELECTRON)_/.test(name) || name === 'VSCODE_INSPECTOR_OPTIONS',
    ),
  );
}
