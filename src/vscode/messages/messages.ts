import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import type { Account } from '../../accounts/account';
import type { Accounts } from '../../accounts/accounts';
import { Emitter, type Disposable } from '../../base/emitter';
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

/** A step that a command performs; the others are performed here. */
export type CommandStep = Exclude<NextStep, { readonly do: 'showLog' | 'showExtension' }>;

/**
 * Shows errors as messages, each with one next step. An error of something the user does is shown each time; an error
 * that occurs on its own is shown once. Canceling isn't an error.
 */
export class Messages implements Disposable {
  /**
   * The value of `count` when an error was last shown. Failures are stored, so the same error comes up again and again.
   */
  private readonly shown = new WeakMap<Error, number>();
  private count = 0;
  /** Keys of current notices that were shown. */
  private readonly noticed = new Set<string>();

  private readonly chosen = new Emitter<CommandStep>();

  /** Fires when the user has chosen a step that a command performs. */
  readonly onDidChoose = this.chosen.event;

  constructor(private readonly log: Pick<OutputLog, 'warn' | 'error' | 'show'>) {}

  dispose(): void {
    this.chosen.dispose();
  }

  /**
   * Does something that the user has requested, and shows its error, unless a notice has shown it in the meantime.
   * @param account the account it is about, if known
   */
  async attempt(work: () => Promise<unknown>, account?: Account): Promise<void> {
    const before = this.count;
    try {
      await work();
    } catch (error) {
      const isShown = error instanceof Error && (this.shown.get(error) ?? 0) > before;
      if (!isShown) await this.showError(error, account);
    }
  }

  /** @param account the account it is about, if known */
  async showError(error: unknown, account?: Account): Promise<void> {
    if (error instanceof CanceledError) return;
    this.note(error);
    const message = messageOf(error);
    this.log.error(loggedMessageOf(error));
    const step = nextStep(error, account);
    await this.offer(step, await notify('error', message, labelOf(step)));
  }

  /**
   * Shows what happens on its own: lost accounts, refused renewals, a token without saved credentials that is about to
   * expire, or a failing secret storage. Only the window with the focus shows it; others wait until they have the
   * focus.
   */
  watch(accounts: Accounts): Disposable {
    const remembered = (id: string) => accounts.remembered(id);
    const update = () => {
      if (!vscode.window.state.focused) return;
      const { unreadable, storeFailure, lost } = accounts;
      const notices = noticesOf({
        accounts: accounts.statuses(),
        unreadable,
        storeFailure,
        lost,
        remembered,
      });
      const keys = new Set(notices.map(({ key }) => key));
      for (const key of this.noticed) if (!keys.has(key)) this.noticed.delete(key);
      for (const notice of notices) {
        if (this.noticed.has(notice.key)) continue;
        this.noticed.add(notice.key);
        void this.showNotice(notice);
        if (notice.account) void accounts.acknowledgeFailure(notice.account.id);
      }
      if (lost.length > 0) accounts.acknowledgeLost();
    };
    update();
    return accounts.onDidChange(update);
  }

  private async showNotice({ message, step, error }: Notice): Promise<void> {
    if (error && this.shown.has(error)) return;
    this.note(error);
    this.log.warn(withDetail(message, detailOf(error)));
    const severity = isAlarming(error) ? 'error' : 'warning';
    await this.offer(step, await notify(severity, message, labelOf(step)));
  }

  private note(error: unknown): void {
    this.count++;
    if (error instanceof Error) this.shown.set(error, this.count);
  }

  /** @param answer the button pressed, if any */
  private async offer(step: NextStep, answer: string | undefined): Promise<void> {
    if (answer === undefined) return;
    if (step.do === 'showLog') this.log.show();
    else if (step.do === 'showExtension') await this.attempt(showOwnExtension);
    else this.chosen.fire(step);
  }
}

/** The label of the button for a step. */
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
