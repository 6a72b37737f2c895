import * as l10n from '@vscode/l10n';
import type { Account } from '../../accounts/account';
import type { Accounts } from '../../accounts/accounts';
import { withTimeout } from '../../base/withTimeout';
import { KeyedMutex } from '../../base/keyedMutex';
import { ExpectedError } from '../../looker/errors/expectedError';
import { withoutUsualPort } from '../../looker/instance/host';
import { formatWait } from '../../looker/numbers';
import { mustLogIn } from '../account/accountState';
import { accountsFor } from './accountsFor';
import { matchesPrompt } from './matches';
import type { SessionRequest } from './scopes';

/**
 * Prompts for a login to a matching account, until `signal` is aborted because it is no longer needed.
 * @throws CanceledError
 */
export type LoginPrompt = (wanted: SessionRequest, signal: AbortSignal) => Promise<Account>;

/** How long a login that another extension waits for may take. */
const LONGEST_LOGIN_MS = 5 * 60_000;

/**
 * A request this soon after another extension's login has waited for it: VS Code handles requests to a provider one
 * after the other (SequencerByKey in extHostAuthentication.ts). No user is that quick.
 */
const SAME_MOMENT_MS = 200;

/** The user hasn't completed the login. The prompts stay open, and completing them is still a login. */
class LoginTimeoutError extends ExpectedError {
  override readonly name = 'LoginTimeoutError';
  override readonly category = 'loggedOut';
  override readonly verdict = this.message;
  constructor(longestMs: number) {
    super(l10n.t('The login timed out after {0}.', formatWait(longestMs)));
  }
}

/** Logins that other extensions wait for: one prompt at a time, shared by all requests for the same. */
export class LoginRequests {
  private readonly underWay = new Map<string, Promise<Account>>();
  private readonly mutex = new KeyedMutex();
  private last: { readonly account: Account; readonly at: number } | undefined;
  private readonly longestMs: number;
  private readonly now: () => number;

  /** @param options shorter limits, for tests */
  constructor(
    private readonly accounts: Accounts,
    private readonly prompt: LoginPrompt,
    options: { readonly longestMs?: number; readonly now?: () => number } = {},
  ) {
    this.longestMs = options.longestMs ?? LONGEST_LOGIN_MS;
    this.now = options.now ?? (() => performance.now());
  }

  /**
   * Returns a matching account once it is logged in, here or in another window. If an account was just logged in for
   * another extension, and matches, it is returned.
   * @throws CanceledError; LoginTimeoutError if the user doesn't complete the login, since VS Code holds up all other
   *   requests in the meantime
   */
  ask(wanted: SessionRequest): Promise<Account> {
    const { account: last, at = -Infinity } = this.last ?? {};
    const isGiven = (account: Account) =>
      fits(account, wanted) && this.givenFor(wanted).some(({ id }) => id === account.id);
    if (last && this.now() - at < SAME_MOMENT_MS && isGiven(last)) {
      return Promise.resolve(last);
    }
    const instance = wanted.baseUrl && withoutUsualPort(wanted.baseUrl);
    const key = JSON.stringify([instance, wanted.sudoUserId, wanted.account?.id]);
    const underWay = this.underWay.get(key);
    if (underWay) return underWay;
    // Listens before its turn comes, since the prompt for another request may bring the account.
    const { arrival, dispose } = this.watchFor(wanted);
    let hasArrived = false;
    void arrival.then(() => {
      hasArrived = true;
    });
    const turn = this.mutex.run('prompt', () =>
      hasArrived ? arrival : this.promptFor(wanted, arrival),
    );
    const request = Promise.race([arrival, turn]).finally(() => {
      dispose();
      this.underWay.delete(key);
    });
    this.underWay.set(key, request);
    void request.then(
      (account) => {
        this.last = { account, at: this.now() };
      },
      () => undefined,
    );
    return request;
  }

  /** The accounts that the request leads to now. VS Code stores consent per account, so it must be one of these. */
  private givenFor(wanted: SessionRequest): readonly Account[] {
    return wanted.account ? [wanted.account] : accountsFor(this.accounts, wanted);
  }

  private async promptFor(wanted: SessionRequest, arrival: Promise<Account>): Promise<Account> {
    const abandoned = new AbortController();
    const account = await withTimeout(
      Promise.race([this.prompt(wanted, abandoned.signal), arrival]),
      this.longestMs,
      () => new LoginTimeoutError(this.longestMs),
    );
    abandoned.abort();
    return account;
  }

  /** Waits for a matching account that is new or was logged in again, and that the request leads to. */
  private watchFor(wanted: SessionRequest): { arrival: Promise<Account>; dispose: () => void } {
    const broken = this.accounts.statuses().filter(mustLogIn);
    const brokenIds = new Set(broken.map(({ account }) => account.id));
    const arrived = new Set<string>();
    let dispose = () => {
      // Not subscribed yet.
    };
    const arrival = new Promise<Account>((resolve) => {
      const subscription = this.accounts.onDidChange(({ added, renewed }) => {
        const repaired = renewed.filter(({ id }) => brokenIds.has(id));
        for (const account of [...added, ...repaired]) {
          if (fits(account, wanted)) arrived.add(account.id);
        }
        // A new account becomes the active one right after it was added.
        const account = this.givenFor(wanted).find(({ id }) => arrived.has(id));
        if (account) resolve(account);
      });
      dispose = () => {
        subscription.dispose();
      };
    });
    return { arrival, dispose };
  }
}

/** Whether another extension's login will do. The user to act as is chosen in the prompt only. */
function fits(account: Account, wanted: SessionRequest): boolean {
  return wanted.sudoUserId === undefined && matchesPrompt(account, wanted);
}
