import * as l10n from '@vscode/l10n';
import { hostOf } from '../instance/host';
import { LookerError } from './lookerError';

/** Looker rejected the client ID and client secret (real servers respond with 404). Renewing would fail as well. */
export class ApiKeyRefusedError extends LookerError {
  override readonly name = 'ApiKeyRefusedError';
  override readonly category = 'refused';
  override readonly recovery = 'logIn';
  override readonly verdict = l10n.t(
    'Looker rejected the API key. It was deleted, or its user is disabled.',
  );

  constructor(baseUrl: string, status: number) {
    super(
      baseUrl,
      l10n.t(
        "{0} rejected this API key. Check the client ID and client secret, and that the user isn't disabled.",
        hostOf(baseUrl),
      ),
      status,
    );
  }
}

/** A token isn't valid anymore: expired, logged out or revoked. */
export class TokenRejectedError extends LookerError {
  override readonly name = 'TokenRejectedError';
  override readonly category = 'refused';
  override readonly recovery = 'logIn';
  override readonly verdict = l10n.t('Looker no longer accepts the token. Log in again.');

  constructor(baseUrl: string, status: number) {
    super(
      baseUrl,
      l10n.t('{0} no longer accepts this token. Renew it, or log in again.', hostOf(baseUrl)),
      status,
    );
  }
}

/** Looker doesn't let this user act as another user. */
export class SudoRefusedError extends LookerError {
  override readonly name = 'SudoRefusedError';
  override readonly category = 'refused';
  override readonly recovery = 'stopActing';
  override readonly verdict = this.message;

  constructor(baseUrl: string, status: number, userId: string) {
    super(
      baseUrl,
      l10n.t(
        "{0} doesn't let you act as user {1}, which requires the Admin role. On Looker (Google Cloud core), only an API-only service account with that role can act as embed users.",
        hostOf(baseUrl),
        userId,
      ),
      status,
    );
  }
}

/** Looker doesn't let this user work in Development Mode. Their other tokens stay valid. */
export class DevModeRefusedError extends LookerError {
  override readonly name = 'DevModeRefusedError';
  override readonly category = 'setup';
  // A Looker admin has to allow it first, and each try is a login.
  override readonly retryAfterMs = 60_000;
  override readonly verdict = this.message;

  /** @param status undefined if Looker accepted the request but left the token in production */
  constructor(baseUrl: string, status?: number) {
    const host = hostOf(baseUrl);
    super(
      baseUrl,
      status === undefined
        ? l10n.t(
            "{0} didn't switch the session to Development Mode. Ask your Looker admin for the develop permission.",
            host,
          )
        : l10n.t(
            "{0} doesn't let this user work in Development Mode. Ask your Looker admin for the develop permission.",
            host,
          ),
      status,
    );
  }
}

/** The user to act as doesn't exist or is disabled. */
export class UnknownUserError extends LookerError {
  override readonly name = 'UnknownUserError';
  override readonly category = 'refused';
  override readonly recovery = 'chooseUser';
  override readonly verdict = this.message;

  constructor(baseUrl: string, userId: string, status?: number) {
    super(
      baseUrl,
      l10n.t(
        "{0} has no active user with ID {1}. Check the ID, and that you're an admin.",
        hostOf(baseUrl),
        userId,
      ),
      status,
    );
  }
}

/** Looker doesn't allow this user to do this, or has no such endpoint. The token stays valid. */
export class RefusedError extends LookerError {
  override readonly name = 'RefusedError';
  override readonly category = 'setup';
  override readonly verdict: string;

  constructor(baseUrl: string, status: number) {
    super(
      baseUrl,
      l10n.t(
        '{0} refused the request. Ask your Looker admin whether your roles allow it.',
        hostOf(baseUrl),
      ),
      status,
    );
    this.verdict = l10n.t("Looker doesn't let this user use the API.");
  }
}

/** Looker issued a token to act as a user, and then reports that it belongs to another one. */
export class SudoMismatchError extends LookerError {
  override readonly name = 'SudoMismatchError';
  override readonly category = 'transient';
  override readonly verdict = this.message;

  constructor(baseUrl: string, asked: SudoPair, told: SudoPair) {
    const host = hostOf(baseUrl);
    super(
      baseUrl,
      asked.userId === told.userId
        ? l10n.t(
            "{0} issued a token for user {1} acting as user {2}, but you're user {3}. Looker Auth revoked it; log in again, or tell your Looker admin.",
            host,
            told.adminId,
            asked.userId,
            asked.adminId,
          )
        : l10n.t(
            '{0} issued a token for user {2} instead of user {1}, so Looker Auth revoked it. Tell your Looker admin.',
            host,
            asked.userId,
            told.userId,
          ),
    );
  }
}

/** The IDs of an admin and of the user they act as. */
export interface SudoPair {
  readonly userId: string;
  readonly adminId: string;
}

/** Looker doesn't allow acting as a disabled user, so no request was sent. */
export class DisabledUserError extends LookerError {
  override readonly name = 'DisabledUserError';
  override readonly category = 'setup';
  override readonly recovery = 'openInstance';
  override readonly verdict = this.message;

  constructor(baseUrl: string, name: string) {
    super(
      baseUrl,
      l10n.t(
        "{0} is disabled on {1}, so you can't act as them. Choose another user, or enable them in Looker under Admin > Users.",
        name,
        hostOf(baseUrl),
      ),
    );
  }
}
