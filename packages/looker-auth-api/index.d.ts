import type { AuthenticationSession, Disposable } from 'vscode';

/**
 * The workspace of a token: `production`, which everyone sees, or `dev`, the user's own branches (Development Mode). The
 * branch belongs to the user, not to the token.
 */
export type LookerWorkspace = 'production' | 'dev';

/**
 * Selects a session: an instance by its base URL, a user to act as by their ID, or a workspace. No scopes mean the active
 * account.
 */
export type LookerScope =
  `https://${string}` | `http://${string}` | `sudo:${string}` | `workspace:${LookerWorkspace}`;

/**
 * A session of the authentication provider `looker`, as returned by `vscode.authentication.getSession('looker', …)`. Send
 * its token in the header `Authorization: token <accessToken>`.
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
    /** Set if an admin acts as the user. */
    readonly sudo?: { readonly adminUserId: string };
    /** `production`, unless the session was requested with the scope `workspace:dev`. */
    readonly workspace: LookerWorkspace;
  };
}

/** The details of a session. Later versions may add fields. */
export interface SessionDetails {
  readonly baseUrl: string;
  readonly apiVersion: string;
  /** The start of every API URL, such as `https://acme.cloud.looker.com/api/4.0`. */
  readonly apiUrl: string;
  readonly user: LookerPerson;
  /** Set if an admin acts as the user. */
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
 * Why a session changed: its token was replaced before it expired (`renewed`), or because Looker no longer accepted it
 * (`replaced`); Looker refuses to renew it until the user logs in (`refused`); or the account was logged out
 * (`loggedOut`). Later versions may add reasons: treat unknown ones as `renewed`.
 */
export type SessionChangeReason = 'renewed' | 'replaced' | 'refused' | 'loggedOut';

export interface SessionChange {
  /** ID of the session that changed. There is no token here: request the session from VS Code again. */
  readonly sessionId: string;
  readonly reason: SessionChangeReason;
}

/**
 * Version 1 of Looker Auth's exports, in addition to VS Code's sessions. Each function takes a session that VS Code gave
 * out in this window and that counts: its token is the account's current one, or was until a minute ago. Without such a
 * session, an extension learns nothing, not even whether an account exists. After a renewal, request the session from
 * VS Code again, which checks the user's consent, and pass that one.
 */
export interface LookerAuthApi {
  readonly version: 1;

  /** @returns undefined if the session doesn't count, or its account is logged out */
  details(session: AuthenticationSession): SessionDetails | undefined;

  /**
   * Call this after Looker responds with 401: Looker Auth discards the token and replaces it. Then request the session
   * from VS Code again, which checks the user's consent.
   * @throws an Error with a message for the user: why there is no other token, that Looker still accepts this one, or
   *   that the session doesn't count
   */
  reportRejected(session: AuthenticationSession): Promise<void>;

  /**
   * Announces changes to one session while it counts. After `renewed` or `replaced`, subscribe again with the session
   * that VS Code then gives you. Changes to other sessions aren't announced.
   * @throws an Error if the session doesn't count
   */
  onDidChangeSession(
    session: AuthenticationSession,
    listener: (change: SessionChange) => void,
  ): Disposable;
}

/** The exports returned by `vscode.extensions.getExtension('…')?.activate()`. */
export interface LookerAuthExports {
  /** @throws an Error if this version of Looker Auth doesn't have that version of the API */
  getApi(version: 1): LookerAuthApi;
}
