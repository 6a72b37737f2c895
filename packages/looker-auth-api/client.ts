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

/** Asks Looker as one account, whatever becomes of its token meanwhile. */
export interface LookerClient {
  /**
   * Like `fetch`, with a path below the API URL, such as `/user`. Where Looker rejects the token, one more time
   * with another one. No redirect is followed: it comes back as it is (`status` 301 to 308, and 0 where VS Code uses
   * Electron's `fetch`), so that neither token nor body reaches another host.
   * @throws an Error with a sentence for the user where there is no good token; a PathError, before anything is sent,
   *   where the path is not below the API URL
   */
  readonly request: (path: string, init?: RequestInit) => Promise<Response>;
}

/** The path is not one below the API URL. Nothing was sent. */
export class PathError extends Error {
  override readonly name = 'PathError';
  constructor() {
    super('This is not a path below the API URL of Looker, such as "/user". Nothing was sent.');
  }
}

type LogInIfNeeded =
  | { createIfNone: true | AuthenticationGetSessionPresentationOptions }
  | { forceNewSession: true | AuthenticationGetSessionPresentationOptions };

/** What {@link lookerScopes} makes scopes of. What is left out does not matter. */
export interface Wanted {
  /** Base URL of an instance, such as `https://acme.cloud.looker.com`. */
  readonly instance?: string | undefined;
  /** ID of the user to act as. */
  readonly sudo?: string | number | undefined;
  /** `production` where it is left out. */
  readonly workspace?: LookerWorkspace | undefined;
}

/** The scopes for what you want, for values that your extension learns only when it runs. */
export function lookerScopes({ instance, sudo, workspace }: Wanted): LookerScope[] {
  return [
    ...(instance === undefined ? [] : [instance as LookerScope]),
    ...(sudo === undefined ? [] : [`sudo:${String(sudo)}` as const]),
    ...(workspace === undefined ? [] : [`workspace:${workspace}` as const]),
  ];
}

/**
 * `vscode.authentication.getSession('looker', …)`, with types for the scopes and for what the session says of itself.
 * With `createIfNone` VS Code is asked silently first: it would ask the user again where it prefers another account than
 * the one they have made active, though they have allowed both.
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

/** The session as it is now, with a good token. Asks the user nothing. @throws an Error where it is over */
export async function currentSession({ account, scopes }: LookerSession): Promise<LookerSession> {
  const session = await lookerSession(scopes as readonly LookerScope[], { account, silent: true });
  if (!session)
    throw new Error(`${plainText(account.label)} is logged out, or no longer lets you in.`);
  return session;
}

/** How {@link followActive} follows. */
export interface FollowOptions {
  /** `[]` when left out: the account that the status bar shows. An instance here means its current account. */
  readonly scopes?: readonly LookerScope[];
  /** True to leave the Accounts menu alone where the user has not let you have the account. */
  readonly silent?: boolean;
}

/**
 * Follows the account that the user has made active. Tells you its session now, and again whenever it is another
 * account's, or in another workspace; and undefined while there is none for you: nobody is logged in, or the user has not
 * let you have that account. It is not told of renewals: ask with {@link currentSession}, or use {@link lookerClient}.
 *
 * While the active account has no good token to be had, such as offline, you are told nothing, and what you were told
 * last may be another account's: compare `session.account` with what you show before you write.
 *
 * Opens no dialog. Where the user would have to let you have the account, VS Code says so once in its Accounts menu;
 * `lookerSession` with `createIfNone`, in a command of yours, asks them right away. What they say is told here, too.
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
      // What goes wrong there must not keep the next one from being told.
      console.error(error);
    }
    if (!session && !silent) void mention(scopes);
  };
  const look = async () => {
    isStale = true;
    if (isAsking) return;
    isAsking = true;
    // What has changed while VS Code was asked is asked for next.
    while (isStale && !isDisposed) {
      isStale = false;
      const answer = await lookerSession(scopes, { silent: true }).catch(() => 'unknown' as const);
      // Where there is just no good token to be had, such as offline, nobody knows whose session it would be.
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

/** Has VS Code say in its Accounts menu that you want an account, where there is one. Never fails. */
async function mention(scopes: readonly LookerScope[]): Promise<void> {
  try {
    const accounts = await authentication.getAccounts('looker');
    if (accounts.length > 0) await authentication.getSession('looker', scopes);
  } catch {
    // It is only a hint.
  }
}

/** To be called after a 401. @returns the session with another token @throws an Error where there is none */
export async function replaceRejected(session: LookerSession): Promise<LookerSession> {
  const current = await currentSession(session);
  // Replaced already, and perhaps so long ago that Looker Auth does not know the old one any more.
  if (current.accessToken !== session.accessToken) return current;
  const api = await lookerAuthApi();
  if (!api)
    throw new Error(`Looker no longer accepts this token. Renew it in "Looker: Accounts…".`);
  await api.reportRejected(session);
  return currentSession(session);
}

/**
 * What is known of the session's account now; undefined where the exports are out of reach. The exports tell nothing
 * of a session whose token was replaced a minute ago, so this asks VS Code for the session as it is now.
 * @throws an Error where the session is over
 */
export async function lookerDetails(session: LookerSession): Promise<SessionDetails | undefined> {
  const current = await currentSession(session);
  return (await lookerAuthApi())?.details(current);
}

/**
 * Tells you the session's next one whenever its token was replaced, and undefined once there is none for you: the user
 * logged out, or no longer lets you in. VS Code is asked each time, so this works where the exports are out of reach.
 */
export function onDidChangeLookerSession(
  { account, scopes, accessToken }: LookerSession,
  listener: (session: LookerSession | undefined) => void,
): Disposable {
  let known: string | undefined = accessToken;
  let isDisposed = false;
  const subscription = authentication.onDidChangeSessions(async ({ provider }) => {
    if (provider.id !== 'looker') return;
    // Where there is just no good token to be had, such as offline, the session is not over.
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
 * A name, or another text that comes from Looker, in which VS Code finds neither a link nor an icon: in messages
 * `[words](command:id)` is a link that runs a command, and in labels, the status bar and Markdown `$(id)` is an icon. In
 * Markdown there is more to find: use `MarkdownString.appendText` there.
 */
export function plainText(text: string): string {
  return text.replaceAll('](', '] (').replaceAll('$(', '$ (');
}

/** A client for the session's account, whose tokens it takes from VS Code for each request. */
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

/** What Looker Auth exports; undefined where it is not installed, or runs on another machine than you. */
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

/** @throws PathError for what `fetch` reads as something else than a path below the API URL */
function checkPath(path: string): void {
  const [way = ''] = path.split(/[?#]/);
  const isPath = /^\/(?!\/)[^\\]*$/.test(way) && !/\p{Cc}/u.test(path);
  const climbs = /(\/|%2f|%5c)(\.|%2e){2}(\/|%2f|%5c|$)/i.test(way);
  if (!isPath || climbs) throw new PathError();
}
