// Wraps the extension in the extension host, and measures it there.
import { createHook } from 'node:async_hooks';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { Session, type Debugger, type Profiler } from 'node:inspector';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import * as vscode from 'vscode';

/** Path of the extension's main file, relative to this one. */
declare const PRODUCT_MAIN: string;

/** Part of every path of the extension's own code, in stack traces and profiles. */
const OWN = '/product/';

/** Time until everything that belongs to the start is done. */
const SETTLE_MS = 3000;
const IDLE_MS = 3 * 60_000;

const CALLS = 2000;
const HOST_CALLS = 300;
const WATCHED_CALLS = 50;

/** The results; some tasks measure only a part. Times are in ms. */
export interface Report {
  /** Time until `activate` returns. */
  readonly activate: number;
  /** Time from that call until the status bar item is shown. */
  readonly statusBar: number;
  /** Secrets read by then. */
  readonly reads: number;
  /** Extension files loaded at the start of the window, with their size in bytes. */
  readonly loaded: Readonly<Record<string, number>>;
  readonly sessions?: Sessions;
  readonly idle?: Idle;
}

export interface Sessions {
  readonly found: number;
  /** Times of the provider's `getSessions` for all accounts, called in the extension host. */
  readonly provider: readonly number[];
  /** Times of `vscode.authentication.getSession` for Looker, and for a provider that has its sessions ready. */
  readonly host: readonly number[];
  readonly trivial: readonly number[];
  /** Secrets read by all these calls. */
  readonly reads: number;
  /** Connections opened by the watched calls. */
  readonly requests: number;
}

export interface Idle {
  readonly ms: number;
  /** The extension's timers at the beginning. */
  readonly timers: number;
  /** How often a timer called the extension in that time. */
  readonly wakeUps: number;
  /** CPU time of the extension, in ms. */
  readonly cpu: number;
}

interface Product {
  activate(context: vscode.ExtensionContext): unknown;
  deactivate(): unknown;
}

let product: Product | undefined;

export async function activate(context: vscode.ExtensionContext): Promise<unknown> {
  const task = readFileSync(path.join(context.extensionPath, 'task'), 'utf8');
  const wakeUps = watchWakeUps();
  // Watching slows down every promise, so times are measured without it.
  if (task === 'idle') wakeUps.watch(true);
  const shown = whenStatusBarShows();
  const provider = whenProviderComes();
  const imported = (await import(PRODUCT_MAIN)) as Product & { default?: Product };
  product = imported.default ?? imported;

  let reads = 0;
  const { secrets } = context;
  const watched: vscode.SecretStorage = {
    get: (key) => {
      reads++;
      return secrets.get(key);
    },
    keys: () => secrets.keys(),
    store: (key, value) => secrets.store(key, value),
    delete: (key) => secrets.delete(key),
    onDidChange: secrets.onDidChange,
  };
  const own = Object.create(context, { secrets: { value: watched } }) as vscode.ExtensionContext;

  const start = performance.now();
  const exports = product.activate(own);
  const returned = performance.now();

  const finish = async () => {
    const at = await shown;
    const started = { activate: returned - start, statusBar: at - start, reads };
    await pause(SETTLE_MS);
    const loaded = await loadedFiles();
    const report: Report = {
      ...started,
      loaded,
      ...(task === 'sessions' && {
        sessions: await sessions(await provider, wakeUps, () => reads),
      }),
      ...(task === 'idle' && { idle: await idle(wakeUps) }),
    };
    writeFileSync(path.join(context.extensionPath, 'report.json'), JSON.stringify(report));
  };
  void finish();
  return exports;
}

export function deactivate(): unknown {
  return product?.deactivate();
}

/** Resolves with the time when the extension first shows its status bar item. */
function whenStatusBarShows(): Promise<number> {
  const { window } = vscode;
  const create = window.createStatusBarItem.bind(window) as (
    ...args: unknown[]
  ) => vscode.StatusBarItem;
  return new Promise((resolve) => {
    Object.assign(window, {
      createStatusBarItem: (...args: unknown[]) => {
        const item = create(...args);
        const show = item.show.bind(item);
        item.show = () => {
          show();
          resolve(performance.now());
        };
        return item;
      },
    });
  });
}

function whenProviderComes(): Promise<vscode.AuthenticationProvider> {
  const { authentication } = vscode;
  const register = authentication.registerAuthenticationProvider.bind(authentication);
  return new Promise((resolve) => {
    Object.assign(authentication, {
      registerAuthenticationProvider: (...args: Parameters<typeof register>) => {
        resolve(args[2]);
        return register(...args);
      },
    });
  });
}

interface WakeUps {
  readonly watch: (isOn: boolean) => void;
  /** How often timers have called the extension so far. */
  readonly count: () => number;
  /** Requests and connections that the extension has started so far. */
  readonly requests: () => number;
  /** Number of timers that are set now. */
  readonly timers: () => number;
}

