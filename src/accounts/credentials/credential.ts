import type { Api } from '../../looker/api/lazyLookerApi';
import type { Token } from '../../looker/api/token';
import type { Account } from '../account';
import type { Session } from '../session';

/**
 * A kind of credential: how an account's next token is got with it. There is one file for each kind, and
 * `storedCredential.ts` lists them. The first token comes with the login itself, in `login/logins.ts`.
 * @typeParam Stored what is stored of one
 */
export interface Credential<Stored> {
  /**
   * Whether it gets the next token without the user.
   * @param adminCan whether the credential of the admin's account does, for a sudo account whose admin is logged in
   */
  canRenew(adminCan: boolean): boolean;

  /**
   * Gets a new token, which begins in the `production` workspace.
   * @throws LookerError; LoginNeededError where there is nothing to get one with; CanceledError
   */
  nextToken(stored: Stored, request: TokenRequest): Promise<Grant<Stored>>;

  /**
   * Ends at Looker, after the logout, what is worth something without the account's tokens. Those are revoked beside.
   * @throws LookerError; CanceledError
   */
  end(stored: Stored, api: Api, signal: AbortSignal | undefined): Promise<void>;
}

/** Whom a token is for, and what may be asked to get it. */
export interface TokenRequest {
  readonly account: Account;
  /** Speaks to the account's instance. */
  readonly api: Api;
  /** Does something with a good token of a sudo account's admin. */
  readonly asAdmin: <T>(work: (admin: Session) => Promise<T>) => Promise<T>;
}

/** What a credential has got. */
export interface Grant<Stored> {
  readonly token: Token;
  /** Set where the credential has changed with it: then both are stored in one write, before anybody gets the token. */
  readonly credential?: Stored;
}

/** For a credential that is nothing to Looker without the account's tokens. */
export function nothingToEnd(): Promise<void> {
  return Promise.resolve();
}
