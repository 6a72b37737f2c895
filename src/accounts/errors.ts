import * as l10n from '@vscode/l10n';
import {
  categoryOf,
  ExpectedError,
  messageOf,
  type Category,
  type Recovery,
} from '../looker/errors/expectedError';
import { LookerError } from '../looker/errors/lookerError';
import { hostOf } from '../looker/instance/host';
import { inertText } from '../looker/inert';
import { instanceOf, type Account } from './account';

/** An account can't get a new token without its user, who has to log in. */
export class LoginNeededError extends ExpectedError {
  override readonly name = 'LoginNeededError';
  override readonly category = 'loggedOut';
  override readonly recovery = 'logIn';
  override readonly verdict = this.message;

  constructor({ label }: Account, reason: LoginReason) {
    super(loginSentence(label, reason));
  }
}

/** Why Looker Auth can't get a token without the user. */
export type LoginReason = 'keyNotSaved' | 'loginNotSaved' | 'renewalOff';

function loginSentence(label: string, reason: LoginReason): string {
  switch (reason) {
    case 'keyNotSaved':
      return l10n.t("{0} needs a new token, but the API key wasn't saved. Log in again.", label);
    case 'loginNotSaved':
      return l10n.t("{0} needs a new token, but the login wasn't saved. Log in again.", label);
    case 'renewalOff':
      return l10n.t(
        '{0} needs a new token, but renewal is off. Log in again, or run "Looker: Renew Token".',
        label,
      );
  }
}

/** The account was logged out during an operation. */
export class LoggedOutError extends ExpectedError {
  override readonly name = 'LoggedOutError';
  override readonly category = 'loggedOut';
  override readonly recovery = 'logIn';
  override readonly verdict = this.message;

  /** @param label label of the account, if it is still known */
  constructor(label?: string) {
    super(
      label === undefined
        ? l10n.t('This account is logged out.')
        : l10n.t('{0} is logged out. Log in again.', label),
    );
  }
}

/** New tokens have expired on arrival: their lifetime is too short, or the network is too slow. */
export class ExpiredOnArrivalError extends ExpectedError {
  override readonly name = 'ExpiredOnArrivalError';
  override readonly category = 'transient';
  override readonly verdict = this.message;
  constructor(account: Account) {
    super(
      l10n.t(
        'New tokens for {0} expire as soon as they arrive. Check your network, and ask your Looker admin about the session length.',
        account.label,
      ),
    );
  }
}

/** VS Code's secret storage isn't working: the system's keyring is locked or missing, for example. */
export class SecretStorageError extends ExpectedError {
  override readonly name = 'SecretStorageError';
  override readonly category = 'setup';
  override readonly verdict = this.message;

  /** @param consequence a sentence about what this means for the user */
  constructor(cause: unknown, consequence: string) {
    const reason = inertText(messageOf(cause)).replace(/\.$/, '');
    super(l10n.t("VS Code's secret storage isn't working: {0}. {1}", reason, consequence));
  }
}

/** What an error of the secret storage says, as a part of a sentence. */
export function reasonIn(cause: unknown): string {
  return inertText(messageOf(cause)).replace(/\.$/, '');
}

/** The trusted certificate of an instance can't be read, so nothing may be sent there. */
export class UnknownTrustError extends LookerError {
  override readonly name = 'UnknownTrustError';
  override readonly category = 'setup';
  override readonly verdict = this.message;

  constructor(baseUrl: string, cause: unknown) {
    super(
      baseUrl,
      l10n.t(
        "Looker Auth couldn't read which certificate you trust for {0} ({1}), so nothing was sent. Unlock your keyring, then try again.",
        hostOf(baseUrl),
        reasonIn(cause),
      ),
    );
  }
}

/** Looker's refusal to renew a token, from another window or from before this window was opened. */
export class RefusedBeforeError extends ExpectedError {
  override readonly name = 'RefusedBeforeError';
  override readonly category = 'refused';
  override readonly recovery = 'stopActing';
  override readonly verdict = this.message;
}

/** The stored record of an account is damaged. It is left in place. */
export class UnreadableAccountError extends ExpectedError {
  override readonly name: string = 'UnreadableAccountError';
  override readonly category: Category = 'loggedOut';
  override readonly recovery: Recovery = 'logInAgain';
  override readonly verdict = this.message;
  constructor(
    readonly accountId: string,
    message = l10n.t(
      "Looker Auth can't read the saved account on {0}. Log in again.",
      hostOf(instanceOf(accountId)),
    ),
  ) {
    super(message, instanceOf(accountId));
  }
}

/** The stored record of an account is from a newer version, and this one must not touch it. */
export class NewerAccountError extends UnreadableAccountError {
  override readonly name = 'NewerAccountError';
  override readonly category = 'setup';
  override readonly recovery = 'showExtension';
  constructor(accountId: string) {
    super(
      accountId,
      l10n.t(
        'A newer version of Looker Auth saved the account on {0}. Update the extension to use it.',
        hostOf(instanceOf(accountId)),
      ),
    );
  }
}

/** A part of Looker Auth's code is gone, because the extension was updated or removed while this window was open. */
export class CodeMissingError extends ExpectedError {
  override readonly name = 'CodeMissingError';
  override readonly category = 'setup';
  override readonly verdict = this.message;
  constructor() {
    super(
      l10n.t(
        "Looker Auth couldn't load part of its code. Reload the window, or reinstall the extension if that doesn't help.",
      ),
    );
  }
}

/** Whether only a new login helps: Looker refused, or there are no credentials left, or they can't be read. */
export function needsLogin(error: unknown): boolean {
  return isLoggedOut(error) || categoryOf(error) === 'refused';
}

/** Whether there are no credentials left to get a token with, which is independent of Looker. */
export function isLoggedOut(error: unknown): boolean {
  return categoryOf(error) === 'loggedOut';
}
