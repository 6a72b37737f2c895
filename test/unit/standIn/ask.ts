import type { ApiKey, ApiVersion, StandInLooker } from '../../standIn/standInLooker';

/** What came back; `json` is undefined when the body is none. */
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

/** One request as plain as it gets, so that these tests see the server and no client: `ask(looker, 'GET /versions')`. */
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

/** An API key as the body of a login. */
export function formOf({ clientId, clientSecret }: ApiKey): Record<string, string> {
  return { client_id: clientId, client_secret: clientSecret };
}

/** The token of somebody who logs in with their API key. */
export async function logIn(
  looker: StandInLooker,
  name: string,
  version: ApiVersion = '4.0',
): Promise<string> {
  const form = formOf(looker.apiKeyOf(name));
  const { json } = await ask(looker, `POST /api/${version}/login`, { form });
  return (json as { access_token: string }).access_token;
}

/** The token of somebody another user acts as. */
export async function sudo(
  looker: StandInLooker,
  adminToken: string,
  userId: number,
  version: ApiVersion = '4.0',
): Promise<string> {
  const { json } = await ask(looker, `POST /api/${version}/login/${userId}`, { token: adminToken });
  return (json as { access_token: string }).access_token;
}

/** The message of an error reply. */
export function messageOf({ json }: Answer): unknown {
  return (json as { message?: unknown } | undefined)?.message;
}

/** Resolves as soon as it is so; the test's own time-out is the limit. */
export async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise(setImmediate);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // a page, or nothing
  }
}
