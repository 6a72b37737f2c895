import * as l10n from '@vscode/l10n';
import { LookerError } from '../errors/lookerError';
import { hostOf } from '../instance/host';

/** Looker does not let this user manage OAuth clients. */
export class ClientAppsForbiddenError extends LookerError {
  override readonly name = 'ClientAppsForbiddenError';
  override readonly category = 'setup';
  override readonly verdict = this.message;

  constructor(baseUrl: string, status: number) {
    super(
      baseUrl,
      l10n.t(
        "{0} doesn't let you set up browser login (HTTP {1}). It takes the Admin role; ask a Looker admin to run this command.",
        hostOf(baseUrl),
        status,
      ),
      status,
    );
  }
}

/** Looker does not end a user's logins with the browser on all machines, or has no such request. */
export class RevokeEverywhereRefusedError extends LookerError {
  override readonly name = 'RevokeEverywhereRefusedError';
  override readonly category = 'setup';
  override readonly verdict = this.message;

  constructor(baseUrl: string, status: number) {
    super(
      baseUrl,
      l10n.t(
        "{0} doesn't let you revoke your browser logins everywhere (HTTP {1}). Ask your Looker admin to revoke them.",
        hostOf(baseUrl),
        status,
      ),
      status,
    );
  }
}

/** The instance's API has no OAuth clients, or does not take one as Looker Auth needs it. */
export class ClientAppRefusedError extends LookerError {
  override readonly name = 'ClientAppRefusedError';
  override readonly category = 'setup';
  override readonly verdict = this.message;

  /** @param fields those that Looker does not accept, by their names in its API */
  constructor(baseUrl: string, status: number, fields: readonly string[]) {
    super(
      baseUrl,
      fields.length > 0
        ? l10n.t(
            "{0} didn't accept the OAuth client (HTTP {1}): check {2}.",
            hostOf(baseUrl),
            status,
            fields.join(', '),
          )
        : l10n.t(
            "{0} can't register an OAuth client (HTTP {1}). That takes the Admin role and a release with OAuth; ask a Looker admin to run this command.",
            hostOf(baseUrl),
            status,
          ),
      status,
    );
  }
}
