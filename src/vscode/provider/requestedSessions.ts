import * as l10n from '@vscode/l10n';
import type { AuthenticationSessionAccountInformation } from 'vscode';
import type { Account } from '../../accounts/account';
import type { Accounts } from '../../accounts/accounts';
import { needsLogin } from '../../accounts/errors';
import type { Session } from '../../accounts/session';
import { ExpectedError } from '../../looker/errors/expectedError';
import { hostOf, indexOfInstance } from '../../looker/instance/host';
import { formatWait } from '../../looker/numbers';
import type { Workspace } from '../../looker/workspace';
import { accountsFor } from './accountsFor';
import { matches } from './matches';
import { LoginRequests, type LoginPrompt } from './loginRequests';
import { parseScopes } from './parseScopes';
import { scopesOf, type SessionRequest } from './scopes';
import { settled } from './settled';
import { PATIENCE } from './patience';

/** The user has logged in to an account that doesn't match the request. */
export class OtherAccountError extends ExpectedError {
  override readonly name = 'OtherAccountError';
  override readonly category = 'input';
  override readonly verdict = this.message;
  /** @param asked the requested account, if any */
  constructor({ label }: Account, scopes: readonly string[], asked?: Account) {
    const wanted = [...(asked ? [asked.label] : []), ...scopes];
    super(
      l10n.t("{0} isn't the account that the extension asked for ({1}).", label, wanted.join(' ')),
    );
  }
}

/** The instance hasn't sent a token yet. */
class NoResponseYetError extends ExpectedError {
  override readonly name = 'NoResponseYetError';
  override readonly category = 'transient';
  override readonly verdict = this.message;
  constructor(hosts: readonly string[], waitedMs: number) {
    super(
      l10n.t(
        "{0} didn't respond within {1}. Looker Auth is still waiting; try again in a moment.",
        hosts.join(', '),
        formatWait(waitedMs),
      ),
    );
  }
}

/** Sessions and logins that extensions request. Loaded with the first request. */
export class RequestedSessions {
  private readonly requests: LoginRequests;

  constructor(
    private readonly accounts: Accounts,
    prompt: LoginPrompt,
    private readonly patience = PATIENCE,
  ) {
    this.requests = new LoginRequests(accounts, prompt);
  }

  /**
   * The sessions with a valid token, and their workspace. Accounts that need a login are left out. If the user switches
   * accounts or logs out during the wait, the accounts that fit by then are asked for.
   * @param label label of the requested account
   * @throws UnknownScopeError; the reason if no matching account has a valid token, or if the secret storage can't be
   *   read
   */
  async sessionsFor(
    scopes: readonly string[],
    label: string | undefined,
  ): Promise<{ workspace: Workspace; sessions: readonly Session[] }> {
    const { accounts } = this;
    const wanted = parseScopes(scopes);
    const { workspace = 'production' } = wanted;
    const fitting = accountsFor(accounts, wanted, label);
    if (fitting.length === 0 && accounts.readFailure) throw accounts.readFailure;
    const { sessions, failures } = await settled(
      fitting.map(({ id }) => accounts.session(id, undefined, workspace)),
      this.patience,
    );
    // VS Code gives this result to every request that came in the meantime, too.
    if (!haveSameIds(fitting, accountsFor(accounts, wanted, label))) {
      return this.sessionsFor(scopes, label);
    }
    const passing = failures.find((failure) => !needsLogin(failure));
    // A login wouldn't help if only the network is down.
    if (sessions.length === 0 && passing) throw passing;
    if (sessions.length === 0 && failures.length < fitting.length) {
      const hosts = new Set(fitting.map(({ baseUrl }) => hostOf(baseUrl)));
      throw new NoResponseYetError([...hosts], this.patience.inAll);
    }
    return { workspace, sessions };
  }

  /**
   * What to prompt for: the requested account, or else an instance by its known URL.
   * @throws UnknownScopeError; OtherAccountError if the account doesn't match the scopes
   */
  wantedOf(
    scopes: readonly string[],
    asked?: AuthenticationSessionAccountInformation,
  ): SessionRequest {
    const { accounts } = this;
    const account = asked && this.accountOf(asked);
    const wanted = parseScopes(scopes);
    if (account) {
      if (!matches(account, wanted)) throw new OtherAccountError(account, scopes);
      return { ...parseScopes(scopesOf(account, wanted.workspace)), account };
    }
    const { baseUrl } = wanted;
    if (baseUrl === undefined) return wanted;
    const known = [...accounts.list, ...this.knownAccounts].map((each) => each.baseUrl);
    return { ...wanted, baseUrl: known[indexOfInstance(known, baseUrl)] ?? baseUrl };
  }

  /**
   * The requested account, once its user has logged in. An account that needs no login was chosen from VS Code's list
   * of accounts: it becomes the active one, since extensions that request no account get only that one.
   * @throws CanceledError; LoginTimeoutError; OtherAccountError if the user logs in to another account
   */
  async accountFor(wanted: SessionRequest, scopes: readonly string[]): Promise<Account> {
    const { account } = wanted;
    const chosen = account && (await this.switchTo(account, scopes));
    const loggedIn = chosen ?? (await this.requests.ask(wanted));
    // VS Code would ask for another login again and again.
    if (!matches(loggedIn, wanted)) throw new OtherAccountError(loggedIn, scopes, account);
    return loggedIn;
  }

  /**
   * Activates an account that has a valid token, but isn't one of those for the scopes alone.
   * @returns undefined if its user has to log in first
   * @throws the reason if there is no valid token for now
   */
  private async switchTo(
    account: Account,
    scopes: readonly string[],
  ): Promise<Account | undefined> {
    const { accounts } = this;
    const { id } = account;
    if (accountsFor(accounts, parseScopes(scopes)).some((given) => given.id === id)) {
      return undefined;
    }
    try {
      await accounts.session(id);
    } catch (error) {
      if (needsLogin(error)) return undefined;
      throw error;
    }
    await accounts.activate(id);
    return account;
  }

  private get knownAccounts(): readonly Account[] {
    return this.accounts.known.map(({ account }) => account);
  }

  /**
   * The account that VS Code requests, logged in or remembered. VS Code identifies accounts by label, and accepts no
   * other.
   */
  private accountOf({ id, label }: AuthenticationSessionAccountInformation): Account | undefined {
    const { accounts } = this;
    return (
      [...accounts.list, ...this.knownAccounts].find((account) => account.label === label) ??
      accounts.peek(id)?.account ??
      accounts.remembered(id)
    );
  }
}

function haveSameIds(some: readonly Account[], others: readonly Account[]): boolean {
  return some.map(({ id }) => id).join() === others.map(({ id }) => id).join();
}
