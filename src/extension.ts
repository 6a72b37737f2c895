import { setTimeout as pause } from 'node:timers/promises';
import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import { TERMINAL_CONSENT } from './accounts/account';
import { Accounts } from './accounts/accounts';
import { AccountStore } from './accounts/store/accountStore';
import type { FetchOverTls } from './looker/tls/privateTls';
import type { Disposable } from './base/emitter';
import { Lazy } from './accounts/lazy';
import { timeLimited } from './accounts/store/secrets';
import { RenewalTimer } from './accounts/renewal/renewalTimer';
import { forgetUnused } from './accounts/trust/forgetUnused';
import { TrustedCertificates } from './accounts/trust/trustedCertificates';
import { Clock, serverClocks } from './looker/clock';
import type { LookerAuthExports } from '../packages/looker-auth-api/index';
import { exportsFor } from './vscode/provider/exports';
import { registerAccountsTool } from './vscode/chatTool/accountsTool';
import { LookerAuthenticationProvider } from './vscode/provider/authenticationProvider';
import { setContextKeys } from './vscode/palette/contextKeys';
import { onDidFocus } from './vscode/focus';
import { ImportOffer } from './vscode/import/importOffer';
import { watchInstances } from './vscode/settings/instanceProblems';
import { loginPrompt } from './vscode/palette/loginPrompt';
import { Messages } from './vscode/messages/messages';
import { OutputLog } from './vscode/messages/outputLog';
import { registerCommands, type RunCommand } from './vscode/palette/registerCommands';
import { IssuedSessions } from './vscode/provider/issuedSessions';
import { hasInstances, RenewalSetting } from './vscode/settings/startSettings';
import { showActing } from './vscode/messages/showActing';
import { StatusBar } from './vscode/statusBar/statusBar';
import { showUnrevoked } from './vscode/logout/unrevoked';
import { isTaken } from './vscode/provider/isTaken';
import type { CommandContext } from './vscode/context';
import type { LookerTerminals } from './vscode/terminal/lookerTerminals';

/** Set while the extension is active. */
let accountsInUse: Accounts | undefined;

/** Set while the extension is active. */
let terminalsInUse: Lazy<LookerTerminals> | undefined;

