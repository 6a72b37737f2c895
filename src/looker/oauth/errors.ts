import * as l10n from '@vscode/l10n';
import { ExpectedError } from '../errors/expectedError';
import { LookerError } from '../errors/lookerError';
import { hostOf } from '../instance/host';
import { formatUnit } from '../numbers';

/** Looker does not know the OAuth client, or not its redirect URI: no admin has registered it, or it is switched off. */
export class BrowserLoginNotSetUpError extends LookerError {
  override readonly name = 'BrowserLoginNotSetUpError';
  override readonly category = 'setup';
  override readonly verdict = this.message;

  constructor(
    baseUrl: string,
    readonly clientId: string,
    status?: number,
  ) {
    super(
      baseUrl,
      l10n.t(
        "Browser login isn't set up on {0}: the OAuth client {1} is unknown or disabled. Ask your Looker admin to set it up, or log in with an API key.",
        hostOf(baseUrl),
        clientId,
      ),
      status,
    );
  }
}

/** The instance has no OAuth: its release is too old, or whoever stands before it lets nobody reach it. */
export class BrowserLoginUnsupportedError extends LookerError {
  override readonly name = 'BrowserLoginUnsupportedError';
  override readonly category = 'setup';
  override readonly verdict = this.message;

  constructor(baseUrl: string, status?: number) {
    super(
      baseUrl,
      l10n.t("{0} doesn't support browser login. Log in with an API key.", hostOf(baseUrl)),
      status,
    );
  }
}

/** The user, or Looker in their place, has said no on the page that asks whether to let Looker Auth in. */
export class BrowserLoginDeniedError extends LookerError {
  override readonly name = 'BrowserLoginDeniedError';
  override readonly category = 'setup';
  override readonly verdict = this.message;

  constructor(baseUrl: string) {
    super(
      baseUrl,
      l10n.t(
        '{0} denied access. Log in again and allow it, or ask your Looker admin whether your group can use Looker Auth.',
        hostOf(baseUrl),
      ),
    );
  }
}

/** Looker does not let this user, or their group, use the OAuth client. */
export class BrowserLoginForbiddenError extends LookerError {
  override readonly name = 'BrowserLoginForbiddenError';
  override readonly category = 'setup';
  override readonly verdict = this.message;

  constructor(baseUrl: string, status: number) {
    super(
      baseUrl,
      l10n.t(
        "{0} doesn't let you log in with the browser. Ask your Looker admin to let your group use Looker Auth, or log in with an API key.",
        hostOf(baseUrl),
      ),
      status,
    );
  }
}

/** Looker has sent the browser back without a code, or has refused a request, for a reason of its own. */
export class BrowserLoginFailedError extends LookerError {
  override readonly name = 'BrowserLoginFailedError';
  override readonly category = 'transient';
  override readonly verdict = this.message;

  /** @param code OAuth's word for it, such as `invalid_scope` (RFC 6749, 4.1.2.1 and 5.2). Any other is not repeated */
  constructor(baseUrl: string, code: string, status?: number) {
    super(baseUrl, failureSentence(hostOf(baseUrl), code), status);
  }
}

function failureSentence(host: string, code: string): string {
  switch (code) {
    case 'server_error':
      return l10n.t(
        "{0} couldn't complete the login because of an internal error. Log in again; if that doesn't help, ask your Looker admin.",
        host,
      );
    case 'temporarily_unavailable':
      return l10n.t('{0} is too busy to complete the login. Try again later.', host);
    case 'no_code':
      return l10n.t(
        "{0} didn't send a code for this login. Log in again; if that doesn't help, ask your Looker admin.",
        host,
      );
    case 'invalid_request':
    case 'invalid_scope':
    case 'unsupported_response_type':
    case 'unsupported_grant_type':
      return l10n.t(
        "{0} couldn't complete the login ({1}). Log in again; if that doesn't help, ask your Looker admin.",
        host,
        code,
      );
    default:
      return l10n.t(
        "{0} couldn't complete the login. Log in again; if that doesn't help, ask your Looker admin.",
        host,
      );
  }
}

/** An address that has nothing to do with the login: neither a redirect of Looker's nor a page that failed to load. */
export class NoRedirectError extends ExpectedError {
  override readonly name = 'NoRedirectError';
  override readonly category = 'input';
  override readonly verdict = this.message;

  constructor(redirectUri: string) {
    super(
      l10n.t(
        'Paste the full address of the page where your browser stopped. It starts with {0}.',
        `${redirectUri}?`,
      ),
    );
  }
}

