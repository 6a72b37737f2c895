/**
 * What has to change before another try can succeed. It decides whether a token is renewed again without the user:
 * `refused` and `loggedOut` wait for a new login, `intercepted` until the account is used, the rest is tried again.
 */
export type Category =
  /** Nothing but time: the network, a proxy or the instance may work again soon. */
  | 'transient'
  /** It isn't certain that Looker answers. The user has to look at what does. */
  | 'intercepted'
  /** Looker refuses the API key, the token, or to let this user act as the other one. */
  | 'refused'
  /** There is nothing left here to get a token with, whatever Looker would say. */
  | 'loggedOut'
  /** A setting, a file, or somebody's rights in Looker. They may be changed where Looker Auth doesn't see it. */
  | 'setup'
  /** What was typed, chosen or asked for. */
  | 'input';

/** What helps the user after an error, of all that Looker Auth can offer. */
export type Recovery =
  | 'logIn'
  /** In place of a stored login that can't be read. */
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
 * An error that has a sentence for the user: what happened, on which instance, what to do next. One class per thing a
 * caller would do differently. None of them carries a secret, a token or a URL with a query.
 */
export abstract class ExpectedError extends Error {
  abstract override readonly name: string;
  abstract readonly category: Category;
  /** What is wrong, for a help desk: one sentence that names the thing to look at. */
  abstract readonly verdict: string;
  readonly recovery: Recovery = 'showLog';
  /** Whether it may be an attack: it is shown as an error, though nobody has asked. */
  readonly isAlarming: boolean = false;

  /** @param baseUrl the instance that it is about, if it is about one */
  constructor(
    sentence: string,
    readonly baseUrl?: string,
  ) {
    super(sentence);
  }

  /** What experts want to know besides: an HTTP status, or an error code. It is for the log and reports. */
  get detail(): string | undefined {
    return undefined;
  }

  /** As the log shows it. */
  override toString(): string {
    return withDetail(super.toString(), this.detail);
  }
}

/** What experts want to know of whatever was thrown. */
export function detailOf(error: unknown): string | undefined {
  return error instanceof ExpectedError ? error.detail : undefined;
}

/** A sentence as the log shows it. */
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

/** The category of whatever was thrown: undefined for what is no error of ours, which may pass. */
export function categoryOf(error: unknown): Category | undefined {
  return error instanceof ExpectedError ? error.category : undefined;
}

/**
 * Whether it isn't certain that Looker answers: the instance has moved, stands behind a login in the browser, does not
 * prove that it is the one, or would be trusted with less proof than the user has agreed to. Trying again by itself is
 * useless; once somebody has looked, it may work again.
 */
export function isIntercepted(error: unknown): boolean {
  return categoryOf(error) === 'intercepted';
}

/** What helps after whatever was thrown. */
export function recoveryOf(error: unknown): Recovery {
  return error instanceof ExpectedError ? error.recovery : 'showLog';
}

/** Whether it may be an attack. */
export function isAlarming(error: unknown): boolean {
  return error instanceof ExpectedError && error.isAlarming;
}

/** What is wrong, for a help desk. */
export function verdictOn(error: unknown): string {
  return error instanceof ExpectedError ? error.verdict : messageOf(error);
}

/** The sentence of whatever was thrown, with its detail, for the log. */
export function loggedMessageOf(error: unknown): string {
  return withDetail(messageOf(error), detailOf(error));
}

/** The sentence of whatever was thrown: an error's own, else the thing as text. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
