import * as l10n from '@vscode/l10n';

/**
 * A refusal that a program receives in place of Looker's response: a status, and a sentence in the shape of Looker's
 * `Error`.
 */
export class RequestRefusal extends Error {
  override readonly name = 'RequestRefusal';

  /** @param headers sent with it, such as `Retry-After` */
  constructor(
    readonly status: number,
    sentence: string,
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(sentence);
  }

  /** Looker's `Error` (3.0 to 4.0) requires both fields, and its SDKs show the first. */
  get body(): string {
    return JSON.stringify({ message: this.message, documentation_url: '' });
  }
}

/** For a token that isn't one of this terminal's, or no longer works. */
export function invalidToken(): RequestRefusal {
  return new RequestRefusal(
    401,
    l10n.t(
      "This token isn't valid here. Log in again with this terminal's client ID and client secret, or open a new terminal.",
    ),
  );
}

/** For a program that shares its session, so that switching its workspace would also affect others. */
export function sharedWorkspace(): RequestRefusal {
  return new RequestRefusal(
    409,
    l10n.t(
      "This terminal shares the session of its account, so it can't switch workspaces. Log in with an API key, and save it, to give each terminal sessions of its own.",
    ),
  );
}