/** Builds everything once, in order. The provider is registered before anything is awaited. */
export function activate({
  secrets,
  globalState,
  globalStorageUri,
  workspaceState,
  subscriptions,
}: vscode.ExtensionContext): LookerAuthExports {
  l10n.config({ contents: vscode.l10n.bundle ?? {} });
  const log = new OutputLog();
  const clock = new Clock(Date.now, () => performance.now());
  const serverClock = serverClocks(clock);
  const secretsInTime = timeLimited(secrets);
  const certificates = new TrustedCertificates({ secrets: secretsInTime, clock, log });
  const isFocused = () => vscode.window.state.focused;
  const renewal = new RenewalSetting();
  const lazySettings = new Lazy(async () => {
    const { Settings } = await import('./vscode/settings/settings');
    return new Settings();
  });
  const lazyConnections = new Lazy(async () => {
    const [settings, { createConnections }, { default: fetch }] = await Promise.all([
      lazySettings.get(),
      import('./vscode/settings/connections'),
      import('node-fetch'),
    ]);
    return createConnections({
      settings,
      certificates,
      secrets: secretsInTime,
      log,
      fetch: fetch as unknown as FetchOverTls,
      clock,
      serverClock,
    });
  });
  const lazyBrowserLogins = new Lazy(async () => {
    const [settings, { openBrowserLogins }] = await Promise.all([
      lazySettings.get(),
      import('./accounts/browserLogin/openBrowserLogins'),
    ]);
    return openBrowserLogins({
      storagePath: globalStorageUri.fsPath,
      uptime: () => performance.now(),
      pause,
      timeoutMs: () => settings.timeoutMs,
      log,
    });
  });
  const opening = Accounts.open({
    store: new AccountStore(secretsInTime),
    memento: globalState,
    renewal: () => renewal.mode,
    isFocused,
    clock,
    serverClock,
    random: Math.random,
    log,
    requests: async (context) => {
      const [{ Requests }, { connect }] = await Promise.all([
        import('./accounts/requests'),
        lazyConnections.get(),
      ]);
      return new Requests(context, {
        connect,
        isFocused,
        clock,
        random: Math.random,
        pause,
        browserLogins: () => lazyBrowserLogins.get(),
        log,
      });
    },
  });
  const messages = new Messages(log);
  const importOffer = new ImportOffer({ workspaceState, globalState }, messages);
  const lazyTerminals = new Lazy(async () => {
    const [accounts, connections, { LookerTerminals }] = await Promise.all([
      opening,
      lazyConnections.get(),
      import('./vscode/terminal/lookerTerminals'),
    ]);
    return new LookerTerminals(accounts, connections, secretsInTime, log);
  });
  terminalsInUse = lazyTerminals;
  const lazyCommands = new Lazy(async () => {
    const [accounts, settings, connections, code] = await Promise.all([
      opening,
      lazySettings.get(),
      lazyConnections.get(),
      import('./vscode/palette/commands'),
    ]);
    const context: CommandContext = {
      accounts,
      settings,
      trust: connections,
      inquiries: code.inquiriesOf(accounts, settings, connections),
      messages,
      importOffer,
      nonAdmins: new code.NonAdmins(),
      terminals: () => lazyTerminals.get(),
      log,
    };
    return { code, context };
  });
  // Terminals that were opened before this extension host started.
  const earlierTerminals = [...vscode.window.terminals];
  const lazyLostTerminals = new Lazy(() => import('./vscode/terminal/lostTerminals'));
  if (earlierTerminals.length > 0) {
    void messages.attempt(async () =>
      (await lazyLostTerminals.get()).showLost(earlierTerminals, log),
    );
  }
  const lazyTakenProvider = new Lazy(() => import('./vscode/provider/takenProvider'));
  const run: RunCommand = async (action) => {
    const { code, context } = await lazyCommands.get();
    return action(code, context);
  };
  messages.onDidChoose((step) => {
    void messages.attempt(() => run(({ takeStep }, context) => takeStep(context, step)));
  });
  const issued = new IssuedSessions(() => clock.steady(), log);
  const provider = new LookerAuthenticationProvider(
    opening,
    async (accounts) => {
      const { RequestedSessions } = await import('./vscode/provider/requestedSessions');
      return new RequestedSessions(accounts, loginPrompt(run));
    },
    issued,
    showUnrevoked,
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
      // Disposed in reverse order, so that the log outlives everything that writes to it.
      for (const disposable of disposables.reverse()) disposable.dispose();
    },
  });
  void opening.then((accounts) => {
    accountsInUse = accounts;
    disposables.push(
      accounts,
      accounts.onDidChange(({ removed }) => {
        for (const { id } of removed) {
          // If deleting the consent fails, terminals still open without asking after the account's next login.
          secretsInTime.delete(TERMINAL_CONSENT + id).then(undefined, () => undefined);
        }
      }),
      forgetUnused(accounts, async () => (await lazyConnections.get()).agreed),
      // The first listener, so that renewals are planned before a change is shown.
      watchTime(accounts, certificates, renewal),
      setContextKeys(accounts, certificates, issued),
      new StatusBar(accounts, async () => (hasInstances() ? lazySettings.get() : undefined)),
      showActing(accounts),
      messages.watch(accounts),
      importOffer.make((file) => run(({ importIni }, context) => importIni(context, file))),
      watchInstances(
        { problems: async () => (hasInstances() ? (await lazySettings.get()).problems() : []) },
        log,
        () => {
          accounts.clearFailures();
        },
      ),
    );
    void messages.attempt(async () => {
      if (await isTaken(provider)) await (await lazyTakenProvider.get()).showTaken(log);
    });
  });
  return exportsFor(opening, issued, log);
}

/** Logouts in progress when the window closes still reach Looker; VS Code waits a few seconds. */
export async function deactivate(): Promise<void> {
  await Promise.all([
    accountsInUse?.allRevoked(),
    terminalsInUse?.inUse?.then((terminals) => terminals.close()),
  ]);
}

/**
 * Checks for due renewals once a minute, when one is due, when the window gets the focus, and when the renewal setting
 * changes.
 */
function watchTime(
  accounts: Accounts,
  certificates: TrustedCertificates,
  renewal: RenewalSetting,
): Disposable {
  const renewalTimer = new RenewalTimer(accounts);
  return vscode.Disposable.from(
    renewalTimer,
    onDidFocus(() => {
      renewalTimer.tick();
      void accounts.catchUp();
      void certificates.catchUp();
    }),
    renewal.watch(() => {
      renewalTimer.tick();
    }),
  );
}
