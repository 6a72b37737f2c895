import * as l10n from '@vscode/l10n';
import { hostOf } from '../instance/host';
import type { Exception } from '../instance/protection';
import { LookerError } from './lookerError';

/** An instance's CA file can't be used. Nothing was sent. */
export class CaFileError extends LookerError {
  override readonly name = 'CaFileError';
  override readonly category = 'setup';
  override readonly verdict = this.message;

  /** @param problem what is wrong with the file, a sentence that names it */
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

/** `http:` to another machine would expose API keys and tokens on the network. Nothing was sent. */
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
        '{0} uses plain HTTP, so others on the network could read your API key or tokens. Use HTTPS, or allow HTTP for this instance with "plainHttp" in the setting "lookerAuth.instances".',
        hostOf(baseUrl),
      ),
    );
  }
}

/** The settings protect an instance less than the user has agreed to. Nothing was sent. */
export class WeakerProtectionError extends LookerError {
  override readonly name = 'WeakerProtectionError';
  // Until the user agrees, the server may not be the user's instance.
  override readonly category = 'intercepted';
  override readonly recovery = 'reviewExceptions';
  override readonly verdict = this.message;

  /** @param exceptions the exceptions now in force */
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
