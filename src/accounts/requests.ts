import { Logins } from './login/logins';
import { Logouts } from './login/logouts';
import type { Revocations } from './login/revocations';
import type { KnownAccounts } from './knownAccounts';
import type { AccountBook } from './memory/accountBook';
import type { Failures } from './renewal/failures';
import type { Renewals } from './renewal/renewals';
import { TokenRequests, type TokenRequestsOptions } from './renewal/tokenRequests';

/** What requests read and change. */
export interface RequestsContext {
  readonly book: AccountBook;
  readonly renewals: Renewals;
  readonly failures: Failures;
  readonly knownAccounts: KnownAccounts;
  readonly revocations: Revocations;
}

/**
 * Everything that sends requests to Looker for accounts. Its code is loaded with the first request: most windows have a
 * valid token, or no account.
 */
export class Requests {
  readonly tokenRequests: TokenRequests;
  readonly logins: Logins;
  readonly logouts: Logouts;

  constructor(context: RequestsContext, options: TokenRequestsOptions) {
    const { book, renewals, failures, knownAccounts, revocations } = context;
    const { plans } = renewals;
    const { log } = options;
    const tokenRequests = new TokenRequests(book, renewals, failures, options, revocations);
    this.tokenRequests = tokenRequests;
    this.logins = new Logins(book, plans, tokenRequests, knownAccounts, revocations, log);
    this.logouts = new Logouts(book, plans, tokenRequests, knownAccounts, revocations, log);
  }
}
