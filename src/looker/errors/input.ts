import * as l10n from '@vscode/l10n';
import { ExpectedError } from './expectedError';

/** What the user typed can't be an instance. */
export class InvalidInstanceError extends ExpectedError {
  override readonly name = 'InvalidInstanceError';
  override readonly category = 'input';
  override readonly verdict = l10n.t("This isn't the URL of a Looker instance.");
}

/** The user's input is probably wrong; the message tells them how. */
export class InvalidAnswerError extends ExpectedError {
  override readonly name = 'InvalidAnswerError';
  override readonly category = 'input';
  override readonly verdict = this.message;
}

/** A `looker.ini` can't be read. */
export class IniFileError extends ExpectedError {
  override readonly name = 'IniFileError';
  override readonly category = 'input';
  override readonly verdict = this.message;
}
