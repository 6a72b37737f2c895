import { FrontProxy } from './frontProxy';
import type { Home } from './home';
import { VsCodeServer } from './vscodeServer';

export interface ServedVsCodeOptions {
  /** Deleted when it stops. */
  readonly home: Home;
  /** Changes to the environment of the extension hosts; undefined removes a variable. */
  readonly env?: NodeJS.ProcessEnv;
  /** Port on 127.0.0.1; a free one if omitted or 0. */
  readonly port?: number;
  /** Changes the HTML of its page. */
  readonly editPage?: ((html: string) => string) | undefined;
  /** Version of code-server; the pinned one if omitted. */
  readonly version?: string | undefined;
  /** Names of the extensions to load that are a part of VS Code; all if omitted. */
  readonly builtIn?: readonly string[] | undefined;
}

/** A VS Code to open in a browser. Its secrets survive a reload. */
export class ServedVsCode {
  /** Resolves once it responds. */
  static async start(options: ServedVsCodeOptions): Promise<ServedVsCode> {
    const { home, env, port, editPage, version, builtIn } = options;
    const server = await VsCodeServer.start({ home, env, version, builtIn });
    try {
      const proxy = await FrontProxy.start({ target: server.port, port, editPage });
      return new ServedVsCode(home, server, proxy);
    } catch (error) {
      await server.stop();
      throw error;
    }
  }

  private constructor(
    private readonly home: Home,
    private readonly server: VsCodeServer,
    private readonly proxy: FrontProxy,
  ) {}

  /** Its URL, without a slash at the end. */
  get origin(): string {
    return `http://${this.proxy.authority}`;
  }

  /** Grants access, as `?tkn=` or as the cookie `vscode-tkn`: anyone who has it has a shell on this computer. */
  get token(): string {
    return this.server.token;
  }

  /** The output of the server so far. */
  get log(): string {
    return this.server.log;
  }

  /** Stops it, and leaves nothing behind. */
  async stop(): Promise<void> {
    await this.proxy.stop();
    await this.server.stop();
    this.home.remove();
  }
}
