// Counts the work when a window starts: the bundle that users get, with a fake VS Code that does nothing.
import { statSync } from 'node:fs';
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { Session as Inspector, type Debugger } from 'node:inspector';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { ROOT } from '../test/support/buildExtension';
import type * as CountedVsCode from '../test/support/countedVsCode';
import { MemoryMemento } from '../test/support/memoryMemento';
import { MemorySecrets } from '../test/support/memorySecrets';
import { until } from '../test/support/until';
import { buildForUsers, FOR_USERS } from './build';
import { storeAccounts } from './storedAccounts';

/** Time from when the status bar appears until the start is complete. */
const SETTLE_MS = 200;

export interface StartWork {
  /** Calls to VS Code by the time `activate` returned, in order, such as `commands.registerCommand`. */
  readonly callsAtOnce: readonly string[];
  /** The same, once the start is complete. */
  readonly calls: readonly string[];
  /** Bytes of each extension file that was loaded. */
  readonly loaded: Readonly<Record<string, number>>;
  /** How often secrets were read or listed. */
  readonly secretsRead: number;
  readonly statusBar: string;
}

interface Extension {
  activate(context: object): unknown;
  deactivate(): Promise<void>;
}

/** Starts the extension once, with this many stored accounts, all with valid tokens. */
export async function countStart(accounts: number): Promise<StartWork> {
  buildForUsers();
  const folder = await mkdtemp(path.join(os.tmpdir(), 'looker-auth-start-'));
  try {
    const dist = path.join(folder, 'dist');
    const vscodeFile = path.join(folder, 'node_modules', 'vscode', 'index.mjs');
    await cp(path.join(ROOT, FOR_USERS), dist, { recursive: true });
    await mkdir(path.dirname(vscodeFile), { recursive: true });
    await build({
      entryPoints: [path.join(ROOT, 'test', 'support', 'countedVsCode.ts')],
      outfile: vscodeFile,
      bundle: true,
      format: 'esm',
      platform: 'node',
      logLevel: 'warning',
    });
    await writeFile(
      path.join(path.dirname(vscodeFile), 'package.json'),
      JSON.stringify({ main: 'index.mjs' }),
    );
    return await start(accounts, dist, vscodeFile);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function start(accounts: number, dist: string, vscodeFile: string): Promise<StartWork> {
  const vscode = (await import(pathToFileURL(vscodeFile).href)) as typeof CountedVsCode;
  const { calls } = vscode;
  const secrets = new MemorySecrets();
  const memento = new MemoryMemento().openWindow();
  await storeAccounts({ secrets, memento }, accounts);
  let secretsRead = 0;
  const context = {
    secrets: {
      get: (key: string) => {
        secretsRead++;
        return secrets.get(key);
      },
      keys: () => {
        secretsRead++;
        return secrets.keys();
      },
      store: (key: string, value: string) => secrets.store(key, value),
      delete: (key: string) => secrets.delete(key),
      onDidChange: secrets.onDidChange,
    },
    globalState: memento,
    workspaceState: { get: () => undefined, update: () => Promise.resolve() },
    globalStorageUri: { fsPath: dist },
    subscriptions: [] as { dispose: () => unknown }[],
  };
  const watch = watchFiles(dist);
  const main = pathToFileURL(path.join(dist, 'extension.mjs')).href;
  const extension = (await import(main)) as Extension;
  extension.activate(context);
  const callsAtOnce = [...calls];
  await until(() => vscode.statusBar !== '');
  await pause(SETTLE_MS);
  const work = { callsAtOnce, calls: [...calls], loaded: watch.end(), secretsRead };
  await extension.deactivate();
  for (const subscription of context.subscriptions) subscription.dispose();
  return { ...work, statusBar: vscode.statusBar };
}

/** Records which files of a folder are loaded. */
function watchFiles(folder: string): { readonly end: () => Readonly<Record<string, number>> } {
  const loaded = new Map<string, number>();
  const inspector = new Inspector();
  inspector.connect();
  inspector.on(
    'Debugger.scriptParsed',
    ({ params }: { params: Debugger.ScriptParsedEventDataType }) => {
      if (!params.url.startsWith(pathToFileURL(folder).href)) return;
      const file = fileURLToPath(params.url);
      loaded.set(path.basename(file), statSync(file).size);
    },
  );
  inspector.post('Debugger.enable');
  return {
    end: () => {
      inspector.disconnect();
      return Object.fromEntries(loaded);
    },
  };
}
