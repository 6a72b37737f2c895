import {
  authentication,
  type AuthenticationGetSessionOptions,
  type AuthenticationGetSessionPresentationOptions,
  extensions,
} from 'vscode';
import type { LookerAuthApi, LookerAuthExports, LookerSession } from './index';

export type * from './index';

/** Asks Looker as one account, whatever becomes of its token meanwhile. */
export interface LookerClient {
  /**
   * Like `fetch`, with a path below the API URL, such as `/user`. Where Looker rejects the token, one more time
   * with another one.
   * @throws an Error with a sentence for the user where there is no good token
   */
  readonly request: (path: string, init?: RequestInit) => Promise<Response>;
}

type LogInIfNeeded =
  | { createIfNone: true | AuthenticationGetSessionPresentationOptions }
  | { forceNewSession: true | AuthenticationGetSessionPresentationOptions };

/** `vscode.authentication.getSession('looker', …)`, with a type for what the session says of itself. */
export function lookerSession(
  scopes: readonly string[],
  options: AuthenticationGetSessionOptions & LogInIfNeeded,
): Promise<LookerSession>;
export function lookerSession(
  scopes: readonly string[],
  options?: AuthenticationGetSessionOptions,
): Promise<LookerSession | undefined>;
export async function lookerSession(
  scopes: readonly string[],
  options?: AuthenticationGetSessionOptions,
): Promise<LookerSession | undefined> {
  const session = await authentication.getSession('looker', scopes, options);
  return session as LookerSession | undefined;
}

/** The session as it is now, with a good token. Asks the user nothing. @throws an Error where it is over */
export async function currentSession({ account, scopes }: LookerSession): Promise<LookerSession> {
  const session = await lookerSession(scopes, { account, silent: true });
  if (!session) throw new Error(`${account.label} is logged out, or no longer lets you in.`);
  return session;
}

/** To be called after a 401. @returns the session with another token @throws an Error where there is none */
export async function replaceRejected(session: LookerSession): Promise<LookerSession> {
  const api = await lookerAuthApi();
  if (!api)
    throw new Error(`Looker no longer accepts this token. Renew it in "Looker: Accounts…".`);
  await api.reportRejected(session);
  return currentSession(session);
}

/** A client for the session's account, whose tokens it takes from VS Code for each request. */
export function lookerClient(session: LookerSession): LookerClient {
  return {
    async request(path, init) {
      const current = await currentSession(session);
      const response = await send(current, path, init);
      if (response.status !== 401) return response;
      await response.body?.cancel();
      return send(await replaceRejected(current), path, init);
    },
  };
}

/** What Looker Auth exports; undefined where it is not installed, or runs on another machine than you. */
export async function lookerAuthApi(): Promise<LookerAuthApi | undefined> {
  const extension = extensions.getExtension<LookerAuthExports>('looker-auth.looker-auth');
  return (await extension?.activate())?.getApi(1);
}

function send({ accessToken, looker }: LookerSession, path: string, init?: RequestInit) {
  const headers = new Headers(init?.headers);
  headers.set('Authorization', `token ${accessToken}`);
  return fetch(`${looker.baseUrl}/api/${looker.apiVersion}${path}`, { ...init, headers });
}
