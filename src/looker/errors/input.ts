import * as l10n from '@vscode/l10n';
import { ExpectedError } from './expectedError';

/** What was typed as an instance cannot be one. */
export class InvalidInstanceError extends ExpectedError {
  override readonly name = 'InvalidInstanceError';
  override readonly category = 'input';
  override readonly verdict = l10n.t("This isn't the URL of a Looker instance.");
}

/** What may be wrong with an answer, in words for whoever typed it. */
export class InvalidAnswerError extends ExpectedError {
  override readonly name = 'InvalidAnswerError';
  override readonly category = 'input';
  override readonly verdict = this.message;
}

/** A `looker.ini` cannot be read. */
export class IniFileError extends ExpectedError {
  override readonly name = 'IniFileError';
  override readonly category = 'input';
  override readonly verdict = this.message;
}
