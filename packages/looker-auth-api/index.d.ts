import type { AuthenticationSession, Disposable } from 'vscode';

/**
 * What one token works in: `production`, which everybody sees, or `dev`, the user's own branches (Development Mode). The
 * branch itself belongs to the user, and not to the token.
 */
export type LookerWorkspace = 'production' | 'dev';

/**
 * What an extension asks of a session: an instance by its base URL, a user who is acted as by their ID, a workspace.
 * No scope at all means the account that the user has made active.
 */
export type LookerScope =
  `https://${string}` | `http://${string}` | `sudo:${string}` | `workspace:${LookerWorkspace}`;

/**
 * A session of the authentication provider `looker`, as `vscode.authentication.getSession('looker', …)` gives
 * it. Its token goes into the header `Authorization: token <accessToken>`.
 */
export interface LookerSession extends AuthenticationSession {
  /** Epoch ms, by the clock of this machine. */
  readonly expiresAt: number;
  readonly looker: {
    /** The instance's origin, such as `https://acme.cloud.looker.com`. */
    readonly baseUrl: string;
    /** `4.0`, `3.1` or `3.0`. */
    readonly apiVersion: string;
    readonly userId: string;
    /** Set where an admin acts as the user. */
    readonly sudo?: { readonly adminUserId: string };
    /** `production`, unless the session was asked for with the scope `workspace:dev`. */
    readonly workspace: LookerWorkspace;
  };
}

/** What is known of a session that you hold. Later versions may add fields. */
export interface SessionDetails {
  readonly baseUrl: string;
  readonly apiVersion: string;
  /** What paths of the API are appended to, such as `https://acme.cloud.looker.com/api/4.0`. */
  readonly apiUrl: string;
  readonly user: LookerPerson;
  /** Set where an admin acts as the user. */
  readonly sudo?: { readonly admin: LookerPerson };
  readonly workspace: LookerWorkspace;
  /** Epoch ms, by the clock of this machine. */
  readonly expiresAt: number;
}

export interface LookerPerson {
  readonly id: string;
  readonly name: string;
  readonly email?: string;
}

/**
 * Why a session changed: its token was replaced ahead of its end (`renewed`), or because Looker no longer
 * accepted it (`replaced`); Looker does not renew it until the user logs in (`refused`); or it is over
 * (`loggedOut`). Later versions may add reasons: treat one you do not know as `renewed`.
 */
export type SessionChangeReason = 'renewed' | 'replaced' | 'refused' | 'loggedOut';

export interface SessionChange {
  /** Id of the session that changed. It carries no token: ask VS Code for the session as before. */
  readonly sessionId: string;
  readonly reason: SessionChangeReason;
}

/**
 * Version 1 of what Looker Auth offers beside VS Code's sessions. Everything asks for a session that VS Code has
 * handed out in this window, and that counts: its token is the account's, or was until a minute ago. Whoever has none
 * learns nothing, not even whether an account exists. When a token is renewed, ask VS Code for the session again,
 * which is where the user's consent is checked, and show that one.
 */
export interface LookerAuthApi {
  readonly version: 1;

  /** @returns undefined for anything that is not a session that counts, or whose account is logged out */
  details(session: AuthenticationSession): SessionDetails | undefined;

  /**
   * To be called when Looker answers 401: that token is given up and replaced. Ask VS Code for the session
   * again afterward, which is where the user's consent is checked.
   * @throws an Error with a sentence for the user: why there is no other token; or that Looker accepts this one; or
   *   that the session does not count
   */
  reportRejected(session: AuthenticationSession): Promise<void>;

  /**
   * Tells of changes to one session, while that counts: after `renewed` or `replaced`, subscribe anew with the
   * session that VS Code gives you then. Nothing is told of others.
   * @throws an Error where the session does not count
   */
  onDidChangeSession(
    session: AuthenticationSession,
    listener: (change: SessionChange) => void,
  ): Disposable;
}

/** What `vscode.extensions.getExtension('…')?.activate()` gives. */
export interface LookerAuthExports {
  /** @throws an Error where this version of Looker Auth does not offer that version of the API */
  getApi(version: 1): LookerAuthApi;
}
