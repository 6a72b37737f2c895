import { rmSync } from 'node:fs';
import { mkdir, mkdtemp, symlink, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';

import { atExit } from './atExit';
import type { VsCodeInstall } from './vscodeInstall';

export interface Furnishing {
  /**
   * The folders of the extensions to install: absolute paths. They stay in place; a window reload picks up a rebuild.
   */
  readonly extensions: readonly string[];
  /** VS Code's user settings, in addition to those that keep it quiet. */
  readonly settings?: Readonly<Record<string, unknown>>;
}

/**
 * Nothing opens by itself, no marketplace is contacted, and the folder is trusted. Terminals are drawn without WebGL,
 * which a machine without a graphics card emulates.
 */
const QUIET = {
  'workbench.startupEditor': 'none',
  'terminal.integrated.gpuAcceleration': 'off',
  'workbench.tips.enabled': false,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'chat.disableAIFeatures': true,
  'extensions.autoCheckUpdates': false,
  'extensions.ignoreRecommendations': true,
  'remote.autoForwardPorts': false,
  'security.workspace.trust.enabled': false,
};

/** Settings of a user who isn't asked about the folder and hasn't trusted it: it opens in Restricted Mode. */
export const RESTRICTED_MODE = {
  'security.workspace.trust.enabled': true,
  'security.workspace.trust.startupPrompt': 'never',
};

/** The temporary folder of one VS Code. All its paths are absolute. */
export class Home {
  /** VS Code's own data: settings, state, logs. */
  readonly data: string;
  /** Its installed extensions. */
  readonly extensions: string;
  /** Those that are a part of VS Code, if only some of them are loaded. */
  readonly builtIn: string;
  /** An empty folder to open. */
  readonly workspace: string;

  static async make({ extensions, settings }: Furnishing): Promise<Home> {
    const home = new Home(await mkdtemp(path.join(os.tmpdir(), 'looker-auth-')));
    await mkdir(home.workspace);
    await home.#install(extensions);
    await home.#write({ ...QUIET, ...settings });
    return home;
  }

  readonly #callOff = atExit(() => {
    this.remove();
  });

  private constructor(readonly folder: string) {
    this.data = path.join(folder, 'vscode');
    this.extensions = path.join(folder, 'extensions');
    this.builtIn = path.join(folder, 'built-in');
    this.workspace = path.join(folder, 'workspace');
  }

  /**
   * Makes these extensions of a VS Code the only ones that are a part of it.
   * @returns the folder for its `--builtin-extensions-dir`
   */
  async addBuiltIn({ extensions }: VsCodeInstall, names: readonly string[]): Promise<string> {
    await mkdir(this.builtIn);
    for (const name of names) {
      await symlink(path.join(extensions, name), path.join(this.builtIn, name), 'junction');
    }
    return this.builtIn;
  }

  remove(): void {
    this.#callOff();
    // A process that is being stopped may still write into it.
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  }

  async #install(extensions: readonly string[]): Promise<void> {
    await mkdir(this.extensions);
    for (const [i, extension] of extensions.entries()) {
      await symlink(extension, path.join(this.extensions, `extension-${i}`), 'junction');
    }
  }

  async #write(settings: object): Promise<void> {
    const folder = path.join(this.data, 'User');
    await mkdir(folder, { recursive: true });
    await writeFile(path.join(folder, 'settings.json'), JSON.stringify(settings, undefined, 2));
  }
}
