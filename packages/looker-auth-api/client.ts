import {
  authentication,
  type AuthenticationGetSessionOptions,
  type AuthenticationGetSessionPresentationOptions,
  Disposable,
  extensions,
} from 'vscode';
import type {
  LookerAuthApi,
  LookerAuthExports,
  LookerScope,
  LookerSession,
  LookerWorkspace,
  SessionDetails,
} from './index';

export type * from './index';

/** Sends requests to Looker as one account, whichever token it has at the time. */
export interface LookerClient {
  /**
   * Like `fetch`, with a path below the API URL, such as `/user`. If Looker rejects the token, it retries once with
   * another one. It doesn't follow redirects, so neither token nor body reaches another host: the response is returned
   * with its status, 301 to 308 (or 0, if VS Code uses Electron's `fetch`).
   * @throws an Error with a message for the user if there is no valid token; a PathError, before anything is sent, if
   *   the path isn't below the API URL
   */
  readonly request: (path: string, init?: RequestInit) => Promise<Response>;
}

/** The path isn't below the API URL. Nothing was sent. */
export class PathError extends Error {
  override readonly name = 'PathError';
  constructor() {
    super('This is not a path below the API URL of Looker, such as "/user". Nothing was sent.');
  }
}

type LogInIfNeeded =
  | { createIfNone: true | AuthenticationGetSessionPresentationOptions }
  | { forceNewSession: true | AuthenticationGetSessionPresentationOptions };

/** The values for {@link lookerScopes}. Omitted ones don't matter. */
export interface Wanted {
  /** Base URL of an instance, such as `https://acme.cloud.looker.com`. */
  readonly instance?: string | undefined;
  /** ID of the user to act as. */
  readonly sudo?: string | number | undefined;
  /** `production` if omitted. */
  readonly workspace?: LookerWorkspace | undefined;
}

/** Creates scopes from values that you know only at runtime. */
export function lookerScopes({ instance, sudo, workspace }: Wanted): LookerScope[] {
  return [
    ...(instance === undefined ? [] : [instance as LookerScope]),
    ...(sudo === undefined ? [] : [`sudo:${String(sudo)}` as const]),
    ...(workspace === undefined ? [] : [`workspace:${workspace}` as const]),
  ];
}

/**
 * `vscode.authentication.getSession('looker', …)`, with types for the scopes and the session. With `createIfNone`, it asks
 * VS Code silently first. Otherwise, VS Code would ask the user again if it prefers an account other than the active one,
 * even if the user has allowed both.
 */
export function lookerSession(
  scopes: readonly LookerScope[],
  options: AuthenticationGetSessionOptions & LogInIfNeeded,
): Promise<LookerSession>;
export function lookerSession(
  scopes: readonly LookerScope[],
  options?: AuthenticationGetSessionOptions,
): Promise<LookerSession | undefined>;
export async function lookerSession(
  scopes: readonly LookerScope[],
  options: AuthenticationGetSessionOptions = {},
): Promise<LookerSession | undefined> {
  const { createIfNone, clearSessionPreference, account } = options;
  const session =
    createIfNone && !clearSessionPreference
      ? await authentication.getSession('looker', scopes, {
          silent: true,
          ...(account && { account }),
        })
      : undefined;
  return (session ?? (await authentication.getSession('looker', scopes, options))) as
    LookerSession | undefined;
}

/** The session with a token that's valid now. Never asks the user. @throws an Error if the session is over */
export async function currentSession({ account, scopes }: LookerSession): Promise<LookerSession> {
  const session = await lookerSession(scopes as readonly LookerScope[], { account, silent: true });
  if (!session)
    throw new Error(`${plainText(account.label)} is logged out, or no longer lets you in.`);
  return session;
}

/** How {@link followActive} follows. */
export interface FollowOptions {
  /** `[]` if omitted: the account that the status bar shows. An instance means its current account. */
  readonly scopes?: readonly LookerScope[];
  /** Whether to add nothing to the Accounts menu if the user hasn't given you access to the account. */
  readonly silent?: boolean;
}

/**
 * Follows the active account. Calls you with its session now, and again whenever the account or the workspace changes.
 * Calls you with undefined while there is none for you: nobody is logged in, or the user hasn't given you access to that
 * account. Doesn't announce renewals: use {@link currentSession} or {@link lookerClient} for a valid token.
 *
 * While no valid token is available for the active account, for example offline, you aren't called, and the last session
 * may be another account's. Compare `session.account` with what you show before you write anything.
 *
 * Opens no dialog. If the user would have to give you access, VS Code says so once in its Accounts menu. `lookerSession`
 * with `createIfNone`, in a command of yours, asks them right away. Their decision is announced here, too.
 */
