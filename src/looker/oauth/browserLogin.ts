import * as l10n from '@vscode/l10n';
import { CanceledError, messageOf } from '../errors/expectedError';
import { hostOf } from '../instance/host';
import { authorizationUrl, codeIn, codeInPaste, type Authorization } from './authorization';
import { BrowserLoginTimeoutError, ForeignRedirectError, NoRedirectError } from './errors';
import { newProofKey, newState } from './pkce';
import { listenForRedirect, type RedirectListener } from './redirectListener';
import type { RedirectPage } from './redirectPage';
import type { Asker } from './tokenEndpoint';

/** A code that Looker has given, with all that it takes to redeem it. */
export interface ReceivedCode {
  readonly asker: Asker;
  readonly code: string;
  readonly verifier: string;
}

export interface BrowserLoginOptions<Result> {
  readonly baseUrl: string;
  readonly clientId: string;
  /** Those that the instance knows, the one to prefer first. */
  readonly redirectUris: readonly [string, ...string[]];
  /** Origin and path of the page to log in at. */
  readonly authorizationEndpoint: string;
  readonly timeLimitMs: number;
  /** The language of the page that the browser shows in the end. */
  readonly language: string;
  /** Redeems the code and verifies who it is. Called once at most. */
  readonly complete: (received: ReceivedCode, signal: AbortSignal) => Promise<Result>;
  /** Who that is, for the page in the browser. */
  readonly nameOf: (result: Result) => string;
  readonly signal?: AbortSignal | undefined;
}

/**
 * One login with the browser. The code comes back by itself, to a port of this machine, or is pasted: whichever is
 * first. Verifier and state are in memory only, and go with it.
 */
export class BrowserLogin<Result> {
  /** What the login leads to. Fails with why it does not: denied, refused, timed out, canceled. */
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
      // A code that has come is redeemed, which has a time limit of its own.
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
    // Whoever waits is told; nobody has to.
    this.finished.catch(() => undefined);
    signal?.addEventListener('abort', cancel);
    if (signal?.aborted) cancel();
  }

  /**
   * Listens, where a port is free, before there is an address to open. It does so as well where the browser may be on another
   * machine: often it is not, and where it is, the address is pasted.
   */
  static async begin<Result>(options: BrowserLoginOptions<Result>): Promise<BrowserLogin<Result>> {
    const login = new BrowserLogin(options);
    await login.listen();
    return login;
  }

  /** Where to log in, for this login alone. */
  get address(): string {
    const { authorizationEndpoint } = this.options;
    return authorizationUrl(authorizationEndpoint, this.authorization, this.proofKey.challenge);
  }

  /** Whether the browser can bring the code by itself. */
  get isListening(): boolean {
    return this.listener !== undefined;
  }

  /**
   * Takes the address that the browser ended on.
   * @throws NoRedirectError, ForeignRedirectError where it is none of this login's, which goes on; why the login failed
   */
  async paste(text: string): Promise<Result> {
    return this.accept(() => codeInPaste(text, this.authorization));
  }

  /** Ends it, whatever it waits for. */
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
    // It may have been canceled meanwhile.
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

  /** Whoever comes second gets what the first one got: a browser may ask twice, and a code is redeemed once. */
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
      const result = await complete({ asker: { clientId, redirectUri }, code, verifier }, signal);
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
      text: l10n.t('Looker Auth changed nothing. Return to VS Code, and choose "Open Again".'),
      language: this.options.language,
      isSuccess: false,
    };
  }
}
