import { setTimeout as pause } from 'node:timers/promises';
import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import { TERMINAL_CONSENT } from './accounts/account';
import { Accounts } from './accounts/accounts';
import { AccountStore } from './accounts/store/accountStore';
import type { FetchOverTls } from './looker/tls/privateTls';
import type { Disposable } from './accounts/emitter';
import { Lazy } from './accounts/lazy';
import { timeLimited } from './accounts/store/secrets';
import { RenewalTimer } from './accounts/renewal/renewalTimer';
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
import { namesInstances, RenewalSetting } from './vscode/settings/startSettings';
import { showActing } from './vscode/messages/showActing';
import { StatusBar } from './vscode/statusBar/statusBar';
import { showUnrevoked } from './vscode/logout/unrevoked';
import { isTaken } from './vscode/provider/isTaken';
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
  const settings = new Lazy(async () => {
    const { Settings } = await import('./vscode/settings/settings');
    return new Settings();
  });
  const network = new Lazy(async () => {
    const [set, { connections }, { default: fetch }] = await Promise.all([
      settings.get(),
      import('./vscode/settings/connections'),
      import('node-fetch'),
    ]);
    return connections({
      settings: set,
      certificates,
      secrets: secretsInTime,
      log,
      fetch: fetch as unknown as FetchOverTls,
      clock,
      serverClock,
    });
  });
  const browserLogins = new Lazy(async () => {
    const [set, { openBrowserLogins }] = await Promise.all([
      settings.get(),
      import('./accounts/browserLogin/openBrowserLogins'),
    ]);
    return openBrowserLogins({
      storagePath: globalStorageUri.fsPath,
      uptime: () => performance.now(),
      pause,
      timeoutMs: () => set.timeoutMs,
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
        network.get(),
      ]);
      return new Requests(context, {
        connect,
        isFocused,
        clock,
        random: Math.random,
        pause,
        browserLogins: () => browserLogins.get(),
        log,
      });
    },
  });
  const messages = new Messages(log);
  const importOffer = new ImportOffer({ workspaceState, globalState }, messages);
  const terminals = new Lazy(async () => {
    const [accounts, trust, { LookerTerminals }] = await Promise.all([
      opening,
      network.get(),
      import('./vscode/terminal/lookerTerminals'),
    ]);
    return new LookerTerminals(accounts, trust, secretsInTime, log);
  });
  terminalsInUse = terminals;
  const commands = new Lazy(async () => {
    const [accounts, set, trust, code] = await Promise.all([
      opening,
      settings.get(),
      network.get(),
      import('./vscode/palette/commands'),
    ]);
    const inquiries = code.inquiriesOf(accounts, set, trust);
    const nonAdmins = new code.NonAdmins();
    const built = {
      accounts,
      settings: set,
      trust,
      inquiries,
      messages,
      importOffer,
      nonAdmins,
      log,
    };
    return { code, context: { ...built, terminals: () => terminals.get() } };
  });
  // Those of an extension host before this one.
  const earlier = [...vscode.window.terminals];
  const lostTerminals = new Lazy(() => import('./vscode/terminal/lostTerminals'));
  if (earlier.length > 0) {
    void messages.attempt(async () => (await lostTerminals.get()).showLost(earlier, log));
  }
  const takenProvider = new Lazy(() => import('./vscode/provider/takenProvider'));
  const run: RunCommand = async (action) => {
    const { code, context } = await commands.get();
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
        for (const { id, baseUrl } of removed) {
          // If deleting the consent fails, terminals still open without asking after the account's next login.
          secretsInTime.delete(TERMINAL_CONSENT + id).then(undefined, () => undefined);
          if (!accounts.isInUse(baseUrl)) {
            void network.get().then(
              ({ agreed }) => agreed.forget(baseUrl),
              () => undefined,
            );
          }
        }
      }),
      // The first listener, so that renewals are planned before a change is shown.
      watchTheTime(accounts, certificates, renewal),
      setContextKeys(accounts, certificates, issued),
      new StatusBar(accounts, async () => (namesInstances() ? settings.get() : undefined)),
      showActing(accounts),
      messages.watch(accounts),
      importOffer.make((file) => run(({ importIni }, context) => importIni(context, file))),
      watchInstances(
        { problems: async () => (namesInstances() ? (await settings.get()).problems() : []) },
        log,
        () => {
          accounts.clearFailures();
        },
      ),
    );
    void messages.attempt(async () => {
      if (await isTaken(provider)) await (await takenProvider.get()).showTaken(log);
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
function watchTheTime(
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
