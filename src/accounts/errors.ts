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

/** An account cannot get a new token by itself; its user has to log in. */
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

/** The account was logged out while something was still going on with it. */
export class LoggedOutError extends ExpectedError {
  override readonly name = 'LoggedOutError';
  override readonly category = 'loggedOut';
  override readonly recovery = 'logIn';
  override readonly verdict = this.message;

  /** @param label whose it is, where that is still known */
  constructor(label?: string) {
    super(
      label === undefined
        ? l10n.t('This account is logged out.')
        : l10n.t('{0} is logged out. Log in again.', label),
    );
  }
}

/** New tokens are no longer good when they arrive: they live too short, or the network is too slow. */
export class ExpiredOnArrivalError extends ExpectedError {
  override readonly name = 'ExpiredOnArrivalError';
  override readonly category = 'transient';
  override readonly verdict = this.message;
  constructor(account: Account) {
    super(
      l10n.t(
        'New tokens for {0} expire before Looker Auth can use them. Check your network, and the session length in Looker.',
        account.label,
      ),
    );
  }
}

/** VS Code's secret storage fails: the system's keyring is locked, say, or there is none. */
export class SecretStorageError extends ExpectedError {
  override readonly name = 'SecretStorageError';
  override readonly category = 'setup';
  override readonly verdict = this.message;

  /** @param consequence a sentence: what that means for the user */
  constructor(cause: unknown, consequence: string) {
    const reason = inertText(messageOf(cause)).replace(/\.$/, '');
    super(l10n.t("VS Code's secret storage isn't working: {0}. {1}", reason, consequence));
  }
}

/** Which certificate the user trusts for an instance cannot be read, so that nothing may be sent there. */
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
        inertText(messageOf(cause)).replace(/\.$/, ''),
      ),
    );
  }
}

/** A token was said to be rejected, but Looker takes it. */
export class TokenAcceptedError extends ExpectedError {
  override readonly name = 'TokenAcceptedError';
  override readonly category = 'input';
  override readonly verdict = this.message;
  constructor(account: Account) {
    super(
      l10n.t(
        "Looker still accepts this token for {0}, so Looker Auth didn't replace it.",
        account.label,
      ),
    );
  }
}

/** There is no account to do anything with. */
export class NobodyLoggedInError extends ExpectedError {
  override readonly name = 'NobodyLoggedInError';
  override readonly category = 'loggedOut';
  override readonly recovery = 'logIn';
  override readonly verdict = this.message;
  constructor() {
    super(l10n.t("You're not logged in to Looker."));
  }
}

/** There is no user whom anybody acts as. */
export class NobodyActsError extends ExpectedError {
  override readonly name = 'NobodyActsError';
  override readonly category = 'input';
  override readonly verdict = this.message;
  constructor() {
    super(l10n.t("You aren't acting as another user on any Looker instance."));
  }
}

/** What Looker said no with when a renewal was tried, in another window or before this one was opened. */
export class RefusedBeforeError extends ExpectedError {
  override readonly name = 'RefusedBeforeError';
  override readonly category = 'refused';
  override readonly recovery = 'stopActing';
  override readonly verdict = this.message;
}

/** What is stored for an account is damaged. It stays where it is. */
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

/** What is stored for an account is not for this version to touch. */
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

/** Whether only a new login helps: Looker said no, or there is nothing to renew with, or nothing that can be read. */
export function needsLogin(error: unknown): boolean {
  return isLoggedOut(error) || categoryOf(error) === 'refused';
}

/** Whether there is nothing left here to get a token with, which says nothing about what Looker would say. */
export function isLoggedOut(error: unknown): boolean {
  return categoryOf(error) === 'loggedOut';
}
