import type { Api } from '../../looker/api/api';
import type { Token } from '../../looker/api/token';
import type { Account } from '../account';
import type { Session } from '../session';

/**
 * A kind of credential: how an account gets its next token. There is one file for each kind, and `storedCredential.ts`
 * lists them. The first token comes from the login itself, in `login/logins.ts`.
 * @typeParam Stored the stored form of the credential
 */
export interface Credential<Stored> {
  /**
   * Whether it gets the next token without the user.
   * @param adminCan whether the admin's credential can, for a sudo account with an admin who is logged in
   */
  canRenew(adminCan: boolean): boolean;

  /**
   * Gets a new token, which starts in the `production` workspace.
   * @throws LookerError; LoginNeededError if there is nothing to get one with; CanceledError
   */
  nextToken(stored: Stored, request: TokenRequest): Promise<Grant<Stored>>;

  /**
   * Revokes on the server, after logout, anything that works without the account's tokens. The tokens are revoked
   * separately.
   * @throws LookerError; CanceledError
   */
  end(stored: Stored, api: Api, signal: AbortSignal | undefined): Promise<void>;
}

/** The account a token is for, and the means to get it. */
export interface TokenRequest {
  readonly account: Account;
  /** The API of the account's instance. */
  readonly api: Api;
  /** Runs work with a valid token of a sudo account's admin. */
  readonly asAdmin: <T>(work: (admin: Session) => Promise<T>) => Promise<T>;
}

/** A new token, and the credential if it changed. */
export interface Grant<Stored> {
  readonly token: Token;
  /** Set if the credential changed as well: both are then stored in one write, before the token is used. */
  readonly credential?: Stored;
}

/** For a credential that Looker doesn't know apart from the account's tokens. */
export function nothingToEnd(): Promise<void> {
  return Promise.resolve();
}
