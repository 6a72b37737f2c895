import { setTimeout as pause } from 'node:timers/promises';
import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import { Accounts } from './accounts/accounts';
import { AccountStore } from './accounts/accountStore';
import type { Disposable } from './accounts/emitter';
import { timeLimited } from './accounts/secrets';
import { Heartbeat, type SetTimer } from './accounts/heartbeat';
import { TrustedCertificates } from './accounts/trustedCertificates';
import { Clock, serverClocks, type ServerClock } from './looker/clock';
import { LookerApi } from './looker/lookerApi';
import type { Fetch } from './looker/http';
import { fetchTrusting, type Trust } from './looker/privateTls';
import type { Connect } from './accounts/renewals';
import type { LookerAuthExports } from '../packages/looker-auth-api/index';
import { exportsFor } from './vscode/api';
import { registerAccountsTool } from './vscode/accountsTool';
import { LookerAuthenticationProvider } from './vscode/authenticationProvider';
import { setContextKeys } from './vscode/contextKeys';
import { onDidFocus } from './vscode/focus';
import { offerImport } from './vscode/iniOffer';
import { watchInstances } from './vscode/instanceProblems';
import type { LoginPrompt } from './vscode/loginRequests';
import { Messages } from './vscode/messages';
import { registerCommands, type Perform } from './vscode/registerCommands';
import { HandedOut } from './vscode/sessions';
import { Settings } from './vscode/settings';
import { StatusBar } from './vscode/statusBar';
import { sayUnrevoked } from './vscode/unrevoked';

/** Set while the extension is active. */
let accountsInUse: Accounts | undefined;

/** Builds everything once, in order. The provider is registered before anything is waited for. */
export function activate({
  secrets,
  globalState,
  workspaceState,
  subscriptions,
}: vscode.ExtensionContext): LookerAuthExports {
  l10n.config({ contents: vscode.l10n.bundle ?? {} });
  const log = vscode.window.createOutputChannel('Looker Auth', { log: true });
  const settings = new Settings();
  const clock = new Clock(Date.now, () => performance.now());
  const serverClock = serverClocks(clock);
  const certificates = new TrustedCertificates({ memento: globalState, clock, log });
  const { trustIn, connect } = connections({ settings, certificates, clock, serverClock });
  const opening = Accounts.open({
    store: new AccountStore(timeLimited(secrets)),
    memento: globalState,
    connect,
    renewal: () => settings.renewal,
    isFocused: () => vscode.window.state.focused,
    clock,
    serverClock,
    random: Math.random,
    pause,
    log,
  });
  /** The code of what the user starts is loaded with the first of it, not with the window. */
  const perform: Perform = async (deed) => {
    const [accounts, commands] = await Promise.all([opening, import('./vscode/commands')]);
    const attempt: Messages['attempt'] = (work, account) => messages.attempt(work, account);
    const tell: Messages['tell'] = (error, account) => messages.tell(error, account);
    const parts = { accounts, certificates, settings, connect, clock, serverClock, trustIn };
    return deed(commands, commands.contextOf({ ...parts, log, attempt, tell }));
  };
  const prompt: LoginPrompt = ({ baseUrl, sudoUserId: userId }, needless) =>
    perform(({ login, loginAsUser }, context) =>
      userId === undefined
        ? login(context, { baseUrl, needless })
        : loginAsUser(context, { baseUrl, userId, needless }),
    );
  const messages = new Messages(log, {
    login: (preset) => perform(({ login }, context) => login(context, preset)),
    openInstance: (url) => perform(({ openInstance }, context) => openInstance(context, url)),
    showCertificate: (url) =>
      perform(({ trustCertificate }, context) => trustCertificate(context, url)),
    stopActing: ({ id }) => perform(({ logoutOf }, { accounts }) => logoutOf(accounts, [id])),
    checkConnection: (url) =>
      perform(({ checkConnection }, context) => checkConnection(context, url)),
  });
  const handedOut = new HandedOut();
  const provider = new LookerAuthenticationProvider(opening, prompt, handedOut, sayUnrevoked);
  const disposables: Disposable[] = [
    log,
    vscode.authentication.registerAuthenticationProvider('looker', 'Looker', provider, {
      supportsMultipleAccounts: true,
    }),
    provider,
    registerCommands(perform, messages, log),
    registerAccountsTool(opening, vscode.lm),
  ];
  subscriptions.push({
    dispose: () => {
      // What was built last ends first, and the log outlives all that writes to it.
      for (const disposable of disposables.reverse()) disposable.dispose();
    },
  });
  void opening.then((accounts) => {
    accountsInUse = accounts;
    disposables.push(
      accounts,
      // Before all that shows something: what it plans must not be later than what they have seen.
      watchTheTime(accounts),
      setContextKeys(accounts, certificates, handedOut),
      new StatusBar(accounts, (baseUrl) => settings.nameOf(baseUrl)),
      messages.watch(accounts),
      offerImport({ workspaceState, globalState }, messages, (file) =>
        perform(({ importIni }, context) => importIni(context, file)),
      ),
      watchInstances(settings, log, () => {
        accounts.tryAgain();
      }),
    );
  });
  return exportsFor(opening, handedOut, log);
}

/** Log-outs that are under way when the window closes still reach Looker; VS Code waits a few seconds. */
export function deactivate(): Promise<void> | undefined {
  return accountsInUse?.allRevoked();
}

/** How instances are reached, each as the user has set it. */
function connections({
  settings,
  certificates,
  clock,
  serverClock,
}: {
  settings: Settings;
  certificates: TrustedCertificates;
  clock: Clock;
  serverClock: (baseUrl: string) => ServerClock;
}): { trustIn: (baseUrl: string) => Trust | undefined; connect: Connect } {
  /** The certificate that was shown to the user is the narrower trust, so it counts before a CA file. */
  const trustIn = (baseUrl: string): Trust | undefined => {
    const trusted = certificates.get(baseUrl);
    const { caFile } = settings.instance(baseUrl);
    return trusted ?? (caFile === undefined ? undefined : { caFile });
  };
  const fetchFrom = (baseUrl: string): Fetch => {
    const trust = baseUrl.startsWith('https:') ? trustIn(baseUrl) : undefined;
    return trust ? fetchTrusting(baseUrl, trust) : fetch;
  };
  const connect: Connect = (baseUrl, apiVersion) =>
    new LookerApi({
      ...settings.instance(baseUrl),
      apiVersion,
      timeoutMs: settings.timeoutMs,
      fetch: fetchFrom(baseUrl),
      clock,
      serverClock: serverClock(baseUrl),
    });
  return { trustIn, connect };
}

/** Looks what is due once a minute, when it is due, when the user comes here, and when they want it renewed otherwise. */
function watchTheTime(accounts: Accounts): Disposable {
  const heartbeat = new Heartbeat(accounts, setTimer);
  return vscode.Disposable.from(
    heartbeat,
    onDidFocus(() => {
      heartbeat.beat();
      void accounts.catchUp();
    }),
    vscode.workspace.onDidChangeConfiguration((change) => {
      if (change.affectsConfiguration('lookerAuth.renewal')) heartbeat.beat();
    }),
  );
}

/** Loaded with the first request, not with the window. */
const fetch: Fetch = async (url, init) => (await import('node-fetch')).default(url, init);

const setTimer: SetTimer = (wakeUp, ms) => {
  const timer = setTimeout(wakeUp, ms);
  return {
    dispose: () => {
      clearTimeout(timer);
    },
  };
};
