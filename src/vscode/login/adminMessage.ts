import * as l10n from '@vscode/l10n';
import type { OAuthClient } from '../../looker/oauth/client';
import { registrationOf } from '../../looker/oauth/clientApps';

/**
 * A message for the user's Looker admin, who may not have Looker Auth: all ways to register the OAuth client. Contains
 * no secrets.
 * @param webUrl URL of Looker's pages
 * @param release the instance's release, if known
 */
export function adminMessage(
  baseUrl: string,
  webUrl: string,
  client: OAuthClient,
  release: string | undefined,
): string {
  const body = registrationOf(client, undefined, release)?.body;
  const explorer = `${webUrl}/extensions/marketplace_extension_api_explorer::api-explorer/4.0/methods/Auth/register_oauth_client_app`;
  return [
    l10n.t(
      "I'd like to log in to Looker ({0}) from VS Code with my browser, using the Looker Auth extension. For that, a Looker admin has to register an OAuth client once. The client has no secret, and gives users the same permissions in VS Code as in Looker. There are three ways:",
      baseUrl,
    ),
    l10n.t(
      '1. In VS Code with Looker Auth, logged in as an admin: run "Looker: Set Up Browser Login…".',
    ),
    l10n.t(
      "2. In Looker's API Explorer ({0}): set client_guid to {1} and send this body:",
      explorer,
      client.clientId,
    ),
    JSON.stringify(body, undefined, 2),
    l10n.t(
      '3. On an instance that Google hosts, from Looker 26.20: under Admin > Authentication > Manage OAuth Clients, add a custom client with the ID {0} and these redirect URIs: {1}',
      client.clientId,
      client.redirectUris.join(' '),
    ),
  ].join('\n\n');
}
