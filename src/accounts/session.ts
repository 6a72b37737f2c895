import type { Token } from '../looker/api/token';
import type { Account } from './account';

/** An account with a token of it. */
export interface Session {
  readonly account: Account;
  readonly token: Token;
}

/** That and nothing else of a record: what is stored with it, such as the API key, stays down here. */
export function sessionOf({ account, token }: Session): Session {
  return { account, token };
}
