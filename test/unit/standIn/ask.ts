import type { ApiKey, ApiVersion, StandInLooker } from '../../standIn/standInLooker';

/** A response; `json` is undefined if the body isn't JSON. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly json: unknown;
}

export interface Ask {
  readonly token?: string;
  readonly form?: Record<string, string>;
  readonly json?: unknown;
  readonly headers?: Record<string, string>;
}

/**
 * Sends a request without any client library, so that these tests see only the server: `ask(looker, 'GET /versions')`.
 */
export async function ask(
  looker: StandInLooker,
  what: string,
  { token, form, json, headers }: Ask = {},
): Promise<Answer> {
  const [method = '', path = ''] = what.split(' ');
  const response = await fetch(looker.baseUrl + path, {
    method,
    redirect: 'manual',
    headers: {
      ...(token !== undefined && { authorization: `token ${token}` }),
      ...(json !== undefined && { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(form && { body: new URLSearchParams(form) }),
    ...(json !== undefined && { body: JSON.stringify(json) }),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, json: parse(text) };
}

/** The body of a login with an API key. */
export function formOf({ clientId, clientSecret }: ApiKey): Record<string, string> {
  return { client_id: clientId, client_secret: clientSecret };
}

/** A token of a user who logs in with their API key. */
export async function logIn(
  looker: StandInLooker,
  name: string,
  version: ApiVersion = '4.0',
): Promise<string> {
  const form = formOf(looker.apiKeyOf(name));
  const { json } = await ask(looker, `POST /api/${version}/login`, { form });
  return (json as { access_token: string }).access_token;
}

/** A token that acts as another user. */
export async function sudo(
  looker: StandInLooker,
  adminToken: string,
  userId: number,
  version: ApiVersion = '4.0',
): Promise<string> {
  const { json } = await ask(looker, `POST /api/${version}/login/${userId}`, { token: adminToken });
  return (json as { access_token: string }).access_token;
}

/** The message of an error response. */
export function messageOf({ json }: Answer): unknown {
  return (json as { message?: unknown } | undefined)?.message;
}

/** Resolves as soon as the condition holds; the test's own timeout is the limit. */
export async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise(setImmediate);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // an HTML page, or nothing
  }
}
