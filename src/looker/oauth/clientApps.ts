import * as v from 'valibot';
import { TokenRejectedError } from '../errors/refusal';
import { interceptorOf } from '../api/interception';
import { send, type HttpResponse, type Request } from '../network/http';
import type { LookerApiOptions } from '../api/lookerApiOptions';
import {
  isLookersError,
  tryJson,
  notLookerError,
  parseResponse,
  passingFailure,
} from '../api/responses';
import { UserId } from '../api/shapes';
import { redirectUrisFor, type OAuthClient } from './client';
import {
  ClientAppRefusedError,
  ClientAppsForbiddenError,
  RevokeEverywhereRefusedError,
} from './clientAppErrors';
import { BrowserLoginUnsupportedError } from './errors';

/** An OAuth client as registered on an instance (`OauthClientApp`). */
export interface ClientApp {
  readonly clientId: string;
  readonly redirectUris: readonly string[];
  /** Whether users can log in with it now. */
  readonly isEnabled: boolean;
  /** The group that may use it; undefined if everyone may. */
  readonly groupId: string | undefined;
}

/** A request that registers or changes a client. It is shown to the admin exactly as it is sent. */
export interface Registration {
  readonly method: 'POST' | 'PATCH';
  readonly clientId: string;
  /** Below the base URL. */
  readonly path: string;
  readonly body: Readonly<Record<string, unknown>>;
}

/** Shown to users on Looker's consent page. It is the same on all instances. */
const DISPLAY_NAME = 'Looker Auth for VS Code';
const DESCRIPTION =
  'Lets VS Code and its extensions use Looker as you. Not affiliated with Google. Log out in VS Code to end it.';

const RedirectUri = v.pipe(v.string(), v.maxLength(2048));

/** Every field is optional in the vendor's schema. `redirect_uris` was added after release 26.12. */
const ClientAppResponse = v.pipe(
  v.object({
    client_guid: v.string(),
    redirect_uri: v.nullish(RedirectUri),
    redirect_uris: v.nullish(v.array(RedirectUri)),
    enabled: v.nullish(v.boolean()),
    group_id: v.nullish(UserId),
  }),
  v.transform((response): ClientApp => ({
    clientId: response.client_guid,
    redirectUris:
      response.redirect_uris ??
      (typeof response.redirect_uri === 'string' ? [response.redirect_uri] : []),
    isEnabled: response.enabled ?? true,
    groupId: response.group_id ?? undefined,
  })),
);

/** `ValidationError`: the fields that Looker rejected. */
const FieldsResponse = v.object({
  errors: v.array(v.object({ field: v.pipe(v.string(), v.regex(/^\w{1,40}$/)) })),
});

/**
 * `GET /oauth_client_apps/{client_guid}`, for admins.
 * @returns undefined if the client isn't registered
 * @throws ClientAppsForbiddenError; TokenRejectedError; LookerError; CanceledError
 */
export async function readClientApp(
  options: LookerApiOptions,
  token: string,
  clientId: string,
  signal?: AbortSignal,
): Promise<ClientApp | undefined> {
  const response = await call(options, { method: 'GET', path: pathOf(clientId), token, signal });
  return response.status === 404
    ? undefined
    : parseResponse(ClientAppResponse, response, options.baseUrl);
}

/**
 * The request needed to register a client on an instance.
 * @param existing the client as registered now
 * @param release the instance's release, which decides how many redirect URIs it accepts
 * @returns undefined if nothing needs to change
 */
export function registrationOf(
  client: OAuthClient,
  existing: ClientApp | undefined,
  release: string | undefined,
): Registration | undefined {
  const { clientId } = client;
  const wanted = redirectUrisFor(client, release);
  const isThere = wanted.every((uri) => existing?.redirectUris.includes(uri));
  if (existing?.isEnabled && isThere) return undefined;
  const uris = wanted.length > 1 ? { redirect_uris: wanted } : { redirect_uri: wanted[0] };
  return {
    method: existing ? 'PATCH' : 'POST',
    clientId,
    path: pathOf(clientId),
    body: { ...uris, display_name: DISPLAY_NAME, description: DESCRIPTION, enabled: true },
  };
}

