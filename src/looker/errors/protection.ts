import * as l10n from '@vscode/l10n';
import { hostOf } from '../instance/host';
import type { Exception } from '../instance/protection';
import { LookerError } from './lookerError';

/** The CA file of an instance cannot be used. Nothing was sent. */
export class CaFileError extends LookerError {
  override readonly name = 'CaFileError';
  override readonly category = 'setup';
  override readonly verdict = this.message;

  /** @param problem what is wrong with it, a sentence that names it */
  constructor(
    baseUrl: string,
    readonly problem: string,
  ) {
    super(
      baseUrl,
      l10n.t(
        'Nothing was sent to {0}, since its CA file cannot be used. {1} Check "caFile" in the setting "lookerAuth.instances".',
        hostOf(baseUrl),
        problem,
      ),
    );
  }
}

/** `http:` to another machine would show the API key to everybody on the way. Nothing was sent. */
export class PlainHttpError extends LookerError {
  override readonly name = 'PlainHttpError';
  override readonly category = 'setup';
  override readonly verdict = l10n.t(
    '{0} is to be asked over plain http, which is not allowed here: use https.',
    hostOf(this.baseUrl),
  );

  constructor(baseUrl: string) {
    super(
      baseUrl,
      l10n.t(
        '{0} would be asked over plain http, which shows your API key to everybody on the way. Use https, or mark this instance with "plainHttp" in the setting "lookerAuth.instances".',
        hostOf(baseUrl),
      ),
    );
  }
}

/** Settings protect an instance less than the user has agreed to. Nothing was sent. */
export class WeakerProtectionError extends LookerError {
  override readonly name = 'WeakerProtectionError';
  // As long as the user has not agreed, somebody else may answer there.
  override readonly category = 'intercepted';
  override readonly recovery = 'reviewExceptions';
  override readonly verdict = this.message;

  /** @param exceptions those in force */
  constructor(
    baseUrl: string,
    readonly exceptions: readonly Exception[],
  ) {
    super(
      baseUrl,
      l10n.t(
        'Your settings protect {0} less than you have agreed to, so nothing was sent. Review them to go on.',
        hostOf(baseUrl),
      ),
    );
  }
}