export function followActive(
  listener: (session: LookerSession | undefined) => void,
  { scopes = [], silent = false }: FollowOptions = {},
): Disposable {
  let told: string | undefined;
  let isDisposed = false;
  let isAsking = false;
  let isStale = false;
  const tell = (session: LookerSession | undefined) => {
    const who = session ? session.id : 'nobody';
    if (who === told) return;
    told = who;
    try {
      listener(session);
    } catch (error) {
      // An error in the listener must not prevent later calls.
      console.error(error);
    }
    if (!session && !silent) void mention(scopes);
  };
  const look = async () => {
    isStale = true;
    if (isAsking) return;
    isAsking = true;
    // Repeats the request if something changed during it.
    while (isStale && !isDisposed) {
      isStale = false;
      const answer = await lookerSession(scopes, { silent: true }).catch(() => 'unknown' as const);
      // While no valid token is available, for example offline, the account is unknown.
      if (answer !== 'unknown' && isCurrent()) tell(answer);
    }
    isAsking = false;
  };
  const isCurrent = () => !isStale && !isDisposed;
  const subscription = authentication.onDidChangeSessions(({ provider }) => {
    if (provider.id === 'looker') void look();
  });
  void look();
  return new Disposable(() => {
    isDisposed = true;
    subscription.dispose();
  });
}

/** Makes VS Code ask for access in its Accounts menu, if there is an account. Never fails. */
async function mention(scopes: readonly LookerScope[]): Promise<void> {
  try {
    const accounts = await authentication.getAccounts('looker');
    if (accounts.length > 0) await authentication.getSession('looker', scopes);
  } catch {
    // The entry in the menu is optional.
  }
}

/** Call this after a 401. @returns the session with another token @throws an Error if there is none */
export async function replaceRejected(session: LookerSession): Promise<LookerSession> {
  const current = await currentSession(session);
  // It was already replaced, perhaps so long ago that Looker Auth no longer knows the old token.
  if (current.accessToken !== session.accessToken) return current;
  const api = await lookerAuthApi();
  if (!api)
    throw new Error(`Looker no longer accepts this token. Renew it in "Looker: Accounts…".`);
  await api.reportRejected(session);
  return currentSession(session);
}

/**
 * The details of the session's account; undefined if the exports aren't available. The exports no longer know a session
 * a minute after its token was replaced, so this requests the current session from VS Code first.
 * @throws an Error if the session is over
 */
export async function lookerDetails(session: LookerSession): Promise<SessionDetails | undefined> {
  const current = await currentSession(session);
  return (await lookerAuthApi())?.details(current);
}

/**
 * Calls you with the new session whenever the token was replaced, and with undefined once there is none for you: the user
 * logged out, or withdrew your access. It asks VS Code each time, so it works even if the exports aren't available.
 */
export function onDidChangeLookerSession(
  { account, scopes, accessToken }: LookerSession,
  listener: (session: LookerSession | undefined) => void,
): Disposable {
  let known: string | undefined = accessToken;
  let isDisposed = false;
  const subscription = authentication.onDidChangeSessions(async ({ provider }) => {
    if (provider.id !== 'looker') return;
    // An error only means that no valid token is available, for example offline. The session isn't over.
    const asked = lookerSession(scopes as readonly LookerScope[], { account, silent: true });
    const answer = await asked.catch(() => 'unknown');
    if (typeof answer === 'string' || isDisposed || answer?.accessToken === known) return;
    known = answer?.accessToken;
    listener(answer);
  });
  return new Disposable(() => {
    isDisposed = true;
    subscription.dispose();
  });
}

/**
 * A name or another text from Looker as plain text, in which VS Code finds no link and no icon. In messages,
 * `[words](command:id)` is a link that runs a command; in labels, the status bar and Markdown, `$(id)` is an icon. For
 * Markdown, which has more syntax, use `MarkdownString.appendText` instead.
 */
export function plainText(text: string): string {
  return text.replaceAll('](', '] (').replaceAll('$(', '$ (');
}

/** A client for the session's account. It gets the token from VS Code for each request. */
export function lookerClient(session: LookerSession): LookerClient {
  return {
    async request(path, init) {
      checkPath(path);
      const current = await currentSession(session);
      const response = await send(current, path, init);
      if (response.status !== 401) return response;
      await response.body?.cancel();
      return send(await replaceRejected(current), path, init);
    },
  };
}

/** The exports of Looker Auth; undefined if it isn't installed, or runs on another machine than your extension. */
export async function lookerAuthApi(): Promise<LookerAuthApi | undefined> {
  const extension = extensions.getExtension<LookerAuthExports>('looker-auth.looker-auth');
  return (await extension?.activate())?.getApi(1);
}

function send({ accessToken, looker }: LookerSession, path: string, init?: RequestInit) {
  const url = `${looker.baseUrl}/api/${looker.apiVersion}${path}`;
  const headers = new Headers(init?.headers);
  headers.set('Authorization', `token ${accessToken}`);
  return fetch(url, { ...init, headers, redirect: 'manual' });
}

/** @throws PathError for a path that `fetch` could resolve to something outside of the API URL */
function checkPath(path: string): void {
  const [way = ''] = path.split(/[?#]/);
  const isPath = /^\/(?!\/)[^\\]*$/.test(way) && !/\p{Cc}/u.test(path);
  const climbs = /(\/|%2f|%5c)(\.|%2e){2}(\/|%2f|%5c|$)/i.test(way);
  if (!isPath || climbs) throw new PathError();
}
