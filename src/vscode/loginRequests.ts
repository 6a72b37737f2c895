import * as l10n from '@vscode/l10n';
import type { Account } from '../accounts/account';
import type { Accounts } from '../accounts/accounts';
import { inTime } from '../accounts/inTime';
import { Turns } from '../accounts/turns';
import { mustLogIn } from './condition';
import { satisfies, type Wanted } from './scopes';

/**
 * Asks the user to log in as an account that fits, until `signal` says that it is no longer needed.
 * @throws CancelledError
 */
export type LoginPrompt = (wanted: Wanted, signal: AbortSignal) => Promise<Account>;

/** How long a log-in may take that another extension waits for. */
const LONGEST_LOGIN_MS = 5 * 60_000;

/** Nobody has answered the prompts for long. They stay open, and an answer still counts as a log-in. */
class NoAnswerError extends Error {
  override readonly name = 'NoAnswerError';
  constructor(longestMs: number) {
    super(l10n.t('Nobody has logged in to Looker within {0} minutes.', longestMs / 60_000));
  }
}

/** Log-ins that other extensions wait for: one prompt at a time, shared by all who want the same. */
export class LoginRequests {
  private readonly underWay = new Map<string, Promise<Account>>();
  private readonly turns = new Turns();

  constructor(
    private readonly accounts: Accounts,
    private readonly prompt: LoginPrompt,
    private readonly longestMs = LONGEST_LOGIN_MS,
  ) {}

  /**
   * An account that fits, logged in here, or meanwhile in another window.
   * @throws CancelledError; NoAnswerError when the user has walked away, since VS Code lets nobody else ask for
   *   a session meanwhile
   */
  ask(wanted: Wanted): Promise<Account> {
    const key = JSON.stringify([wanted.baseUrl, wanted.sudoUserId]);
    const underWay = this.underWay.get(key);
    if (underWay) return underWay;
    // Watched for from now on: the prompt of another one may bring the account before it is this one's turn.
    const { arrival, dispose } = this.watchFor(wanted);
    let hasArrived = false;
    void arrival.then(() => {
      hasArrived = true;
    });
    const turn = this.turns.take('prompt', () =>
      hasArrived ? arrival : this.promptFor(wanted, arrival),
    );
    const request = Promise.race([arrival, turn]).finally(() => {
      dispose();
      this.underWay.delete(key);
    });
    this.underWay.set(key, request);
    return request;
  }

  private async promptFor(wanted: Wanted, arrival: Promise<Account>): Promise<Account> {
    const needless = new AbortController();
    const account = await inTime(
      Promise.race([this.prompt(wanted, needless.signal), arrival]),
      this.longestMs,
      () => new NoAnswerError(this.longestMs),
    );
    needless.abort();
    return account;
  }

  /** An account that fits and is new, or has been logged in anew. Whom to act as is decided in the prompt alone. */
  private watchFor(wanted: Wanted): { arrival: Promise<Account>; dispose: () => void } {
    const fits = (account: Account) =>
      wanted.sudoUserId === undefined && account.sudo === undefined && satisfies(account, wanted);
    const useless = this.accounts.all().filter(mustLogIn);
    const uselessIds = new Set(useless.map(({ account }) => account.id));
    let dispose = () => {
      // Not listening yet.
    };
    const arrival = new Promise<Account>((resolve) => {
      const subscription = this.accounts.onDidChange(({ added, renewed }) => {
        const mended = renewed.filter(({ id }) => uselessIds.has(id));
        const account = [...added, ...mended].find(fits);
        if (account) resolve(account);
      });
      dispose = () => {
        subscription.dispose();
      };
    });
    return { arrival, dispose };
  }
}
