import * as l10n from '@vscode/l10n';
import { LookerError } from '../../looker/errors/lookerError';
import { hostOf } from '../../looker/instance/host';
import { reasonIn } from '../errors';

/** What the user has agreed to for an instance can't be read, so nothing may be sent there. */
export class UnknownAgreementError extends LookerError {
  override readonly name = 'UnknownAgreementError';
  override readonly category = 'setup';
  override readonly verdict = this.message;

  constructor(baseUrl: string, cause: unknown) {
    super(
      baseUrl,
      l10n.t(
        "Looker Auth couldn't read what you've agreed to for {0} ({1}), so nothing was sent. Unlock your keyring, then try again.",
        hostOf(baseUrl),
        reasonIn(cause),
      ),
    );
  }
}
