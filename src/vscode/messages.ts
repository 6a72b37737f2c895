import * as vscode from 'vscode';
import { instanceOf, type Account } from '../accounts/account';
import { UnreadableAccountError } from '../accounts/accountStore';
import type { Accounts, AccountStatus } from '../accounts/accounts';
import type { Disposable } from '../accounts/emitter';
import { needsLogin } from '../accounts/errors';
import { CancelledError, UnknownUserError } from '../looker/errors';
import { spokenSpan } from './duration';

/** Asks the user to log in, to this instance where it is known. */
export type AskToLogin = (baseUrl: string | undefined) => Promise<unknown>;

/**
 * The one place where errors become messages. Whichever way an error comes here, it is shown once, with one
 * thing to do next. Giving up is no error.
 */
export class Messages {
  private readonly told = new WeakSet<Error>();
  /** Accounts whose end has been announced. */
  private readonly ending = new Set<string>();

  constructor(
    private readonly log: vscode.LogOutputChannel,
    private readonly login: AskToLogin,
  ) {}

  /** @param account whom it is about, where that is known */
  async tell(error: unknown, account?: Account): Promise<void> {
    if (error instanceof CancelledError) return;
    if (error instanceof Error) {
      if (this.told.has(error)) return;
      this.told.add(error);
    }
    const message = error instanceof Error ? error.message : String(error);
    this.log.error(message);
    const login = 'Log In…';
    const showLog = 'Show Log';
    const helps = needsLogin(error) && !(error instanceof UnknownUserError) ? login : showLog;
    const answer = await vscode.window.showErrorMessage(message, helps);
    if (answer === showLog) this.log.show();
    if (answer === login) await this.tryLogin(account?.baseUrl);
  }

  /**
   * Tells what happens with nobody asking: Looker refuses to renew, a token that is kept alone nears its end,
   * the secret storage fails. In the window the user is in; the others wait until they are.
   */
  watch(accounts: Accounts): Disposable {
    for (const id of accounts.unreadable) {
      void this.offerLogin(new UnreadableAccountError(id).message, instanceOf(id));
    }
    const look = () => {
      if (!vscode.window.state.focused) return;
      if (accounts.storeFailure) void this.tell(accounts.storeFailure);
      for (const status of accounts.all()) {
        const { account, failure } = status;
        if (status.isLast) {
          if (status.isDue) void this.announceEnd(status);
          else this.ending.delete(account.id);
        } else if (needsLogin(failure)) {
          void this.tell(failure, account);
        }
      }
    };
    look();
    return accounts.onDidChange(look);
  }

  private async announceEnd({ account, timeLeft }: AccountStatus): Promise<void> {
    if (this.ending.has(account.id)) return;
    this.ending.add(account.id);
    const when = timeLeft > 0 ? `expires in ${spokenSpan(timeLeft)}` : 'has expired';
    await this.offerLogin(
      `The token of ${account.label} ${when}, and its API key was not kept.`,
      account.baseUrl,
    );
  }

  private async offerLogin(message: string, baseUrl: string): Promise<void> {
    const again = 'Log In Again';
    const answer = await vscode.window.showWarningMessage(message, again);
    if (answer === again) await this.tryLogin(baseUrl);
  }

  private async tryLogin(baseUrl: string | undefined): Promise<void> {
    try {
      await this.login(baseUrl);
    } catch (error) {
      await this.tell(error);
    }
  }
}
