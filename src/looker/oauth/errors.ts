import * as l10n from '@vscode/l10n';
import { ExpectedError } from '../errors/expectedError';
import { LookerError } from '../errors/lookerError';
import { hostOf } from '../instance/host';
import { formatUnit } from '../numbers';

/** Looker doesn't know the OAuth client or its redirect URI: no admin has registered it, or it is disabled. */
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

/** The instance has no OAuth: its release is too old, or something in front of it blocks the endpoint. */
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

/** The user, or Looker on their behalf, denied access on the consent page. */
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

/** Looker doesn't let this user or their group use the OAuth client. */
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

/** Looker redirected without a code, or refused a request, for an internal reason. */
export class BrowserLoginFailedError extends LookerError {
  override readonly name = 'BrowserLoginFailedError';
  override readonly category = 'transient';
  override readonly verdict = this.message;

  /** @param code OAuth's error code, such as `invalid_scope` (RFC 6749, 4.1.2.1 and 5.2). Unknown codes aren't shown */
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

/** A URL that is unrelated to the login: not a redirect from Looker. */
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

/** A redirect that belongs to another login or to none: its `state` doesn't match. Nothing in it was used. */
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

/** Looker rejected a code: it has expired, was already used, or was issued to another client. */
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

/** Looker rejected a refresh token: a month has passed, an admin revoked it, or it was logged out. */
export class BrowserLoginEndedError extends LookerError {
  override readonly name = 'BrowserLoginEndedError';
  override readonly category = 'refused';
  override readonly recovery = 'logIn';
  override readonly verdict = this.message;

  constructor(baseUrl: string, status: number) {
    super(
      baseUrl,
      l10n.t(
        'This browser login on {0} was revoked or has expired. Log in again.',
        hostOf(baseUrl),
      ),
      status,
    );
  }
}

/** The instance names another host, or a less secure URL, for its login. Nothing was opened or sent there. */
export class MetadataElsewhereError extends LookerError {
  override readonly name = 'MetadataElsewhereError';
  override readonly category = 'intercepted';
  override readonly verdict = this.message;

  /** @param other origin of the URL it names */
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

/** The user didn't finish the login in the browser in time. */
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

/** The user in the browser isn't the user of the account to log in again. Nothing was saved. */
export class OtherUserError extends LookerError {
  override readonly name = 'OtherUserError';
  override readonly category = 'input';
  override readonly verdict = this.message;

  /** @param asked name of the account's user @param came name of the user who is logged in to Looker in the browser */
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

/** Looker revoked the access tokens of a login, but its refresh token still works. Looker Auth has deleted it. */
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

/** Looker doesn't let an admin act as another user after a browser login: some instances require an API key. */
export class BrowserSudoRefusedError extends LookerError {
  override readonly name = 'BrowserSudoRefusedError';
  override readonly category = 'refused';
  override readonly recovery = 'logIn';
  override readonly verdict = this.message;

  constructor(baseUrl: string, status: number, userId: string) {
    super(
      baseUrl,
      l10n.t(
        "{0} doesn't let you act as user {1}, which requires the Admin role. If you have it, log in with an API key and try again.",
        hostOf(baseUrl),
        userId,
      ),
      status,
    );
  }
}
