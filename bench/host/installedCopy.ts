import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { build } from 'esbuild';
import { buildForUsers, FOR_USERS } from '../build';
import { ROOT } from '../../test/support/buildExtension';
import type { Report } from './probe';

/** What a user installs, in addition to the code. */
const PARTS = ['package.json', 'package.nls.json', 'package.nls.pt-br.json', 'l10n', 'media'];

/** The folder of the measured code, which stack traces and profiles show. */
const PRODUCT = 'product';

/**
 * The installed extension in a temporary folder, whose code can be replaced. VS Code gives each extension only its own
 * secrets, so only an extension with the same name can store accounts for it.
 */
export class InstalledCopy {
  static async make(): Promise<InstalledCopy> {
    buildForUsers();
    const folder = await mkdtemp(path.join(os.tmpdir(), 'looker-auth-copy-'));
    for (const part of PARTS) {
      await cp(path.join(ROOT, part), path.join(folder, part), { recursive: true });
    }
    const manifest = JSON.parse(await readFile(path.join(ROOT, 'package.json'), 'utf8')) as {
      main: string;
    };
    return new InstalledCopy(folder, manifest.main);
  }

  private constructor(
    readonly folder: string,
    private readonly main: string,
  ) {}

  /** From the next window on, it is the extension alone. */
  async becomeProduct(): Promise<void> {
    await this.clear();
    await cp(path.join(ROOT, FOR_USERS), this.in('dist'), { recursive: true });
  }

  /** From the next window on, it is the extension inside a probe that measures what `task` says. */
  async becomeProbed(task: 'start' | 'sessions' | 'idle'): Promise<void> {
    await this.clear();
    await cp(path.join(ROOT, FOR_USERS), this.in(PRODUCT), { recursive: true });
    await this.bundle('probe.ts');
    await writeFile(this.in('task'), task);
  }

  /** In the next window, it stores accounts `first` to `last`, and shows when it is done. */
  async becomeFiller(first: number, last: number): Promise<void> {
    await this.clear();
    await this.bundle('filler.ts');
    await writeFile(this.in('task'), JSON.stringify({ first, last }));
  }

  /** Waits for the probe's results. */
  async report(): Promise<Report> {
    const read = () => readFile(this.in('report.json'), 'utf8').catch(() => undefined);
    let text = await read();
    while (text === undefined) {
      await pause(50);
      text = await read();
    }
    await rm(this.in('report.json'));
    return JSON.parse(text) as Report;
  }

  async remove(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }

  private in(name: string): string {
    return path.join(this.folder, name);
  }

  private async clear(): Promise<void> {
    for (const name of ['dist', PRODUCT, 'report.json']) {
      await rm(this.in(name), { recursive: true, force: true });
    }
  }

  private async bundle(file: string): Promise<void> {
    await build({
      entryPoints: [path.join(__dirname, file)],
      outfile: this.in(this.main),
      bundle: true,
      format: 'esm',
      platform: 'node',
      target: 'node22',
      external: ['vscode', `../${PRODUCT}/*`],
      // As in esbuild.js: the other build can't be part of an ES module.
      alias: { '@vscode/l10n': '@vscode/l10n/dist/browser.js' },
      define: { PRODUCT_MAIN: JSON.stringify(`../${PRODUCT}/${path.basename(this.main)}`) },
      logLevel: 'warning',
    });
  }
}
