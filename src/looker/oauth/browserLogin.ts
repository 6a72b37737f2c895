import * as l10n from '@vscode/l10n';
import { CanceledError, messageOf } from '../errors/expectedError';
import { hostOf } from '../instance/host';
import { authorizationUrl, codeIn, codeInPaste, type Authorization } from './authorization';
import { BrowserLoginTimeoutError, ForeignRedirectError, NoRedirectError } from './errors';
import { newProofKey, newState } from './pkce';
import { listenForRedirect, type RedirectListener } from './redirectListener';
import type { RedirectPage } from './redirectPage';
import type { LoginClient } from './tokenEndpoint';

/** A code from Looker, with everything needed to redeem it. */
export interface ReceivedCode {
  readonly loginClient: LoginClient;
  readonly code: string;
  readonly verifier: string;
}

export interface BrowserLoginOptions<Result> {
  readonly baseUrl: string;
  readonly clientId: string;
  /** Redirect URIs that the instance knows, preferred one first. */
  readonly redirectUris: readonly [string, ...string[]];
  /** Origin and path of the login page. */
  readonly authorizationEndpoint: string;
  readonly timeLimitMs: number;
  /** Language of the final page in the browser. */
  readonly language: string;
  /** Redeems the code and verifies the user. Called at most once. */
  readonly complete: (received: ReceivedCode, signal: AbortSignal) => Promise<Result>;
  /** The user's name, for the page in the browser. */
  readonly nameOf: (result: Result) => string;
  readonly signal?: AbortSignal | undefined;
}

/**
 * One login in the browser. The code arrives at a port of this machine or is pasted, whichever comes first. Verifier
 * and state are only in memory and are lost with this object.
 */
export class BrowserLogin<Result> {
  /** The result of the login. Rejects if it is denied, refused, timed out or canceled. */
  readonly finished: Promise<Result>;

  private readonly ending = new AbortController();
  private readonly proofKey = newProofKey();
  private readonly state = newState();
  private listener: RedirectListener | undefined;
  private outcome: Promise<Result> | undefined;
  private succeed: (result: Result) => void = () => undefined;
  private fail: (error: unknown) => void = () => undefined;

  private constructor(private readonly options: BrowserLoginOptions<Result>) {
    const { baseUrl, signal, timeLimitMs } = options;
    const cancel = () => {
      this.end(new CanceledError());
    };
    const timer = setTimeout(() => {
      // Redeeming a code that has arrived has its own time limit.
      if (!this.outcome) this.end(new BrowserLoginTimeoutError(baseUrl, timeLimitMs / 60_000));
    }, timeLimitMs);
    this.finished = new Promise<Result>((succeed, fail) => {
      this.succeed = succeed;
      this.fail = fail;
    }).finally(() => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', cancel);
      this.listener?.close();
    });
    // Without a handler, a failure that no caller waits for would be an unhandled rejection.
    this.finished.catch(() => undefined);
    signal?.addEventListener('abort', cancel);
    if (signal?.aborted) cancel();
  }

  /**
   * Starts listening, if a port is free, before there is a URL to open. It listens even if the browser may be on
   * another machine: usually it isn't, and if it is, the user can paste the URL.
   */
  static async begin<Result>(options: BrowserLoginOptions<Result>): Promise<BrowserLogin<Result>> {
    const login = new BrowserLogin(options);
    await login.listen();
    return login;
  }

  /** The login URL, valid for this login only. */
  get address(): string {
    const { authorizationEndpoint } = this.options;
    return authorizationUrl(authorizationEndpoint, this.authorization, this.proofKey.challenge);
  }

  /** Whether the browser can deliver the code without pasting. */
  get isListening(): boolean {
    return this.listener !== undefined;
  }

  /**
   * Accepts the URL that the browser ended on.
   * @throws NoRedirectError, ForeignRedirectError if it doesn't belong to this login, which continues; any error of the
   *   login
   */
  async paste(text: string): Promise<Result> {
    return this.accept(() => codeInPaste(text, this.authorization));
  }

  /** Cancels the login at any stage. */
  cancel(): void {
    this.end(new CanceledError());
  }

  private get authorization(): Authorization {
    const { baseUrl, clientId, redirectUris } = this.options;
    const redirectUri = this.listener?.redirectUri ?? redirectUris[0];
    return { baseUrl, clientId, redirectUri, state: this.state };
  }

  private async listen(): Promise<void> {
    const { redirectUris } = this.options;
    const receive = (address: string) => this.receive(address);
    const listener = await listenForRedirect(redirectUris, receive, this.foreignPage());
    // The login may have been canceled while the port was opened.
    if (this.ending.signal.aborted) listener?.close(true);
    else this.listener = listener;
  }

  private async receive(address: string): Promise<RedirectPage | undefined> {
    try {
      return this.successPage(await this.accept(() => codeIn(address, this.authorization)));
    } catch (error) {
      const isOthers = error instanceof ForeignRedirectError || error instanceof NoRedirectError;
      return isOthers ? undefined : this.failurePage(error);
    }
  }

  /** Shares one result among all redirects: a browser may send one twice, but a code can only be redeemed once. */
  private async accept(read: () => string): Promise<Result> {
    let code: string;
    try {
      code = read();
    } catch (error) {
      const isOthers = error instanceof ForeignRedirectError || error instanceof NoRedirectError;
      if (!isOthers && !this.outcome) this.end(error);
      throw error;
    }
    return (this.outcome ??= this.complete(code));
  }

  private async complete(code: string): Promise<Result> {
    const { clientId, complete } = this.options;
    const { redirectUri } = this.authorization;
    const { verifier } = this.proofKey;
    const { signal } = this.ending;
    try {
      signal.throwIfAborted();
      const result = await complete(
        { loginClient: { clientId, redirectUri }, code, verifier },
        signal,
      );
      this.succeed(result);
      return result;
    } catch (error) {
      const reason: unknown = signal.aborted ? signal.reason : error;
      this.end(reason);
      throw reason;
    }
  }

  private end(reason: unknown): void {
    this.ending.abort(reason);
    this.fail(reason);
  }

  private successPage(result: Result): RedirectPage {
    const { baseUrl, language, nameOf } = this.options;
    return {
      title: l10n.t("You're logged in to Looker"),
      text: l10n.t(
        'Looker Auth is logged in to {0} as {1}. You can close this page and return to VS Code.',
        hostOf(baseUrl),
        nameOf(result),
      ),
      language,
      isSuccess: true,
    };
  }

  private failurePage(error: unknown): RedirectPage {
    return {
      title: l10n.t("You're not logged in to Looker"),
      text:
        error instanceof CanceledError
          ? l10n.t('You canceled this login in VS Code.')
          : messageOf(error),
      language: this.options.language,
      isSuccess: false,
    };
  }

  private foreignPage(): RedirectPage {
    return {
      title: l10n.t('This page belongs to another login'),
      text: l10n.t(
        'If another VS Code window is waiting, copy the address of this page and paste it there. Otherwise, choose "Open Again" in VS Code.',
      ),
      language: this.options.language,
      isSuccess: false,
    };
  }
}
