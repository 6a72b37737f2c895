import { Logins } from './login/logins';
import { Logouts } from './login/logouts';
import type { Revocations } from './login/revocations';
import type { KnownAccounts } from './knownAccounts';
import type { AccountBook } from './memory/accountBook';
import type { Failures } from './renewal/failures';
import type { Renewals } from './renewal/renewals';
import { TokenRequests, type TokenRequestsOptions } from './renewal/tokenRequests';

/** What the requests are about. */
export interface RequestsContext {
  readonly book: AccountBook;
  readonly renewals: Renewals;
  readonly failures: Failures;
  readonly knownAccounts: KnownAccounts;
  readonly revocations: Revocations;
}

/** All that is done with accounts at Looker. Loaded with the first of it: most windows have a good token, or no account. */
export class Requests {
  readonly tokens: TokenRequests;
  readonly logins: Logins;
  readonly logouts: Logouts;

  constructor(context: RequestsContext, options: TokenRequestsOptions) {
    const { book, renewals, failures, knownAccounts, revocations } = context;
    this.tokens = new TokenRequests(book, renewals, failures, options, revocations);
    const parts = [
      ...([book, renewals.plans, this.tokens] as const),
      ...([knownAccounts, revocations, options.log] as const),
    ] as const;
    this.logins = new Logins(...parts);
    this.logouts = new Logouts(...parts);
  }
}
