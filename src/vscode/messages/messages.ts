import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import type { Account } from '../../accounts/account';
import type { Accounts } from '../../accounts/accounts';
import { Emitter, type Disposable } from '../../accounts/emitter';
import {
  CanceledError,
  detailOf,
  isAlarming,
  loggedMessageOf,
  messageOf,
  withDetail,
} from '../../looker/errors/expectedError';
import { notify } from '../prompts/notify';
import { nextStep, type NextStep } from './nextStep';
import { noticesOf, type Notice } from './notices';
import type { OutputLog } from './outputLog';
import { showOwnExtension } from '../ownExtension';

/** A step that commands take, and not the messages themselves. */
export type CommandStep = Exclude<NextStep, { readonly do: 'showLog' | 'showExtension' }>;

/**
 * The one place where errors become messages, each with one thing to do next. Whoever does something hears what comes
 * of it, each time; what nobody asked for is told once. Giving up is no error.
 */
export class Messages implements Disposable {
  /** How many messages there have been when an error was told last. Failures are kept, and met again and again. */
  private readonly told = new WeakMap<Error, number>();
  private count = 0;
  /** Keys of the notices that have been told, as long as they stand. */
  private readonly noticed = new Set<string>();

  private readonly chosen = new Emitter<CommandStep>();

  /** Fires when the user has chosen what a message offers, and a command is to do it. */
  readonly onDidChoose = this.chosen.event;

  constructor(private readonly log: Pick<OutputLog, 'warn' | 'error' | 'show'>) {}

  dispose(): void {
    this.chosen.dispose();
  }

  /**
   * Does something the user has asked for, and tells what goes wrong, unless a notice has told it meanwhile.
   * @param account whom it is about, where that is known
   */
  async attempt(work: () => Promise<unknown>, account?: Account): Promise<void> {
    const before = this.count;
    try {
      await work();
    } catch (error) {
      const isTold = error instanceof Error && (this.told.get(error) ?? 0) > before;
      if (!isTold) await this.tell(error, account);
    }
  }

  /** @param account whom it is about, where that is known */
  async tell(error: unknown, account?: Account): Promise<void> {
    if (error instanceof CanceledError) return;
    this.note(error);
    const message = messageOf(error);
    this.log.error(loggedMessageOf(error));
    const step = nextStep(error, account);
    await this.offer(step, await notify('error', message, labelOf(step)));
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
        void this.show(notice);
        if (notice.account) void accounts.acknowledgeFailure(notice.account.id);
      }
      if (lost.length > 0) accounts.acknowledgeLost();
    };
    look();
    return accounts.onDidChange(look);
  }

  private async show({ message, step, error }: Notice): Promise<void> {
    if (error && this.told.has(error)) return;
    this.note(error);
    this.log.warn(withDetail(message, detailOf(error)));
    const severity = isAlarming(error) ? 'error' : 'warning';
    await this.offer(step, await notify(severity, message, labelOf(step)));
  }

  private note(error: unknown): void {
    this.count++;
    if (error instanceof Error) this.told.set(error, this.count);
  }

  /** @param answer the button pressed, if any */
  private async offer(step: NextStep, answer: string | undefined): Promise<void> {
    if (answer === undefined) return;
    if (step.do === 'showLog') this.log.show();
    else if (step.do === 'showExtension') await this.attempt(showOwnExtension);
    else this.chosen.fire(step);
  }
}

/** What its button says. */
function labelOf(step: NextStep): string {
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
    case 'reviewExceptions':
      return l10n.t('Review…');
    case 'stopActing':
      return l10n.t('Stop Acting as {0}', step.account.user.name);
    case 'showLog':
      return l10n.t('Show Log');
    case 'showExtension':
      return l10n.t('Show Extension');
  }
}
