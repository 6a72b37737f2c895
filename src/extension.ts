import { setTimeout as pause } from 'node:timers/promises';
import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import { TERMINAL_CONSENT } from './accounts/account';
import { Accounts } from './accounts/accounts';
import { AccountStore } from './accounts/store/accountStore';
import { AgreedExceptions } from './accounts/trust/agreedExceptions';
import type { Disposable } from './accounts/emitter';
import { timeLimited } from './accounts/store/secrets';
import { RenewalTimer } from './accounts/renewalTimer';
import { TrustedCertificates } from './accounts/trust/trustedCertificates';
import { Clock, serverClocks } from './looker/clock';
import type { FetchOverTls } from './looker/tls/privateTls';
import type { LookerAuthExports } from '../packages/looker-auth-api/index';
import { exportsFor } from './vscode/provider/exports';
import { registerAccountsTool } from './vscode/chatTool/accountsTool';
import { LookerAuthenticationProvider } from './vscode/provider/authenticationProvider';
import { connections, type NodeFetch, type StreamOverTls } from './vscode/settings/connections';
import { setContextKeys } from './vscode/palette/contextKeys';
import { onDidFocus } from './vscode/focus';
import { ImportOffer } from './vscode/import/importOffer';
import { watchInstances } from './vscode/settings/instanceProblems';
import { loginPrompt } from './vscode/palette/loginPrompt';
import { NonAdmins } from './vscode/loginAsUser/nonAdmins';
import { Messages } from './vscode/messages/messages';
import { OutputLog } from './vscode/messages/outputLog';
import { registerCommands, type RunCommand } from './vscode/palette/registerCommands';
import { IssuedSessions } from './vscode/provider/issuedSessions';
import { Settings } from './vscode/settings/settings';
import { sayActing } from './vscode/messages/sayActing';
import { StatusBar } from './vscode/statusBar/statusBar';
import { sayIfTaken } from './vscode/provider/takenProvider';
import { sayUnrevoked } from './vscode/logout/unrevoked';
import type { LookerTerminals } from './vscode/terminal/lookerTerminals';

/** Set while the extension is active. */
let accountsInUse: Accounts | undefined;

/** Set from the first terminal on. */
let terminalsInUse: Promise<LookerTerminals> | undefined;

/** Builds everything once, in order. The provider is registered before anything is waited for. */
export function activate({
  secrets,
  globalState,
  globalStorageUri,
  workspaceState,
  subscriptions,
}: vscode.ExtensionContext): LookerAuthExports {
  l10n.config({ contents: vscode.l10n.bundle ?? {} });
  const log = new OutputLog();
  const settings = new Settings();
  const clock = new Clock(Date.now, () => performance.now());
  const serverClock = serverClocks(clock);
  const secretsInTime = timeLimited(secrets);
  const certificates = new TrustedCertificates({ secrets: secretsInTime, clock, log });
  const agreed = new AgreedExceptions(secretsInTime, log);
  const trust = connections({ settings, certificates, agreed, fetch, clock, serverClock });
  const opening = Accounts.open({
    store: new AccountStore(secretsInTime),
    memento: globalState,
    connect: trust.connect,
    renewal: () => settings.renewal,
    isFocused: () => vscode.window.state.focused,
    clock,
    serverClock,
    random: Math.random,
    pause,
    browserLogins: once(async () => {
      const { openBrowserLogins } = await import('./accounts/browserLogin/openBrowserLogins');
      return openBrowserLogins({
        storagePath: globalStorageUri.fsPath,
        uptime: () => performance.now(),
        pause,
        timeoutMs: () => settings.timeoutMs,
        log,
      });
    }),
    log,
  });
  const messages = new Messages(log);
  const importOffer = new ImportOffer({ workspaceState, globalState }, messages);
  const nonAdmins = new NonAdmins();
  /** The code of what the user starts is loaded with the first of it, not with the window. */
  const run: RunCommand = async (action) => {
    const [accounts, commands] = await Promise.all([opening, import('./vscode/palette/commands')]);
    const inquiries = commands.inquiriesOf(accounts, settings, trust);
    const terminals = () =>
      (terminalsInUse ??= import('./vscode/terminal/lookerTerminals').then(
        ({ LookerTerminals }) => new LookerTerminals(accounts, trust, secretsInTime, log),
      ));
    const built = { accounts, settings, trust, inquiries, messages, importOffer, log };
    return action(commands, { ...built, nonAdmins, terminals });
  };
  messages.onDidChoose((step) => {
    void messages.attempt(() => run(({ takeStep }, context) => takeStep(context, step)));
  });
  const issued = new IssuedSessions(() => clock.steady(), log);
  const provider = new LookerAuthenticationProvider(
    opening,
    loginPrompt(run),
    issued,
    sayUnrevoked,
  );
  const disposables: Disposable[] = [
    log,
    certificates,
    vscode.authentication.registerAuthenticationProvider('looker', 'Looker', provider, {
      supportsMultipleAccounts: true,
    }),
    provider,
    messages,
    registerCommands(run, messages, log),
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
      accounts.onDidChange(({ removed }) => {
        for (const { id, baseUrl } of removed) {
          // Where that fails, terminals still open without asking after the account's next login.
          secretsInTime.delete(TERMINAL_CONSENT + id).then(undefined, () => undefined);
          if (!accounts.isInUse(baseUrl)) void agreed.forget(baseUrl);
        }
      }),
      // Before all that shows something: what it plans must not be later than what they have seen.
      watchTheTime(accounts, certificates),
      setContextKeys(accounts, certificates, issued),
      new StatusBar(accounts, (baseUrl) => settings.nameOf(baseUrl)),
      sayActing(accounts),
      messages.watch(accounts),
      importOffer.make((file) => run(({ importIni }, context) => importIni(context, file))),
      watchInstances(settings, log, () => {
        accounts.clearFailures();
      }),
    );
    void sayIfTaken(provider, log);
  });
  return exportsFor(opening, issued, log);
}

/** Logouts that are under way when the window closes still reach Looker; VS Code waits a few seconds. */
export async function deactivate(): Promise<void> {
  const terminals = terminalsInUse;
  terminalsInUse = undefined;
  await Promise.all([
    accountsInUse?.allRevoked(),
    terminals?.then((terminals) => terminals.close()),
  ]);
}

/** Looks what is due once a minute, when it is due, when the user comes here, and when they want it renewed otherwise. */
function watchTheTime(accounts: Accounts, certificates: TrustedCertificates): Disposable {
  const renewalTimer = new RenewalTimer(accounts);
  return vscode.Disposable.from(
    renewalTimer,
    onDidFocus(() => {
      renewalTimer.tick();
      void accounts.catchUp();
      void certificates.catchUp();
    }),
    vscode.workspace.onDidChangeConfiguration((change) => {
      if (change.affectsConfiguration('lookerAuth.renewal')) renewalTimer.tick();
    }),
  );
}

/** Does something when it is first asked for, and once. */
function once<T>(work: () => Promise<T>): () => Promise<T> {
  let done: Promise<T> | undefined;
  return () => (done ??= work());
}

/** Loaded with the first request, not with the window. */
const fetch = (async (
  url: string,
  { agent, ...init }: Parameters<FetchOverTls | StreamOverTls>[1],
) =>
  (await import('node-fetch')).default(url, {
    ...init,
    ...(agent && { agent: agent as never }),
  })) as NodeFetch;
