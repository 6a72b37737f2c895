import { FrontProxy } from './frontProxy';
import type { Home } from './home';
import { VsCodeServer } from './vscodeServer';

export interface ServedVsCodeOptions {
  /** Removed when it stops. */
  readonly home: Home;
  /** Changes to the environment of the extension hosts; undefined takes a variable away. */
  readonly env?: NodeJS.ProcessEnv;
  /** Of its address on 127.0.0.1; a free one when left out or 0. */
  readonly port?: number;
  /** Changes the HTML of its page. */
  readonly editPage?: ((html: string) => string) | undefined;
  /** Of code-server; the pinned one when left out. */
  readonly version?: string | undefined;
}

/** A VS Code to open in a browser. Its secrets survive a reload. */
export class ServedVsCode {
  /** Resolves once it answers. */
  static async start(options: ServedVsCodeOptions): Promise<ServedVsCode> {
    const { home, env, port, editPage, version } = options;
    const server = await VsCodeServer.start({ home, env, version });
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

  /** Where it is, without a slash at the end. */
  get origin(): string {
    return `http://${this.proxy.authority}`;
  }

  /** Opens the door, as `?tkn=` or as the cookie `vscode-tkn`: whoever has it has a shell on this computer. */
  get token(): string {
    return this.server.token;
  }

  /** What the server printed so far. */
  get log(): string {
    return this.server.log;
  }

  /** Stops it; nothing stays behind. */
  async stop(): Promise<void> {
    await this.proxy.stop();
    await this.server.stop();
    this.home.remove();
  }
}
