import type { Token } from '../looker/api/token';
import type { Account } from './account';

/** An account with a token of it, and nothing else of what is stored: its credential stays down here. */
export interface Session {
  readonly account: Account;
  readonly token: Token;
}
