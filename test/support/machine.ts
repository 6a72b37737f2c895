import path from 'node:path';

import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';

import { launchChromium } from './chromium';
import { type Furnishing, Home } from './home';
import { installPackages } from './installPackages';
import { allowTests } from './pageConfiguration';
import { ServedVsCode } from './servedVsCode';

const VIEWPORT = { width: 1280, height: 800 };

/**
 * The extensions of VS Code itself that the tests see something of. Together with all the others, for languages and
 * tools, a window takes a third longer to start.
 */
const BUILT_IN = [
  'configuration-editing',
  'github-authentication',
  'ini',
  'json',
  'json-language-features',
  'microsoft-authentication',
  'theme-defaults',
  'theme-seti',
];

export interface MachineOptions extends Furnishing {
  /** Added to the environment of the extension hosts. */
  readonly env?: (home: Home) => NodeJS.ProcessEnv;
  /** Extensions (`publisher.name`) that may use Looker accounts without asking, in windows that run tests. */
  readonly trusted?: readonly string[];
  /** Extensions to install from their .vsix files: absolute paths. */
  readonly packages?: readonly string[];
  /** Version of code-server; the pinned one if omitted. */
  readonly version?: string | undefined;
  /** Whether VS Code has all of its own extensions, as on the computer of a user. */
  readonly isComplete?: boolean;
  /** The display language for extensions, such as `pt-br`; VS Code's own texts stay English. */
  readonly language?: string;
  /** Playwright's options for its windows, except their size. */
  readonly screen?: BrowserContextOptions;
}

export interface TestRun {
  /** The module whose `run()` runs in the extension host: absolute path. */
  readonly module: string;
  /** Called with everything that VS Code and the tests log, formatted as for `console.log`. */
  readonly onLog: (...args: unknown[]) => void;
  /** Called with 0 when `run()` resolved, 1 when it rejected. */
  readonly onExit: (code: number) => void;
  /** Port on 127.0.0.1 where the extension host first waits for a debugger. */
  readonly debugPort?: string | undefined;
}

/**
 * One person's computer: a VS Code and a browser. Windows that are opened one after the other share the settings, state
 * and secrets.
 */
export class Machine {
  static async start(options: MachineOptions): Promise<Machine> {
    const { env, trusted, packages, version, isComplete, language, screen, ...furnishing } =
      options;
    const home = await Home.make(furnishing);
    if (packages) await installPackages(packages, home, version);
    const vscode = await ServedVsCode.start({
      home,
      env: { ...nothingOfTheDeveloper(home), ...env?.(home) },
      editPage: trusted && ((html) => allowTests(html, trusted)),
      version,
      builtIn: isComplete ? undefined : BUILT_IN,
    });
    try {
      const browser = await launchChromium();
      const context = await browser.newContext({
        viewport: VIEWPORT,
        ...screen,
        baseURL: vscode.origin,
      });
      // Set as by a language pack, except for VS Code's own texts.
      if (language) await context.addInitScript(`globalThis._VSCODE_NLS_LANGUAGE = '${language}'`);
      await context.addCookies([{ name: 'vscode-tkn', value: vscode.token, url: vscode.origin }]);
      return new Machine(home, vscode, browser, context);
    } catch (error) {
      await vscode.stop();
      throw error;
    }
  }

  private constructor(
    readonly home: Home,
    private readonly vscode: ServedVsCode,
    private readonly browser: Browser,
    private readonly context: BrowserContext,
  ) {}

  /** The output of VS Code's server so far. */
  get log(): string {
    return this.vscode.log;
  }

  /** Opens a window. Resolves when its page is loaded, before the workbench is ready. */
  async openWindow(): Promise<Page> {
    const page = await this.context.newPage();
    await page.goto('/');
    return page;
  }

  /** Opens a window that runs tests in its extension host, on a machine started with `trusted`. */
  async openTestWindow({ module, onLog, onExit, debugPort }: TestRun): Promise<Page> {
    const page = await this.context.newPage();
    await page.exposeFunction('codeAutomationLog', (_level: string, args: unknown[]) => {
      onLog(...args);
    });
    await page.exposeFunction('codeAutomationExit', onExit);

    const authority = new URL(this.vscode.origin).host;
    const remote = (file: string) => `vscode-remote://${authority}${path.posix.resolve(file)}`;
    const payload = [
      ['extensionDevelopmentPath', remote(this.home.extensions)],
      ['extensionTestsPath', remote(module)],
    ];
    if (debugPort) payload.push(['inspect-brk-extensions', debugPort]);
    await page.goto(`/?payload=${encodeURIComponent(JSON.stringify(payload))}`);
    return page;
  }

  /** Stops it, and leaves nothing behind. */
  async stop(): Promise<void> {
    await this.browser.close();
    await this.vscode.stop();
  }
}

/** Hides the developer's home and Looker keys from the tests. */
function nothingOfTheDeveloper({ folder }: Home): NodeJS.ProcessEnv {
  const keys = Object.keys(process.env).filter((name) => name.startsWith('LOOKERSDK_'));
  const without = Object.fromEntries(keys.map((name) => [name, undefined]));
  return { ...without, HOME: folder, USERPROFILE: folder };
}