/**
 * Registers or changes a client, then reads it back. A group that an admin has set stays.
 * @throws ClientAppRefusedError if the instance didn't store what was sent; ClientAppsForbiddenError;
 *   TokenRejectedError; LookerError; CanceledError
 */
export async function register(
  options: LookerApiOptions,
  token: string,
  { method, clientId, path, body }: Registration,
  signal?: AbortSignal,
): Promise<ClientApp> {
  const response = await call(options, { method, path, json: body, token, signal });
  if (response.status >= 300) throw refusalOf(options.baseUrl, response);
  const { redirect_uris: several, redirect_uri: one } = body;
  const wanted = Array.isArray(several) ? (several as readonly unknown[]) : [one];
  const app = await readClientApp(options, token, clientId, signal);
  if (!app?.isEnabled)
    throw new ClientAppRefusedError(options.baseUrl, response.status, ['enabled']);
  if (!wanted.every((uri) => app.redirectUris.some((known) => known === uri))) {
    const field = wanted.length > 1 ? 'redirect_uris' : 'redirect_uri';
    throw new ClientAppRefusedError(options.baseUrl, response.status, [field]);
  }
  return app;
}

/**
 * `DELETE /oauth_client_apps/{client_guid}`: logs out everyone who used the client. Succeeds if it was already gone.
 */
export async function removeClientApp(
  options: LookerApiOptions,
  token: string,
  clientId: string,
  signal?: AbortSignal,
): Promise<void> {
  const response = await call(options, { method: 'DELETE', path: pathOf(clientId), token, signal });
  if (response.status >= 300 && response.status !== 404) throw refusalOf(options.baseUrl, response);
}

/**
 * `DELETE /oauth_client_apps/{client_guid}/users/{user_id}`: revokes all tokens of one user and one client, on all
 * machines, and makes Looker ask for consent again. Users may do this for themselves. In beta.
 * @throws RevokeEverywhereRefusedError; TokenRejectedError; LookerError; CanceledError
 */
export async function revokeEverywhere(
  options: LookerApiOptions,
  token: string,
  clientId: string,
  userId: string,
  signal?: AbortSignal,
): Promise<void> {
  const path = `${pathOf(clientId)}/users/${encodeURIComponent(userId)}`;
  const refused = (status: number) => new RevokeEverywhereRefusedError(options.baseUrl, status);
  const response = await call(options, { method: 'DELETE', path, token, signal }, refused);
  if (response.status >= 300) throw refused(response.status);
}

/** @returns a response from Looker: a success, or a client error other than 401 and 403, which throw */
async function call(
  options: LookerApiOptions,
  request: Request,
  forbidden: (status: number) => Error = (status) =>
    new ClientAppsForbiddenError(options.baseUrl, status),
): Promise<HttpResponse> {
  const { baseUrl } = options;
  const response = await send(options, request);
  if (response.status < 300) return response;
  const passing = passingFailure(options, response);
  if (passing) throw passing;
  const isLookers = isLookersError(response);
  // A release without OAuth clients responds with its page for unknown URLs.
  if (!isLookers && response.status === 404 && !interceptorOf(response)) {
    throw new BrowserLoginUnsupportedError(baseUrl, response.status);
  }
  if (!isLookers) throw notLookerError(baseUrl, response);
  if (response.status === 401) throw new TokenRejectedError(baseUrl, response.status);
  if (response.status === 403) throw forbidden(response.status);
  return response;
}

function refusalOf(baseUrl: string, response: HttpResponse): ClientAppRefusedError {
  const parsed = v.safeParse(FieldsResponse, tryJson(response.body));
  const fields = parsed.success ? parsed.output.errors.map(({ field }) => field) : [];
  return new ClientAppRefusedError(baseUrl, response.status, fields);
}

/** Only API 4.0 has OAuth clients. */
function pathOf(clientId: string): string {
  return `/api/4.0/oauth_client_apps/${encodeURIComponent(clientId)}`;
}
