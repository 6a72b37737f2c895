import type { Token } from '../looker/api/token';
import type { Account } from './account';

/** An account and one of its tokens, without anything else that is stored: the credential isn't exposed. */
export interface Session {
  readonly account: Account;
  readonly token: Token;
}
