import * as l10n from '@vscode/l10n';
import { ExpectedError } from '../../looker/errors/expectedError';

/** Another window has renewed a login but couldn't save the new refresh token, which only that window has. */
export class UnsavedRenewalError extends ExpectedError {
  override readonly name = 'UnsavedRenewalError';
  override readonly category = 'transient';
  override readonly verdict = this.message;

  constructor() {
    super(
      l10n.t(
        "Another window has renewed this login but couldn't save it. Use that window, or unlock your keyring and try again.",
      ),
    );
  }
}