/** Watches the timers and the network connections of the extension itself. */
function watchWakeUps(): WakeUps {
  const own = new Set<number>();
  let count = 0;
  let requests = 0;
  const hook = createHook({
    init: (id, type) => {
      if (/HTTP|TCP|GETADDRINFO|TLS/.test(type) && callers().some(isOwn)) requests++;
      // When called, VS Code sets its own timers to send messages. `setImmediate` doesn't count: it wakes nothing up.
      if (type === 'Timeout' && isOwn(callers()[0] ?? '')) own.add(id);
    },
    before: (id) => {
      if (own.has(id)) count++;
    },
    destroy: (id) => void own.delete(id),
  });
  return {
    watch: (isOn) => {
      if (isOn) hook.enable();
      else hook.disable();
    },
    count: () => count,
    requests: () => requests,
    timers: () => own.size,
  };
}

function isOwn(place: string): boolean {
  return place.includes(OWN);
}

/** The stack of the current call, innermost first, without Node's own code and this file. */
function callers(): readonly string[] {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 50;
  const { stack = '' } = new Error();
  Error.stackTraceLimit = stackTraceLimit;
  const here = /\((.*):\d+:\d+\)/.exec(stack)?.[1] ?? '';
  return stack
    .split('\n')
    .slice(1)
    .filter((line) => !line.includes('node:') && !line.includes(here));
}

async function sessions(
  provider: vscode.AuthenticationProvider,
  wakeUps: WakeUps,
  reads: () => number,
): Promise<Sessions> {
  const readBefore = reads();
  const all = () => Promise.resolve(provider.getSessions(undefined, {}));
  const found = (await all()).length;
  const own = await timesOf(CALLS, all);

  const stored = await all();
  const trivial: vscode.AuthenticationProvider = {
    onDidChangeSessions: () => new vscode.Disposable(() => undefined),
    getSessions: () => Promise.resolve(stored),
    createSession: () => Promise.reject(new Error('Nobody logs in here.')),
    removeSession: () => Promise.resolve(),
  };
  vscode.authentication.registerAuthenticationProvider('trivial', 'Trivial', trivial);
  const host: number[] = [];
  const others: number[] = [];
  const ask = (id: string) => () => vscode.authentication.getSession(id, [], { silent: true });
  while (host.length < HOST_CALLS) {
    host.push(...(await timesOf(1, ask('looker'))));
    others.push(...(await timesOf(1, ask('trivial'))));
  }
  wakeUps.watch(true);
  await timesOf(WATCHED_CALLS, all);
  wakeUps.watch(false);
  return {
    found,
    provider: own,
    host,
    trivial: others,
    reads: reads() - readBefore,
    requests: wakeUps.requests(),
  };
}

async function timesOf(count: number, work: () => Thenable<unknown>): Promise<number[]> {
  const times: number[] = [];
  while (times.length < count) {
    const start = performance.now();
    await work();
    times.push(performance.now() - start);
  }
  return times;
}

async function idle(wakeUps: WakeUps): Promise<Idle> {
  const timers = wakeUps.timers();
  const before = wakeUps.count();
  const profile = await profileOf(() => pause(IDLE_MS));
  return { ms: IDLE_MS, timers, wakeUps: wakeUps.count() - before, cpu: ownTime(profile) };
}

/** A CPU profile of this work. */
async function profileOf(work: () => Promise<unknown>): Promise<Profiler.Profile> {
  const session = new Session();
  session.connect();
  session.post('Profiler.enable');
  session.post('Profiler.start');
  await work();
  return new Promise((resolve, reject) => {
    session.post('Profiler.stop', (error, { profile }) => {
      session.disconnect();
      if (error) reject(error);
      else resolve(profile);
    });
  });
}

/** Ms in a profile that the extension's code ran, including everything that it called. */
function ownTime({ nodes, samples = [], timeDeltas = [] }: Profiler.Profile): number {
  const own = new Set<number>();
  // Parents come before their children.
  for (const { id, callFrame, children = [] } of nodes) {
    if (isOwn(callFrame.url)) own.add(id);
    if (own.has(id)) for (const child of children) own.add(child);
  }
  return samples.reduce((ms, id, i) => ms + (own.has(id) ? (timeDeltas[i] ?? 0) / 1000 : 0), 0);
}

/** The extension's files that the extension host has loaded so far. */
async function loadedFiles(): Promise<Readonly<Record<string, number>>> {
  const session = new Session();
  session.connect();
  const files = new Map<string, number>();
  session.on(
    'Debugger.scriptParsed',
    ({ params }: { params: Debugger.ScriptParsedEventDataType }) => {
      if (!isOwn(params.url)) return;
      const file = params.url.startsWith('file:') ? fileURLToPath(params.url) : params.url;
      files.set(path.basename(file), statSync(file).size);
    },
  );
  await new Promise<void>((resolve) => {
    session.post('Debugger.enable', () => {
      resolve();
    });
  });
  session.disconnect();
  return Object.fromEntries(files);
}
