// A fake of the parts of VS Code that the start of a window uses. Bundled as the package `vscode`, it counts the calls.
import { Emitter } from '../../src/base/emitter';

interface Provider {
  getSessions(scopes: undefined, options: object): Promise<readonly unknown[]>;
}

/** Each function that was called, such as `commands.registerCommand`, in this order. */
export const calls: string[] = [];

/** What the status bar item says; empty before it is shown. */
export let statusBar = '';

let provider: Provider | undefined;

export class Disposable {
  static from(...all: readonly { dispose: () => void }[]): Disposable {
    return new Disposable(() => {
      for (const each of all) each.dispose();
    });
  }

  constructor(readonly dispose: () => void) {}
}

export class EventEmitter<T> extends Emitter<T> {}

export class ThemeColor {
  constructor(readonly id: string) {}
}

export class MarkdownString {
  value = '';
  isTrusted: unknown;

  appendText(text: string): this {
    this.value += text;
    return this;
  }

  appendMarkdown(text: string): this {
    return this.appendText(text);
  }
}

export const StatusBarAlignment = { Left: 1 };

const nothing = () => undefined;
const disposable = () => new Disposable(nothing);

export const l10n = { bundle: undefined };
export const extensions = { all: [] };
export const lm = counted('lm', { registerTool: disposable });

export const authentication = counted('authentication', {
  registerAuthenticationProvider: (_id: string, _name: string, registered: Provider) => {
    provider = registered;
    return disposable();
  },
  getAccounts: () => provider?.getSessions(undefined, {}),
});

export const commands = counted('commands', {
  registerCommand: disposable,
  executeCommand: () => Promise.resolve(),
});

export const workspace = counted('workspace', {
  isTrusted: true,
  workspaceFolders: undefined,
  getConfiguration: () => ({ get: nothing }),
  onDidChangeConfiguration: disposable,
  onDidGrantWorkspaceTrust: disposable,
});

export const window = counted('window', {
  state: { focused: true },
  terminals: [],
  onDidChangeWindowState: disposable,
  registerTerminalProfileProvider: disposable,
  createOutputChannel: () => ({ info: nothing, warn: nothing, error: nothing, dispose: nothing }),
  createStatusBarItem: () => ({
    text: '',
    show() {
      statusBar = this.text;
    },
    dispose: nothing,
  }),
});

function counted<Api extends object>(name: string, api: Api): Api {
  return new Proxy(api, {
    get: (target, key) => {
      const value: unknown = Reflect.get(target, key);
      if (typeof value !== 'function') return value;
      return (...args: unknown[]) => {
        calls.push(`${name}.${String(key)}`);
        return Reflect.apply(value, target, args) as unknown;
      };
    },
  });
}
