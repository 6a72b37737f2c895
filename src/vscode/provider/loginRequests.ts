import * as l10n from '@vscode/l10n';
import type { Account } from '../../accounts/account';
import type { Accounts } from '../../accounts/accounts';
import { withTimeout } from '../../accounts/withTimeout';
import { KeyedMutex } from '../../accounts/keyedMutex';
import { ExpectedError } from '../../looker/errors/expectedError';
import { withoutUsualPort } from '../../looker/instance/host';
import { formatWait } from '../../looker/numbers';
import { mustLogIn } from '../account/accountState';
import { accountsFor } from './accountsFor';
import { isAnswer } from './isAnswer';
import type { Wanted } from './scopes';

/**
 * Asks the user to log in as an account that fits, until `signal` says that it is no longer needed.
 * @throws CanceledError
 */
export type LoginPrompt = (wanted: Wanted, signal: AbortSignal) => Promise<Account>;

/** How long a login may take that another extension waits for. */
const LONGEST_LOGIN_MS = 5 * 60_000;

/**
 * Whoever asks so soon after another one's login has waited for it: VS Code lets all that is asked of a provider wait
 * for one login (SequencerByKey in extHostAuthentication.ts). No user is that quick.
 */
const SAME_MOMENT_MS = 200;

/** Nobody has answered the prompts for long. They stay open, and an answer still counts as a login. */
class NoAnswerError extends ExpectedError {
  override readonly name = 'NoAnswerError';
  override readonly category = 'loggedOut';
  override readonly verdict = this.message;
  constructor(longestMs: number) {
    super(l10n.t('The login timed out after {0}.', formatWait(longestMs)));
  }
}

/** Logins that other extensions wait for: one prompt at a time, shared by all who want the same. */
export class LoginRequests {
  private readonly underWay = new Map<string, Promise<Account>>();
  private readonly mutex = new KeyedMutex();
  private last: { readonly account: Account; readonly at: number } | undefined;
  private readonly longestMs: number;
  private readonly now: () => number;

  /** @param options for tests, which have less patience */
  constructor(
    private readonly accounts: Accounts,
    private readonly prompt: LoginPrompt,
    options: { readonly longestMs?: number; readonly now?: () => number } = {},
  ) {
    this.longestMs = options.longestMs ?? LONGEST_LOGIN_MS;
    this.now = options.now ?? (() => performance.now());
  }

  /**
   * An account that fits, logged in here, or meanwhile in another window; the one just logged in for somebody else, where
   * that fits.
   * @throws CanceledError; NoAnswerError when the user has walked away, since VS Code lets nobody else ask for
   *   a session meanwhile
   */
  ask(wanted: Wanted): Promise<Account> {
    if (
      this.last &&
      this.now() - this.last.at < SAME_MOMENT_MS &&
      fits(this.last.account, wanted)
    ) {
      return Promise.resolve(this.last.account);
    }
    const instance = wanted.baseUrl && withoutUsualPort(wanted.baseUrl);
    const key = JSON.stringify([instance, wanted.sudoUserId, wanted.account?.id]);
    const underWay = this.underWay.get(key);
    if (underWay) return underWay;
    // Watched for from now on: the prompt of another one may bring the account before it is this one's turn.
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

  private async promptFor(wanted: Wanted, arrival: Promise<Account>): Promise<Account> {
    const abandoned = new AbortController();
    const account = await withTimeout(
      Promise.race([this.prompt(wanted, abandoned.signal), arrival]),
      this.longestMs,
      () => new NoAnswerError(this.longestMs),
    );
    abandoned.abort();
    return account;
  }

  /** An account that fits, is new or has been logged in anew, and is the one that the scopes give. */
  private watchFor(wanted: Wanted): { arrival: Promise<Account>; dispose: () => void } {
    const useless = this.accounts.all().filter(mustLogIn);
    const uselessIds = new Set(useless.map(({ account }) => account.id));
    const arrived = new Set<string>();
    let dispose = () => {
      // Not listening yet.
    };
    const arrival = new Promise<Account>((resolve) => {
      const subscription = this.accounts.onDidChange(({ added, renewed }) => {
        const mended = renewed.filter(({ id }) => uselessIds.has(id));
        for (const account of [...added, ...mended]) {
          if (fits(account, wanted)) arrived.add(account.id);
        }
        // A new account becomes the active one right after it was added. Consent is kept for good, so no other will do.
        const given = wanted.account ? [wanted.account] : accountsFor(this.accounts, wanted);
        const account = given.find(({ id }) => arrived.has(id));
        if (account) resolve(account);
      });
      dispose = () => {
        subscription.dispose();
      };
    });
    return { arrival, dispose };
  }
}

/** Whether a login that was for somebody else will do. Whom to act as is decided in the prompt alone. */
function fits(account: Account, wanted: Wanted): boolean {
  return wanted.sudoUserId === undefined && isAnswer(account, wanted);
}
