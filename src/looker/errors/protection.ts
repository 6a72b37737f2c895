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
        'Looker Auth sent nothing to {0}: check its "caFile" in the setting "lookerAuth.instances". {1}',
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
    "{0} uses plain HTTP, which isn't allowed. Use HTTPS.",
    hostOf(this.baseUrl),
  );

  constructor(baseUrl: string) {
    super(
      baseUrl,
      l10n.t(
        '{0} uses plain HTTP, so others on the network could read your API key. Use HTTPS, or set "plainHttp" for this instance in the setting "lookerAuth.instances".',
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
        'Your settings protect {0} less than you agreed to, so Looker Auth sent nothing. Review them to continue.',
        hostOf(baseUrl),
      ),
    );
  }
}
