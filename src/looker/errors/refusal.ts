import * as l10n from '@vscode/l10n';
import { hostOf } from '../instance/host';
import { LookerError } from './lookerError';

/** Looker rejected the client ID and client secret (real servers respond with 404). Renewing would fail as well. */
export class ApiKeyRefusedError extends LookerError {
  override readonly name = 'ApiKeyRefusedError';
  override readonly category = 'refused';
  override readonly recovery = 'logIn';
  override readonly verdict = l10n.t(
    'Looker refuses the API key: it was deleted, or its user is disabled.',
  );

  constructor(baseUrl: string, status: number) {
    super(
      baseUrl,
      l10n.t(
        "Looker rejected this API key on {0}. Check the client ID and client secret, and that the user isn't disabled.",
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
  override readonly verdict = l10n.t('Looker no longer accepts the token: log in again.');

  constructor(baseUrl: string, status: number) {
    super(
      baseUrl,
      l10n.t(
        '{0} no longer accepts this token (HTTP {1}). Renew it, or log in again.',
        hostOf(baseUrl),
        status,
      ),
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
        '{0} does not let you act as user {1} (HTTP {2}). Only a user with the Admin role may; on Looker (Google Cloud core) only an API-only service account with the Admin role, and only as an embed user.',
        hostOf(baseUrl),
        userId,
        status,
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
            '{0} kept the session in production instead of Development Mode. Ask your Looker admin for the develop permission.',
            host,
          )
        : l10n.t(
            "{0} doesn't let this user work in Development Mode (HTTP {1}). Ask your Looker admin for the develop permission.",
            host,
            status,
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
      status === undefined
        ? l10n.t(
            '{0} knows no active user {1} to act as. Check the id, and that you are an admin.',
            hostOf(baseUrl),
            userId,
          )
        : l10n.t(
            '{0} knows no active user {1} to act as (HTTP {2}). Check the id, and that you are an admin.',
            hostOf(baseUrl),
            userId,
            status,
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
        '{0} refused this (HTTP {1}). Ask a Looker admin whether your roles allow it.',
        hostOf(baseUrl),
        status,
      ),
      status,
    );
    this.verdict = l10n.t('Looker does not let this user use its API (HTTP {0}).', status);
  }
}

/** Looker issued a token to act as a user, and then says that it belongs to somebody else. */
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
            '{0} says that it is user {1} who acts as user {2}, not you (user {3}). The token was ended and nothing was kept. Log in again, and tell whoever runs the instance if this comes back.',
            host,
            told.adminId,
            asked.userId,
            asked.adminId,
          )
        : l10n.t(
            '{0} was asked for user {1} and gave a token of user {2}. The token was ended and nothing was kept. Tell whoever runs the instance, or a proxy before it.',
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
        '{0} is disabled on {1}, and Looker lets nobody act as a disabled user. Choose somebody else, or enable them in Looker under Admin > Users.',
        name,
        hostOf(baseUrl),
      ),
    );
  }
}
