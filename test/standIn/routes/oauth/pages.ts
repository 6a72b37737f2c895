import type { Request, RequestHandler, Response } from 'express';
import type { Instance } from '../../instance';
import type { RegisteredClient } from '../../oauth';
import { page } from '../../pages';
import { queryOf } from '../../query';
import { randomAlphanumerics } from '../../randomAlphanumerics';

/** An authorization request, as written in the URL. */
interface Asked {
  readonly client: RegisteredClient;
  readonly redirectUri: string;
  readonly state: string | undefined;
  readonly challenge: string;
  /** OAuth's error code for the rest of the request, if it is invalid. */
  readonly problem: string | undefined;
}

/** Cookie of a browser's session with the pages. */
const COOKIE = 'looker.browser';

/**
 * `GET /auth`: shows the login page to users who aren't logged in, then the consent page the first time, and then
 * redirects to the client with a code.
 */
export function authorize(instance: Instance): RequestHandler {
  return (request, response) => {
    const asked = read(instance, request);
    if (!asked) {
      // Never redirects to a URL that isn't known to be the client's.
      showError(response, 400, 'The client or its redirect URI is not known here.');
      return;
    }
    if (asked.problem !== undefined) {
      sayNo(instance, response, asked, asked.problem);
      return;
    }
    const userId = instance.oauth.browsers.get(cookieOf(request) ?? '');
    const person = instance.people.withId(userId ?? '');
    if (!person || userId === undefined) showLogin(response, request.originalUrl);
    else if (instance.oauth.hasConsent(asked.client.clientId, userId)) {
      goBack(instance, response, asked, userId);
    } else showConsent(response, request.originalUrl, asked.client, person.displayName);
  };
}

/** The login page's form. Anyone who enters a user's e-mail address is that user. */
export function enter({ oauth, people }: Instance): RequestHandler {
  return (request, response) => {
    const { email, next = '/' } = { ...(request.body as { email?: string; next?: string }) };
    const person = people.all.find((each) => each.email === email && !each.isDisabled);
    if (!person) {
      showLogin(response, next, 'Email or password is wrong.');
      return;
    }
    const browser = randomAlphanumerics(20);
    oauth.browsers.set(browser, String(person.id));
    response.cookie(COOKIE, browser, { httpOnly: true }).redirect(303, ownPath(next));
  };
}

/** The consent page's form. */
export function decide(instance: Instance): RequestHandler {
  return (request, response) => {
    const { decision, next = '/' } = { ...(request.body as { decision?: string; next?: string }) };
    const userId = instance.oauth.browsers.get(cookieOf(request) ?? '');
    const asked = read(instance, { originalUrl: ownPath(next) });
    if (userId === undefined || !asked) {
      showError(response, 400, 'Nobody has asked for this.');
    } else if (decision !== 'allow') {
      sayNo(instance, response, asked, 'access_denied');
    } else if (!instance.oauth.mayUse(asked.client, userId)) {
      showError(response, 403, 'You may not use this application.');
    } else {
      instance.oauth.consent(asked.client.clientId, userId);
      goBack(instance, response, asked, userId);
    }
  };
}

/** @returns undefined if the client or its redirect URI isn't known */
function read({ oauth }: Instance, request: Pick<Request, 'originalUrl'>): Asked | undefined {
  const query = queryOf(request);
  const client = oauth.clients.get(query['client_id'] ?? '');
  const redirectUri = query['redirect_uri'] ?? '';
  if (!client?.isEnabled || !client.redirectUris.includes(redirectUri)) return undefined;
  const challenge = query['code_challenge'] ?? '';
  const isProof = query['code_challenge_method'] === 'S256' && /^[\w-]{43}$/.test(challenge);
  const problem =
    query['response_type'] !== 'code'
      ? 'unsupported_response_type'
      : query['scope'] !== 'cors_api'
        ? 'invalid_scope'
        : isProof
          ? undefined
          : 'invalid_request';
  return { client, redirectUri, state: query['state'], challenge, problem };
}

function goBack(instance: Instance, response: Response, asked: Asked, userId: string): void {
  const { client, redirectUri, state, challenge } = asked;
  const { clientId } = client;
  const code = instance.oauth.issueCode({ clientId, redirectUri, challenge, userId });
  redirectTo(response, redirectUri, { code, state });
}

function sayNo(instance: Instance, response: Response, asked: Asked, error: string): void {
  if (instance.oauth.behavior.authorizeErrors === 'page') showError(response, 400, error);
  else redirectTo(response, asked.redirectUri, { error, state: asked.state });
}

/** With `&` after the `?`, as in Looker's documentation. */
function redirectTo(
  response: Response,
  redirectUri: string,
  parameters: Readonly<Record<string, string | undefined>>,
): void {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) {
    if (value !== undefined) query.set(name, value);
  }
  response.redirect(302, `${redirectUri}?&${query.toString()}`);
}

function showLogin(response: Response, next: string, problem = ''): void {
  response
    .status(problem ? 401 : 200)
    .type('html')
    .send(
      page(
        'Looker',
        `<h1>Log in to Looker</h1><p role="alert">${problem}</p><form method="post" action="/auth/login">${hidden(next)}<label>Email <input name="email" type="email"></label><label>Password <input name="password" type="password"></label><button>Log In</button></form>`,
      ),
    );
}

function showConsent(
  response: Response,
  next: string,
  { displayName, description }: RegisteredClient,
  who: string,
): void {
  response
    .type('html')
    .send(
      page(
        'Authorize Application',
        `<h1>${escaped(displayName)} wants to use Looker as ${escaped(who)}</h1><p>${escaped(description)}</p><form method="post" action="/auth/decision">${hidden(next)}<button name="decision" value="allow">Allow</button><button name="decision" value="deny">Deny</button></form>`,
      ),
    );
}

function showError(response: Response, status: number, text: string): void {
  response
    .status(status)
    .type('html')
    .send(page('Error', `<h1>Error</h1><p>${escaped(text)}</p>`));
}

function hidden(next: string): string {
  return `<input type="hidden" name="next" value="${escaped(next)}">`;
}

function cookieOf(request: Request): string | undefined {
  return new RegExp(`(?:^|; )${COOKIE}=(\\w+)`).exec(request.headers.cookie ?? '')?.[1];
}

/** A path on this server, whatever was requested. */
function ownPath(next: string): string {
  return /^\/(?![/\\])/.test(next) ? next : '/';
}

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}
