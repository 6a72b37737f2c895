/**
 * What has to change before another attempt can succeed. It decides whether a token is renewed again without the user:
 * `refused` and `loggedOut` wait for a new login, `intercepted` waits until the account is used, and the rest is
 * retried.
 */
export type Category =
  /** Only time is needed: the network, a proxy or the instance may work again soon. */
  | 'transient'
  /** What responds may not be Looker. The user has to look at it. */
  | 'intercepted'
  /** Looker rejects the API key or the token, or doesn't let this user act as the other one. */
  | 'refused'
  /** No credentials are left to get a token with. */
  | 'loggedOut'
  /** A setting, a file, or permissions in Looker. They may be changed without Looker Auth noticing. */
  | 'setup'
  /** Something the user typed, chose or requested. */
  | 'input';

/** The action offered to the user after an error. */
export type Recovery =
  | 'logIn'
  /** Replaces a stored login that can't be read. */
  | 'logInAgain'
  | 'stopActing'
  | 'chooseUser'
  | 'openInstance'
  | 'useOtherUrl'
  | 'checkConnection'
  | 'showCertificate'
  | 'reviewExceptions'
  | 'showExtension'
  | 'showLog';

/**
 * An error with a sentence for the user: what happened, on which instance, what to do next. There is one class for each
 * case that callers handle differently. No error contains a secret, a token or a URL with a query.
 */
export abstract class ExpectedError extends Error {
  abstract override readonly name: string;
  abstract readonly category: Category;
  /** What is wrong, for a help desk: one sentence that names what to check. */
  abstract readonly verdict: string;
  readonly recovery: Recovery = 'showLog';
  /** Whether it may be an attack: then it is shown as an error even if it happened in the background. */
  readonly isAlarming: boolean = false;

  /** @param baseUrl the instance concerned, if there is one */
  constructor(
    sentence: string,
    readonly baseUrl?: string,
  ) {
    super(sentence);
  }

  /** An HTTP status or an error code, for experts. It is only in the log and in reports. */
  get detail(): string | undefined {
    return undefined;
  }

  /** As the log shows it. */
  override toString(): string {
    return withDetail(super.toString(), this.detail);
  }
}

/** The detail of anything thrown. */
export function detailOf(error: unknown): string | undefined {
  return error instanceof ExpectedError ? error.detail : undefined;
}

/** A sentence with its detail, for the log. */
export function withDetail(text: string, detail: string | undefined): string {
  return detail === undefined ? text : `${text} (${detail})`;
}

/** The caller gave up (Esc, Cancel, window closing). Never shown, so it needs no category. */
export class CanceledError extends Error {
  override readonly name = 'CanceledError';
  constructor() {
    super('Canceled.');
  }
}

/** The category of anything thrown; undefined for errors that aren't ours, which may be temporary. */
export function categoryOf(error: unknown): Category | undefined {
  return error instanceof ExpectedError ? error.category : undefined;
}

/**
 * Whether the response may not be Looker's: the instance has moved, requires a sign-in in the browser, can't prove its
 * identity, or has weaker protection than the user agreed to. Automatic retries are useless, but it may work again
 * after the user has looked at it.
 */
export function isIntercepted(error: unknown): boolean {
  return categoryOf(error) === 'intercepted';
}

/** The action to offer for anything thrown. */
export function recoveryOf(error: unknown): Recovery {
  return error instanceof ExpectedError ? error.recovery : 'showLog';
}

/** Whether it may be an attack. */
export function isAlarming(error: unknown): boolean {
  return error instanceof ExpectedError && error.isAlarming;
}

/** The help desk's sentence for anything thrown. */
export function verdictOn(error: unknown): string {
  return error instanceof ExpectedError ? error.verdict : messageOf(error);
}

/** The message of anything thrown, with its detail, for the log. */
export function loggedMessageOf(error: unknown): string {
  return withDetail(messageOf(error), detailOf(error));
}

/** The message of anything thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
