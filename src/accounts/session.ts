import type { Token } from '../looker/token';
import type { Account } from './account';

/** An account with a token of it. */
export interface Session {
  readonly account: Account;
  readonly token: Token;
}
