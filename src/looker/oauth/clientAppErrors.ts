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
        "{0} doesn't let you set up browser login, which takes the Admin role. Ask your Looker admin to run this command.",
        hostOf(baseUrl),
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
        "{0} doesn't let you revoke your browser logins everywhere. Ask your Looker admin to revoke them.",
        hostOf(baseUrl),
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
            "{0} can't register an OAuth client, which takes the Admin role and a recent release. Ask your Looker admin to run this command.",
            hostOf(baseUrl),
          ),
      status,
    );
  }
}
