import * as l10n from '@vscode/l10n';
import { ExpectedError } from '../../looker/errors/expectedError';

/** There are no accounts. */
export class NotLoggedInError extends ExpectedError {
  override readonly name = 'NotLoggedInError';
  override readonly category = 'loggedOut';
  override readonly recovery = 'logIn';
  override readonly verdict = this.message;
  constructor() {
    super(l10n.t("You're not logged in to Looker."));
  }
}

/** No account acts as another user. */
export class NotActingError extends ExpectedError {
  override readonly name = 'NotActingError';
  override readonly category = 'input';
  override readonly verdict = this.message;
  constructor() {
    super(l10n.t("You aren't acting as another user on any Looker instance."));
  }
}
