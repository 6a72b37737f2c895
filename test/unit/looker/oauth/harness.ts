import type { LookerApiOptions } from '../../../../src/looker/api/lookerApiOptions';
import { OWN_CLIENT } from '../../../../src/looker/oauth/client';
import { newProofKey, newState } from '../../../../src/looker/oauth/pkce';
import { authorizationUrl } from '../../../../src/looker/oauth/authorization';
import {
  redeemCode,
  type LoginClient,
  type OAuthTokens,
} from '../../../../src/looker/oauth/tokenEndpoint';
import type { StandInLooker } from '../../../standIn/standInLooker';
import { lookerApi } from '../../../support/lookerApi';
import { WebBrowser } from '../../../support/webBrowser';

/** Looker Auth's own client, with the first of its redirect URIs. */
export const loginClient: LoginClient = {
  clientId: OWN_CLIENT.clientId,
  redirectUri: OWN_CLIENT.redirectUris[0],
};

/** An instance's connection, as in the extension. */
export function optionsFor(
  { baseUrl }: Pick<StandInLooker, 'baseUrl'>,
  options: Partial<LookerApiOptions> = {},
): LookerApiOptions {
  return lookerApi(baseUrl, options).options;
}

/** A code from a user's browser, and its verifier. */
export async function codeFor(
  looker: StandInLooker,
  email: string,
  { clientId, redirectUri }: LoginClient = loginClient,
): Promise<{ readonly code: string; readonly verifier: string }> {
  const { verifier, challenge } = newProofKey();
  const authorization = { baseUrl: looker.baseUrl, clientId, redirectUri, state: newState() };
  const address = authorizationUrl(`${looker.baseUrl}/auth`, authorization, challenge);
  const ended = await new WebBrowser(looker.baseUrl).letIn(address, email);
  return { code: new URL(ended).searchParams.get('code') ?? '', verifier };
}

/** The grant of a user who has logged in. */
export async function grantFor(looker: StandInLooker, email: string): Promise<OAuthTokens> {
  const { code, verifier } = await codeFor(looker, email);
  return redeemCode(optionsFor(looker), loginClient, code, verifier);
}
