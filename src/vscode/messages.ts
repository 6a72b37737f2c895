import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import type { Account } from '../accounts/account';
import type { Accounts } from '../accounts/accounts';
import type { Disposable } from '../accounts/emitter';
import { CancelledError, ChangedCertificateError } from '../looker/errors';
import type { LoginPreset } from './commands/login';
import { nextStep, noticesOf, type NextStep, type Notice } from './notices';

/** What messages can offer to do. */
export interface Steps {
  /** Asks the user to log in. */
  readonly login: (preset: LoginPreset) => Promise<unknown>;
  readonly openInstance: (baseUrl: string) => Promise<unknown>;
  /** Shows the certificate of an instance, to be trusted. */
  readonly showCertificate: (baseUrl: string) => Promise<unknown>;
  readonly stopActing: (account: Account) => Promise<unknown>;
  readonly checkConnection: (baseUrl: string) => Promise<unknown>;
}

/**
 * The one place where errors become messages. Whichever way an error comes here, it is shown once, with one
 * thing to do next. Giving up is no error.
 */
export class Messages {
  private readonly told = new WeakSet<Error>();
  /** Keys of the notices that have been told, as long as they stand. */
  private readonly noticed = new Set<string>();

  constructor(
    private readonly log: vscode.LogOutputChannel,
    private readonly steps: Steps,
  ) {}

  /** Does something, and tells what goes wrong. */
  async attempt(work: () => Promise<unknown>): Promise<void> {
    try {
      await work();
    } catch (error) {
      await this.tell(error);
    }
  }

  /** @param account whom it is about, where that is known */
  async tell(error: unknown, account?: Account): Promise<void> {
    if (error instanceof CancelledError || this.hasTold(error)) return;
    const message = error instanceof Error ? error.message : String(error);
    this.log.error(message);
    const step = nextStep(error, account);
    await this.offer(step, await vscode.window.showErrorMessage(message, nameOf(step)));
  }

  /**
   * Tells what happens with nobody asking: accounts are lost, Looker refuses to renew, a token that is kept
   * alone nears its end, the secret storage fails. In the window the user is in; the others wait until they
   * are.
   */
  watch(accounts: Accounts): Disposable {
    const whoWas = (id: string) => accounts.whoWas(id);
    const look = () => {
      if (!vscode.window.state.focused) return;
      const { unreadable, storeFailure, lost } = accounts;
      const notices = noticesOf({
        accounts: accounts.all(),
        unreadable,
        storeFailure,
        lost,
        whoWas,
      });
      const keys = new Set(notices.map(({ key }) => key));
      for (const key of this.noticed) if (!keys.has(key)) this.noticed.delete(key);
      for (const notice of notices) {
        if (this.noticed.has(notice.key)) continue;
        this.noticed.add(notice.key);
        void this.notify(notice);
        if (notice.account) void accounts.markFailureTold(notice.account.id);
      }
      if (lost.length > 0) accounts.settleLost();
    };
    look();
    return accounts.onDidChange(look);
  }

  private async notify({ message, step, error }: Notice): Promise<void> {
    if (this.hasTold(error)) return;
    this.log.warn(message);
    const { showErrorMessage, showWarningMessage } = vscode.window;
    const show = error instanceof ChangedCertificateError ? showErrorMessage : showWarningMessage;
    await this.offer(step, await show(message, nameOf(step)));
  }

  private hasTold(error: unknown): boolean {
    if (!(error instanceof Error)) return false;
    const hasTold = this.told.has(error);
    this.told.add(error);
    return hasTold;
  }

  /** @param answer the button pressed, if any */
  private async offer(step: NextStep, answer: string | undefined): Promise<void> {
    if (answer === undefined) return;
    await this.attempt(() => this.take(step));
  }

  private async take(step: NextStep): Promise<void> {
    switch (step.do) {
      case 'login':
      case 'loginAgain':
        await this.steps.login(step);
        return;
      case 'openInstance':
        await this.steps.openInstance(step.baseUrl);
        return;
      case 'checkConnection':
        await this.steps.checkConnection(step.baseUrl);
        return;
      case 'showCertificate':
        await this.steps.showCertificate(step.baseUrl);
        return;
      case 'stopActing':
        await this.steps.stopActing(step.account);
        return;
      case 'showLog':
        this.log.show();
        return;
      case 'update':
        await vscode.commands.executeCommand('workbench.extensions.search', 'Looker Auth');
        return;
    }
  }
}

function nameOf(step: NextStep): string {
  switch (step.do) {
    case 'login':
      return l10n.t('Log In…');
    case 'loginAgain':
      return l10n.t('Log In Again');
    case 'openInstance':
      return l10n.t('Open in Browser');
    case 'checkConnection':
      return l10n.t('Check Connection');
    case 'showCertificate':
      return l10n.t('Show Certificate…');
    case 'stopActing':
      return l10n.t('Stop Acting as {0}', step.account.user.name);
    case 'showLog':
      return l10n.t('Show Log');
    case 'update':
      return l10n.t('Show Extension');
  }
}
