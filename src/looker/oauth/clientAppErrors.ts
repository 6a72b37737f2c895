import * as l10n from '@vscode/l10n';
import { LookerError } from '../errors/lookerError';
import { hostOf } from '../instance/host';

/** Looker doesn't let this user manage OAuth clients. */
export class ClientAppsForbiddenError extends LookerError {
  override readonly name = 'ClientAppsForbiddenError';
  override readonly category = 'setup';
  override readonly verdict = this.message;

  constructor(baseUrl: string, status: number) {
    super(
      baseUrl,
      l10n.t(
        '{0} doesn\'t let you set up browser login, which requires the Admin role. Ask your Looker admin to run "Looker: Set Up Browser Login…".',
        hostOf(baseUrl),
      ),
      status,
    );
  }
}

/** Looker doesn't let users revoke their browser logins on all machines, or can't do that yet. */
export class RevokeEverywhereRefusedError extends LookerError {
  override readonly name = 'RevokeEverywhereRefusedError';
  override readonly category = 'setup';
  override readonly verdict = this.message;

  constructor(baseUrl: string, status: number) {
    super(
      baseUrl,
      l10n.t(
        "You don't have permission to revoke all your browser logins on {0}. Ask your Looker admin to revoke them.",
        hostOf(baseUrl),
      ),
      status,
    );
  }
}

/** The instance's API has no OAuth clients, or rejected the one that Looker Auth needs. */
export class ClientAppRefusedError extends LookerError {
  override readonly name = 'ClientAppRefusedError';
  override readonly category = 'setup';
  override readonly verdict = this.message;

  /** @param fields fields that Looker rejected, by their names in its API */
  constructor(baseUrl: string, status: number, fields: readonly string[]) {
    super(
      baseUrl,
      fields.length > 0
        ? l10n.t(
            "{0} didn't accept the OAuth client. Check these fields: {1}.",
            hostOf(baseUrl),
            fields.join(', '),
          )
        : l10n.t(
            'Couldn\'t register an OAuth client on {0}, which requires the Admin role and a recent Looker release. Ask your Looker admin to run "Looker: Set Up Browser Login…".',
            hostOf(baseUrl),
          ),
      status,
    );
  }
}