/** A redirect of another login, or of nobody's: its `state` is not ours. Nothing in it was used. */
export class ForeignRedirectError extends LookerError {
  override readonly name = 'ForeignRedirectError';
  override readonly category = 'input';
  override readonly verdict = this.message;

  constructor(baseUrl: string) {
    super(
      baseUrl,
      l10n.t(
        'This address belongs to another login. Paste the one from the page that this login opened, or choose "Open Again".',
      ),
    );
  }
}

/** Looker does not take a code: it has expired, was used before, or was made for another client. */
export class CodeRejectedError extends LookerError {
  override readonly name = 'CodeRejectedError';
  override readonly category = 'input';
  override readonly recovery = 'logIn';
  override readonly verdict = this.message;

  constructor(baseUrl: string, status: number) {
    super(
      baseUrl,
      l10n.t(
        '{0} no longer accepts this login, because its code expired or was already used. Log in again.',
        hostOf(baseUrl),
      ),
      status,
    );
  }
}

/** Looker does not take a refresh token any more: a month has passed, an admin has ended it, or it was logged out. */
export class BrowserLoginEndedError extends LookerError {
  override readonly name = 'BrowserLoginEndedError';
  override readonly category = 'refused';
  override readonly recovery = 'logIn';
  override readonly verdict = this.message;

  constructor(baseUrl: string, status: number) {
    super(
      baseUrl,
      l10n.t(
        'This browser login on {0} was revoked, or expired after about a month. Log in again.',
        hostOf(baseUrl),
      ),
      status,
    );
  }
}

/** The instance names another host, or a less secure address, to log in at. Nothing was opened or sent there. */
export class MetadataElsewhereError extends LookerError {
  override readonly name = 'MetadataElsewhereError';
  override readonly category = 'intercepted';
  override readonly verdict = this.message;

  /** @param other origin of what it names */
  constructor(
    baseUrl: string,
    readonly other: string,
  ) {
    super(
      baseUrl,
      l10n.t(
        "Looker Auth didn't open {1}, where {0} wants you to log in: it isn't the same host over HTTPS. Ask your Looker admin, or log in with an API key.",
        hostOf(baseUrl),
        other,
      ),
    );
  }
}

/** Nobody has come back from the browser in time. */
export class BrowserLoginTimeoutError extends LookerError {
  override readonly name = 'BrowserLoginTimeoutError';
  override readonly category = 'input';
  override readonly recovery = 'logIn';
  override readonly verdict = this.message;

  constructor(baseUrl: string, minutes: number) {
    super(
      baseUrl,
      l10n.t(
        'The login on {0} timed out after {1}. Log in again; if the browser shows an error, browser login may not be set up for you.',
        hostOf(baseUrl),
        formatUnit(minutes, 'minute'),
      ),
    );
  }
}

/** Somebody else came back from the browser than the account that is logged in again. Nothing was kept. */
export class OtherUserError extends LookerError {
  override readonly name = 'OtherUserError';
  override readonly category = 'input';
  override readonly verdict = this.message;

  /** @param asked whose login it was to be, @param came who is logged in to Looker in the browser */
  constructor(baseUrl: string, asked: string, came: string) {
    super(
      baseUrl,
      l10n.t(
        "In the browser, you're logged in to {0} as {1}, not as {2}. Log out of Looker there, then try again.",
        hostOf(baseUrl),
        came,
        asked,
      ),
    );
  }
}

/** Looker has ended the access tokens of a login, and its refresh token still works. Nobody has it any more. */
export class RefreshTokenSurvivesError extends LookerError {
  override readonly name = 'RefreshTokenSurvivesError';
  override readonly category = 'setup';
  override readonly verdict = this.message;

  constructor(baseUrl: string) {
    super(
      baseUrl,
      l10n.t(
        "Looker Auth deleted the login, but {0} didn't revoke it. It stays valid for up to a month, unless you or an admin revoke it.",
        hostOf(baseUrl),
      ),
    );
  }
}

/** Looker does not let an admin who has logged in with the browser act as another user: some instances want an API key. */
export class BrowserSudoRefusedError extends LookerError {
  override readonly name = 'BrowserSudoRefusedError';
  override readonly category = 'refused';
  override readonly recovery = 'logIn';
  override readonly verdict = this.message;

  constructor(baseUrl: string, status: number, userId: string) {
    super(
      baseUrl,
      l10n.t(
        "{0} doesn't let you act as user {1}, which takes the Admin role. If you have it, log in with an API key and try again.",
        hostOf(baseUrl),
        userId,
      ),
      status,
    );
  }
}
