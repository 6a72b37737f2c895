import * as l10n from '@vscode/l10n';
import type { AuthenticationSessionAccountInformation } from 'vscode';
import type { Account } from '../../accounts/account';
import type { Accounts } from '../../accounts/accounts';
import { needsLogin } from '../../accounts/errors';
import type { Session } from '../../accounts/session';
import { ExpectedError } from '../../looker/errors/expectedError';
import { hostOf, isSameInstance } from '../../looker/instance/host';
import { formatWait } from '../../looker/numbers';
import type { Workspace } from '../../looker/workspace';
import { accountsFor } from './accountsFor';
import { satisfies } from './isAnswer';
import { LoginRequests, type LoginPrompt } from './loginRequests';
import { parseScopes } from './parseScopes';
import { scopesOf, type Wanted } from './scopes';
import { settled } from './settled';
import { PATIENCE } from './patience';

/** The user has logged in, but as somebody for whom the scopes asked for do not hold. */
export class OtherAccountError extends ExpectedError {
  override readonly name = 'OtherAccountError';
  override readonly category = 'input';
  override readonly verdict = this.message;
  /** @param asked the account asked for, if one was */
  constructor({ label }: Account, scopes: readonly string[], asked?: Account) {
    const wanted = [...(asked ? [asked.label] : []), ...scopes];
    super(
      l10n.t("{0} isn't the account that the extension asked for ({1}).", label, wanted.join(' ')),
    );
  }
}

/** A token is on its way, but the instance takes its time. */
class NoAnswerYetError extends ExpectedError {
  override readonly name = 'NoAnswerYetError';
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

/** What extensions ask for, and the login of whoever they ask for. Loaded with the first that asks. */
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
   * The sessions with a good token of those who are logged in, and the workspace they are for. Accounts that need a login
   * first are left out.
   * @param label of the account that is asked for
   * @throws UnknownScopeError; the reason where there is an account, but no good token to be had, or where the secret
   *   storage does not tell who is logged in
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
    const passing = failures.find((failure) => !needsLogin(failure));
    // Offering to log in would be wrong where only the network is away.
    if (sessions.length === 0 && passing) throw passing;
    if (sessions.length === 0 && failures.length < fitting.length) {
      const hosts = new Set(fitting.map(({ baseUrl }) => hostOf(baseUrl)));
      throw new NoAnswerYetError([...hosts], this.patience.inAll);
    }
    return { workspace, sessions };
  }

  /**
   * What to ask the user for: the account, where there is one asked for; else an instance by the URL by which it is known
   * here.
   * @throws UnknownScopeError; OtherAccountError where the scopes do not hold for the account
   */
  wantedOf(scopes: readonly string[], asked?: AuthenticationSessionAccountInformation): Wanted {
    const { accounts } = this;
    const account = asked && this.accountOf(asked);
    const wanted = parseScopes(scopes);
    if (account) {
      if (!satisfies(account, wanted)) throw new OtherAccountError(account, scopes);
      return { ...parseScopes(scopesOf(account, wanted.workspace)), account };
    }
    const { baseUrl } = wanted;
    if (baseUrl === undefined) return wanted;
    const known = [...accounts.list, ...this.remembered].map((each) => each.baseUrl);
    if (known.includes(baseUrl)) return wanted;
    return { ...wanted, baseUrl: known.find((each) => isSameInstance(each, baseUrl)) ?? baseUrl };
  }

  /**
   * The account that is wanted, once its user has logged in. One that needs no login was chosen from VS Code's list of
   * all accounts: it becomes the active one, since whoever names no account gets that one and no other.
   * @throws CanceledError; NoAnswerError; OtherAccountError where the user logs in as somebody else
   */
  async accountFor(wanted: Wanted, scopes: readonly string[]): Promise<Account> {
    const { account } = wanted;
    const chosen = account && (await this.switchTo(account, scopes));
    const loggedIn = chosen ?? (await this.requests.ask(wanted));
    // VS Code would ask for the login again, and again, where it is another account's.
    if (!satisfies(loggedIn, wanted)) throw new OtherAccountError(loggedIn, scopes, account);
    return loggedIn;
  }

  /**
   * Makes an account the active one that is good, but is not among those that the scopes alone give.
   * @returns undefined where its user has to log in first
   * @throws the reason where there is no good token to be had for now
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

  private get remembered(): readonly Account[] {
    return this.accounts.known.map(({ account }) => account);
  }

  /**
   * The account that VS Code names, logged in or remembered. VS Code tells accounts apart by their labels, and takes no
   * other one for the one asked for.
   */
  private accountOf({ id, label }: AuthenticationSessionAccountInformation): Account | undefined {
    const { accounts } = this;
    return (
      [...accounts.list, ...this.remembered].find((account) => account.label === label) ??
      accounts.peek(id)?.account ??
      accounts.whoWas(id)
    );
  }
}
